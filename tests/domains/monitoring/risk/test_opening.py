"""What the screens get: a score opened over HTTP, in both languages, with links to follow."""

from collections.abc import Callable

from tests.domains.monitoring.plant import Plant, raise_alarm
from tests.domains.monitoring.risk.tank_farm import make_first_level, score
from tests.people import LINGWU, NINGXIA
from tests.server.conftest import browser_of, new_person

from anlan.domains.monitoring.risk.states import SubjectKind


def test_a_red_county_opens_to_the_tag_the_minute_and_the_rule(
    plant: Plant, compute: Callable[[float], int]
) -> None:
    make_first_level(plant)
    raise_alarm(plant)
    compute(10)
    officer = browser_of(new_person("duty", "duty_officer", NINGXIA))
    county = score(SubjectKind.COUNTY, LINGWU)
    said = officer.get(f"/api/risk-scores/{county.id}/explanation").json()
    assert said["subject"]["name"] == "灵武市" and said["subject"]["index"] == county.index
    assert [step["kind"] for step in said["path"]] == ["enterprise", "unit"]
    parts = {part["kind"]: part for part in said["path"][-1]["parts"]}
    alarm = parts["alarm"]["alarm"]
    assert (alarm["tag"], alarm["condition"], alarm["limit_id"]) == ("TI-101", "H", str(plant.limits["H"]))
    assert alarm["at"] == "2026-05-28T20:26:40Z"
    assert parts["static"]["title"] == {"zh": "一级重大危险源", "en": "Major hazard, level 1"}
    assert parts["static"]["points"] == 16.0 and parts["static"]["about"]["name"] == "液氨罐区"
    assert {"zh": "雷电信号未接入", "en": "No lightning signal is connected"} in said["path"][-1]["gaps"]
    changes = officer.get("/api/risk-changes", {"score_id": said["path"][-1]["id"]}).json()
    assert changes["total"] == 1 and changes["items"][0]["level"] == "low"


def test_hints_are_about_units_and_say_so(plant: Plant, compute: Callable[[float], int]) -> None:
    compute(0)
    officer = browser_of(new_person("duty", "duty_officer", NINGXIA))
    county = score(SubjectKind.COUNTY, LINGWU)
    answer = officer.get(f"/api/risk-scores/{county.id}/hints")
    assert answer.status_code == 422 and answer.json()["next_step"]["zh"] == "请沿最差的下级打开到单元"
    unit = score(SubjectKind.UNIT, plant.unit)
    assert officer.get(f"/api/risk-scores/{unit.id}/hints").json()["code"] == "history_unavailable"
