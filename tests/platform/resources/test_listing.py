"""Lists: narrowed, searched, sorted and paged by what is declared, in the county's own sight, and exported whole."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.domains.monitoring.plant import HIGH_80, MS, Plant, cross, new_plant
from tests.people import LINGWU, YANCHI, YINCHUAN, as_service
from tests.server.conftest import browser_of, new_person

from anlan.kernel.clock import from_ms
from anlan.kernel.levels import Condition
from anlan.platform.resources import registered


@pytest.fixture
def plants(db: Any) -> dict[str, Plant]:
    """Three plants with alarms: two at Lingwu, one of them with both limits crossed, one at Yanchi."""
    made = {
        "alpha": new_plant("alpha", limits={**HIGH_80, Condition.HIGH_HIGH: 90.0}),
        "beta": new_plant("beta"),
        "gamma": new_plant("gamma", region=YANCHI),
    }
    cross(made["alpha"], (Condition.HIGH, True, 85.0), (Condition.HIGH_HIGH, True, 95.0))
    cross(made["beta"], (Condition.HIGH, True, 81.0), at_ms=MS + 60_000)
    cross(made["gamma"], (Condition.HIGH, True, 82.0), at_ms=MS + 120_000)
    return made


@pytest.fixture
def leader(db: Any) -> Any:
    return browser_of(new_person("leader", "leader", "640000"))


def found(browser: Any, path: str = "alarms", **query: object) -> list[str]:
    """Who and what each row is about, in the order of the list."""
    answer = browser.get(f"/api/{path}", query)
    assert answer.status_code == 200, answer.content
    rows = answer.json()["items"]
    return [f"{row['enterprise_name'].removesuffix('化工')} {row['condition']}" for row in rows]


ALL = {"alpha H", "alpha HH", "beta H", "gamma H"}


def test_each_filter_narrows_and_several_narrow_together(plants: dict[str, Plant], leader: Any) -> None:
    assert set(found(leader)) == ALL
    assert set(found(leader, level="1")) == {"alpha HH"}
    assert set(found(leader, level="1,2")) == ALL
    assert set(found(leader, condition="H", region=LINGWU)) == {"alpha H", "beta H"}
    assert set(found(leader, region=YINCHUAN)) == {"alpha H", "alpha HH", "beta H"}
    assert set(found(leader, region=f"{YANCHI},640200")) == {"gamma H"}
    assert set(found(leader, region="640000")) == ALL
    assert set(found(leader, enterprise_id=plants["beta"].enterprise)) == {"beta H"}
    assert set(found(leader, point_id=f"{plants['alpha'].point},{plants['gamma'].point}")) == {
        "alpha H",
        "alpha HH",
        "gamma H",
    }
    assert found(leader, exercise="true") == [] and set(found(leader, exercise="false")) == ALL


def test_the_limits_of_an_enterprise_are_those_of_its_points(plants: dict[str, Plant], leader: Any) -> None:
    said = leader.get("/api/limits", {"enterprise_id": plants["alpha"].enterprise}).json()
    assert {row["id"] for row in said["items"]} == {str(one) for one in plants["alpha"].limits.values()}


def test_a_span_of_time_includes_its_start_and_leaves_its_end_out(
    plants: dict[str, Plant], leader: Any
) -> None:
    at = from_ms(MS + 60_040)
    just_after = (at + timedelta(milliseconds=1)).isoformat()
    assert found(leader, arrived_at_from=at.isoformat(), arrived_at_to=just_after) == ["beta H"]
    assert "beta H" not in found(leader, arrived_at_to=at.isoformat())
    assert leader.get("/api/alarms", {"arrived_at_from": "2026-05-01T00:00:00"}).status_code == 422


def test_each_word_of_a_search_must_occur_somewhere(plants: dict[str, Plant], leader: Any) -> None:
    assert set(found(leader, q="ALPHA")) == {"alpha H", "alpha HH"}
    assert set(found(leader, q="储罐 gamma")) == {"gamma H"}
    assert found(leader, q="alpha gamma") == []
    for harmless in ("%", "_", "\\", "'; DROP TABLE alarms_alarm; --"):
        assert found(leader, q=harmless) == []
    assert leader.get("/api/alarms", {"q": "x" * 101}).status_code == 422


def test_sorting_by_declared_columns_both_ways_and_several(plants: dict[str, Plant], leader: Any) -> None:
    assert found(leader, sort="-raised_at") == ["gamma H", "beta H", "alpha HH", "alpha H"]
    assert found(leader, sort="level,-raised_at") == ["alpha HH", "gamma H", "beta H", "alpha H"]
    assert found(leader) == found(leader, sort="-arrived_at"), "the newest first unless told otherwise"
    for refused in ("note", "-", "raised_at,", "region"):
        assert leader.get("/api/alarms", {"sort": refused}).status_code == 422, refused


def test_pages_neither_overlap_nor_leave_out_even_among_equals(db: Any, leader: Any) -> None:
    from anlan.domains.monitoring.points.contracts import PointSpec
    from anlan.domains.monitoring.points.services import create_points
    from anlan.domains.monitoring.points.states import PointKind

    plant = new_plant("gw", limits={})
    specs = [PointSpec(f"T-{n}", "同名", "°C", PointKind.TEMPERATURE, 1.0) for n in range(24)]
    with as_service("demo"):
        create_points(plant.gateway, specs)
    seen: list[str] = []
    for page in range(1, 6):
        answer = leader.get("/api/points", {"sort": "name", "size": 6, "page": page}).json()
        assert (answer["total"], answer["page"], answer["size"]) == (25, page, 6)
        seen += [row["tag"] for row in answer["items"]]
    assert len(seen) == len(set(seen)) == 25
    beyond = leader.get("/api/points", {"size": 6, "page": 9}).json()
    assert (beyond["items"], beyond["total"]) == ([], 25)


def test_count_and_export_tell_of_the_same_rows_as_the_list(plants: dict[str, Plant], leader: Any) -> None:
    for query in ({}, {"level": "1"}, {"region": LINGWU}, {"q": "gamma"}):
        listed = leader.get("/api/alarms", query).json()
        assert (
            leader.get("/api/alarms/count", query).json()["total"] == listed["total"] == len(listed["items"])
        )
        text = leader.get("/api/alarms/export.csv", query).content.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) == listed["total"] + 2


def test_an_export_reads_as_the_screen_does_in_words_and_beijing_time(
    plants: dict[str, Plant], leader: Any
) -> None:
    text = leader.get("/api/alarms/export.csv", {"q": "beta"}).content.decode("utf-8-sig")
    as_of, titles, row = list(csv.reader(io.StringIO(text)))
    said = dict(zip(titles, row, strict=True))
    assert as_of[0] == "数据时间（北京时间）"
    assert datetime.strptime(as_of[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert (said["级别"], said["状态"], said["类型"], said["行政区划"]) == (
        "二级报警",
        "报警",
        "高报",
        "灵武市",
    )
    assert (said["报警值"], said["限值"], said["单位"], said["演练"]) == ("81.0", "80.0", "°C", "否")
    raised = from_ms(MS + 60_000) + timedelta(hours=8)
    assert said["报警时间（北京时间）"] == raised.strftime("%Y-%m-%d %H:%M:%S")
    assert said["恢复时间（北京时间）"] == "" and said["原因"] == ""
    english = leader.get("/api/alarms/export.csv", {"q": "beta"}, HTTP_ACCEPT_LANGUAGE="en-GB").content
    assert b"Level 2 alarm" in english and b"Lingwu" in english


def test_an_export_of_too_many_rows_is_refused_not_cut_off(
    plants: dict[str, Plant], leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.platform.resources import routes

    monkeypatch.setattr(routes, "MAX_ROWS", 3)
    refused = leader.get("/api/alarms/export.csv")
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_rows")
    assert leader.get("/api/alarms/export.csv", {"region": LINGWU}).status_code == 200


def test_reading_in_one_county_lends_no_sight_of_another_grant_s(plants: dict[str, Plant]) -> None:
    """Duty officer at Lingwu, and at Yanchi something that reads no alarms: row security alone would show both."""
    from tests.people import grant

    person = new_person("both", "duty_officer", LINGWU)
    grant(person.id, "storekeeper", YANCHI)
    browser = browser_of(person)
    assert set(found(browser)) == ALL - {"gamma H"}
    assert browser.get("/api/alarms/count").json()["total"] == 3


def test_text_loses_the_spaces_around_it_before_its_length_counts(db: Any) -> None:
    plant = new_plant("gw")
    bureau = browser_of(new_person("bureau", "local_bureau", LINGWU))
    path = f"/api/enterprises/{plant.enterprise}"
    blank = bureau.patch(path, {"version": 1, "name": "   "}, "application/json")
    assert blank.status_code == 422 and blank.json()["errors"][0]["field"] == "name"
    kept = bureau.patch(path, {"version": 1, "name": "  新名  "}, "application/json")
    assert kept.json()["name"] == "新名"
    unusable = bureau.patch(path, {"version": 2, "name": "新\x00名"}, "application/json")
    assert (unusable.status_code, unusable.json()["code"]) == (422, "invalid")


def test_a_change_that_the_database_would_refuse_is_told_by_field_not_as_our_failure(db: Any) -> None:
    plant = new_plant("gw", limits={Condition.HIGH: 80.0, Condition.LOW: 20.0})
    bureau = browser_of(new_person("bureau", "local_bureau", LINGWU))
    for path, change, field in (
        (f"/api/limits/{plant.limits[Condition.HIGH]}", {"threshold": None}, "threshold"),
        (f"/api/limits/{plant.limits[Condition.HIGH]}", {"threshold": 10}, "threshold"),
        (f"/api/limits/{plant.limits[Condition.HIGH]}", {"deadband": 70}, "deadband"),
        (f"/api/points/{plant.point}", {"range_low": 9, "range_high": 1}, "range_high"),
    ):
        answer = bureau.patch(path, {"version": 1, **change}, "application/json")
        assert answer.status_code == 422, answer.content
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_every_list_of_the_product_sorts_by_all_that_it_says_it_sorts_by(
    plants: dict[str, Plant],
) -> None:
    browser = browser_of(new_person("science", "science_division", "640000"))
    asked = 0
    for resource in registered():
        for column in resource.columns:
            if column.sortable:
                for sort in (column.field, f"-{column.field}"):
                    answer = browser.get(f"/api/{resource.plural}", {"sort": sort})
                    assert answer.status_code == 200, f"{resource.plural} {sort}: {answer.content!r}"
                    asked += 1
    assert asked > 20
