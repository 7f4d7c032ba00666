"""The history of points as apps and people ask for it, on the real store."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
import pyarrow.parquet as pq
import pytest
from tests.domains.monitoring.plant import Plant, cross, new_plant
from tests.domains.monitoring.readings import send
from tests.people import LINGWU, YANCHI, new_principal
from tests.server.conftest import browser_of, new_person

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.services import history as exports
from anlan.kernel.clock import now, to_ms
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_completeness_is_told_of_one_s_own_points_only(db: Any, store: ClickHouseHistorian) -> None:
    ours, theirs = new_plant("ours"), new_plant("theirs", region=YANCHI)
    for plant, kept in ((ours, 3420), (theirs, 3600)):
        send(store, plant.point_number, START, np.arange(kept))
    numbers = [ours.point_number, theirs.point_number]
    with acting_as(new_principal("duty_officer", LINGWU)), read_scope():
        assert history.completeness(numbers, START, START + HOUR) == {ours.point_number: 0.95}
        assert history.completeness([theirs.point_number], START, START + HOUR) == {}


# -- over HTTP -------------------------------------------------------------------

HOUR_ASKED = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-01T01:00:00Z"}


@pytest.fixture
def plants(db: Any, store: ClickHouseHistorian) -> list[Plant]:
    """Two plants of Lingwu with an hour of readings, the second with ten minutes of silence."""
    made = [new_plant("first"), new_plant("second")]
    send(store, made[0].point_number, START, np.arange(3600), np.arange(3600))
    send(store, made[1].point_number, START, [*range(600), *range(1200, 3600)])
    return made


def asks(role: str = "duty_officer", region: str = LINGWU) -> Any:
    return browser_of(new_person(f"{role}-{region}", role, region))


def test_points_are_compared_in_the_same_buckets_each_in_its_own_unit(plants: list[Plant]) -> None:
    first, second = plants
    path = f"/api/points/{first.point}/comparison"
    said = asks().get(path, {**HOUR_ASKED, "with": str(second.point), "width": "100"}).json()
    one, other = said["items"]
    assert (one["id"], other["id"]) == (str(first.point), str(second.point))
    assert one["width_ms"] == other["width_ms"] and not one["time_ms"][1] % one["width_ms"]
    assert len(other["time_ms"]) < len(one["time_ms"]), "no bucket is made up for a silence"
    assert (one["unit"], one["maximum"][-1], other["maximum"][-1]) == ("°C", 3599.0, 0.0)


def test_a_comparison_takes_eight_points_and_none_out_of_sight(plants: list[Plant]) -> None:
    path, browser = f"/api/points/{plants[0].point}/comparison", asks()
    many = ",".join(f"01a21663-e790-7000-9864-c558d92c2f{number:02x}" for number in range(8))
    for given, status in ((many, 422), ("x", 422), (many[:36], 404)):
        assert browser.get(path, {**HOUR_ASKED, "with": given}).status_code == status
    elsewhere = new_plant("elsewhere", region=YANCHI)
    assert browser.get(path, {**HOUR_ASKED, "with": str(elsewhere.point)}).status_code == 404


def test_the_gap_map_names_the_silence_and_what_share_came(plants: list[Plant]) -> None:
    said = asks().get(f"/api/points/{plants[1].point}/gaps", HOUR_ASKED).json()
    start = to_ms(START)
    assert said["gaps"] == [{"start_ms": start + 599_000, "end_ms": start + 1_200_000}]
    assert (said["expected"], said["received"], said["missing"]) == (3600, 3000, 600)
    assert said["completeness"] == pytest.approx(5 / 6)
    assert said["truncated"] is False


def test_the_chart_shows_the_alarms_of_its_time_with_what_was_done(plants: list[Plant]) -> None:
    first, second = plants
    at = to_ms(START) + 600_000
    cross(first, (Condition.HIGH, True, 91.0), (Condition.HIGH, False, 70.0), at_ms=at)
    cross(second, (Condition.HIGH, True, 95.0), at_ms=at - 7 * 86_400_000)
    path, browser = f"/api/points/{first.point}/events", asks()
    (alarm,) = browser.get(path, HOUR_ASKED).json()["items"]
    assert (alarm["source"], alarm["title"]["zh"], alarm["level"]) == ("alarms", "高报", "2")
    assert alarm["at"].startswith("2026-06-01T00:10:00") and alarm["until"].startswith("2026-06-01T00:10:01")
    assert [step["title"]["en"] for step in alarm["steps"]] == ["Raised", "Returned to normal"]
    cross(first, (Condition.HIGH, True, 92.0), at_ms=at + 1_200_000)
    again = browser.get(path, HOUR_ASKED).json()["items"]
    assert [(one["at"][14:19], one["until"] is None) for one in again] == [("10:00", False), ("30:00", True)]
    both = browser.get(path, {**HOUR_ASKED, "with": str(second.point)}).json()["items"]
    assert [event["until"] is None for event in both] == [True, False, True], "what still goes on is shown"
    earlier = {"from": "2026-05-31T23:00:00Z", "to": "2026-06-01T00:00:00Z"}
    assert browser.get(path, earlier).json()["items"] == []


def test_the_chart_shows_the_maintenance_that_was_declared_for_its_point(plants: list[Plant]) -> None:
    from anlan.domains.monitoring.alarms.services import declare_maintenance

    first, second = plants
    starts = now() + HOUR
    with acting_as(new_principal("hazchem_division", LINGWU)):
        for tags in ("TI-101", "TI-999"):
            declare_maintenance(
                enterprise_id=first.enterprise,
                point_tags=tags,
                starts_at=starts,
                ends_at=starts + HOUR,
                reason=f"更换 {tags}",
            )
    asked = {"from": now().isoformat(), "to": (starts + 3 * HOUR).isoformat()}
    (window,) = asks().get(f"/api/points/{first.point}/events", asked).json()["items"]
    assert (window["source"], window["title"]["zh"], window["note"]) == ("maintenance", "检修", "更换 TI-101")
    assert asks("leader").get(f"/api/points/{second.point}/events", asked).json()["items"] == []


def test_an_export_is_one_parquet_file_by_point_and_time_and_on_record(
    plants: list[Plant], superuser: psycopg.Connection
) -> None:
    first, second = plants
    path, browser = f"/api/points/{first.point}/history.parquet", asks()
    answer = browser.get(path, {**HOUR_ASKED, "with": str(second.point)})
    table = pq.read_table(io.BytesIO(b"".join(answer.streaming_content)))
    assert table.column_names == ["point", "tag", "unit", "time", "value", "quality", "arrived"]
    assert table.num_rows == 6600 and set(table["tag"].to_pylist()) == {"TI-101"}
    assert table["time"][1].as_py() == START + timedelta(seconds=1)
    assert table["value"].to_pylist()[:3600] == list(range(3600))
    recorded = superuser.execute(
        "SELECT outcome, arguments::text FROM commands_command WHERE verb = 'points.export_history'"
    ).fetchall()
    assert [outcome for outcome, _ in recorded] == ["done"]
    assert str(first.point) in recorded[0][1] and str(second.point) in recorded[0][1]


def test_an_export_needs_its_permission_and_has_a_limit(
    plants: list[Plant], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/points/{plants[0].point}/history.parquet"
    refused = asks("enterprise_operator").get(path, HOUR_ASKED)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    monkeypatch.setattr(exports, "MAX_READINGS", 3599)
    too_many = asks().get(path, HOUR_ASKED)
    assert (too_many.status_code, too_many.json()["code"]) == (422, "too_many_readings")
