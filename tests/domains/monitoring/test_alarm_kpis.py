"""Key figures of alarm management worked out by hand, and the monthly report that keeps them."""

from datetime import timedelta
from typing import Any

import pytest
from tests.domains.monitoring.plant import HIGH_80, Plant, new_plant
from tests.domains.monitoring.test_alarm_floods import Evaluator, limits_of
from tests.domains.monitoring.test_alarm_hygiene import (
    HOUR,
    MINUTE,
    NOON,
    H,
    alarms,
    at,
    goes,
    officer,
    window,
)
from tests.people import LINGWU, PINGLUO, YANCHI, as_service, new_principal

from anlan.domains.monitoring.alarms.kpis import Period, bad_actors, figures_by, live_alarms, references
from anlan.domains.monitoring.alarms.models import AlarmKpi, AlarmReport
from anlan.domains.monitoring.alarms.reports import html_of, markdown_of
from anlan.domains.monitoring.alarms.services import confirm_alarm, make_alarm_report
from anlan.domains.monitoring.alarms.states import Cause, Dimension
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.levels import Condition
from anlan.kernel.validation import Certainty
from anlan.platform.commands import Principal, acting_as, read_scope

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm", limits=HIGH_80)


@pytest.fixture
def hour(plant: Plant) -> Principal:
    """An hour: twelve alarms at once of which two stay, one that flutters four times; two are confirmed."""
    limits, evaluator = limits_of(plant, 12, Condition.HIGH), Evaluator()
    evaluator.finds(limits, True, NOON + MINUTE)
    evaluator.finds(limits[:10], False, NOON + 6 * MINUTE)
    for flip in range(4):
        goes(plant, NOON + 25 * MINUTE + flip * 10 * SECOND, (H, True, 81.0))
        goes(plant, NOON + 25 * MINUTE + (flip * 10 + 5) * SECOND, (H, False, 79.0))
    person = officer()
    for limit, later in zip(limits, (MINUTE, 3 * MINUTE), strict=False):
        with at(NOON + MINUTE + later), acting_as(person):
            confirm_alarm(alarms(limit_number=limit)[0].id, cause=Cause.REAL)
    return person


def figures(dimension: Dimension, until: timedelta = HOUR) -> list[Any]:
    with as_service("demo"), read_scope():
        return figures_by(dimension, live_alarms(), Period(NOON, NOON + until), DAY)


def test_the_figures_of_an_hour_are_those_worked_out_by_hand(hour: Principal) -> None:
    (whole,) = figures(Dimension.WHOLE)
    assert (whole.announced, whole.quieted, whole.peak_in_10_min) == (14, 2, 12)
    assert whole.average_per_10_min == pytest.approx(14 / 6)
    assert (whole.flood_share, whole.flood_minutes) == (pytest.approx(100 / 6), 10)
    assert (whole.standing, whole.stale, whole.chattering, whole.fleeting) == (2, 0, 1, 1)
    assert (whole.acknowledged, whole.acknowledge_median_s) == (2, pytest.approx(120.0))
    assert whole.acknowledge_p90_s == pytest.approx(168.0)
    assert whole.levels == {"1": 0, "2": 14, "3": 0} and whole.first_level_share == 0.0


def test_the_standing_and_the_stale_are_those_at_the_end_of_the_period(hour: Principal) -> None:
    (at_five,) = figures(Dimension.WHOLE, 5 * MINUTE)
    assert (at_five.standing, at_five.announced) == (12, 12)
    (next_day,) = figures(Dimension.WHOLE, 2 * DAY)
    assert (next_day.standing, next_day.stale) == (2, 2)


def test_subjects_are_told_apart_and_together_make_the_whole(hour: Principal) -> None:
    assert [(row.name, row.announced) for row in figures(Dimension.ENTERPRISE)] == [("tank-farm化工", 14)]
    assert [(row.name, row.announced) for row in figures(Dimension.UNIT)] == [("tank-farm化工 罐区", 14)]
    assert [(row.name, row.announced) for row in figures(Dimension.COUNTY)] == [(LINGWU, 14)]
    operators = {row.name: row for row in figures(Dimension.OPERATOR)}
    assert {name: row.announced for name, row in operators.items()} == {"": 12, hour.name: 2}
    assert operators[hour.name].acknowledged == 2 and operators[""].acknowledge_median_s is None


def test_the_worst_actor_is_the_one_that_flutters(hour: Principal) -> None:
    with as_service("demo"), read_scope():
        actors = bad_actors(live_alarms(), Period(NOON, NOON + HOUR))
    assert len(actors) == 10
    worst = actors[0]
    assert (worst.tag, worst.activations, worst.share, worst.chattering) == ("TI-101", 4, 25.0, True)


def test_what_maintenance_kept_silent_is_counted_but_not_announced(plant: Plant) -> None:
    window(plant)
    goes(plant, NOON + MINUTE, (H, True, 81.0))
    (whole,) = figures(Dimension.WHOLE)
    assert (whole.announced, whole.quieted, whole.standing, whole.peak_in_10_min) == (0, 1, 1, 0)
    with as_service("demo"), read_scope():
        assert bad_actors(live_alarms(), Period(NOON, NOON + HOUR)) == []


def test_no_guide_s_value_is_given_out_as_sure(db: Any) -> None:
    with as_service("demo"), read_scope():
        said, _ = references()
    assert {one.certainty for one in said} == {Certainty.PROBABLE} and all(one.source for one in said)


def test_another_county_has_no_part_in_the_figures(hour: Principal) -> None:
    with acting_as(new_principal("duty_officer", YANCHI)), read_scope():
        assert figures_by(Dimension.WHOLE, live_alarms(), Period(NOON, NOON + HOUR), DAY) == []


# -- the monthly report -----------------------------------------------------------------------------------


def report_of(number: str) -> AlarmReport:
    with as_service("demo"), read_scope():
        return AlarmReport.objects.get(number=number)


def test_a_report_is_numbered_kept_and_printed_again_as_it_was(hour: Principal, plant: Plant) -> None:
    division = officer("hazchem_division")
    with at(NOON + HOUR), acting_as(division):
        make_alarm_report(month="2026-11", region=LINGWU)
    report = report_of("AL-640181-202611-01")
    text = markdown_of(report.facts, report.number)
    assert "灵武市 2026-11 报警分析" in text and "Analysis of alarms" in text
    assert "| 告知次数 / Announced | 14 | — |" in text
    assert "（EEMUA 191；ISA-18.2；很可能 / probable）" in text
    assert report.manifest["tables"]["alarm_behaviour"].startswith("v1") and len(report.digest) == 64
    page = html_of(report.facts, report.number)
    assert page.startswith("<!doctype html>") and "<script" not in page
    goes(plant, NOON + 2 * HOUR, (H, True, 81.0))
    with at(NOON + 3 * HOUR), acting_as(division):
        make_alarm_report(month="2026-11", region=LINGWU)
    again = report_of("AL-640181-202611-01")
    assert markdown_of(again.facts, again.number) == text
    second = report_of("AL-640181-202611-02")
    assert second.facts["rows"]["whole"][0]["announced"] == 15
    with as_service("demo"), read_scope():
        rows = AlarmKpi.objects.filter(report=report)
        assert {row.dimension for row in rows} == {one.value for one in Dimension}
        assert rows.get(dimension="county").name == "灵武市"


def test_words_from_outside_cannot_break_the_page(hour: Principal) -> None:
    with at(NOON + HOUR), as_service("demo"):
        make_alarm_report(month="2026-11", region=LINGWU)
    facts = report_of("AL-640181-202611-01").facts
    facts["rows"]["enterprise"][0]["name"] = "<script>alert(1)</script> | x"
    assert "<script>" not in html_of(facts, "n")
    assert "｜ x" in markdown_of(facts, "n")


@pytest.mark.parametrize("month", ["2026-13", "11/2026", "2027-01", ""])
def test_what_is_no_month_or_has_not_begun_is_refused(db: Any, month: str) -> None:
    with at(NOON), acting_as(officer("hazchem_division")), pytest.raises(Invalid):
        make_alarm_report(month=month, region=LINGWU)


def test_a_quiet_month_and_a_division_that_is_not_one_s_own(db: Any) -> None:
    with at(NOON), acting_as(officer("local_bureau")):
        make_alarm_report(month="2026-11", region=LINGWU)
        with pytest.raises(Forbidden):
            make_alarm_report(month="2026-11", region=PINGLUO)
        with pytest.raises(Invalid):
            make_alarm_report(month="2026-11", region="999999")
    report = report_of("AL-640181-202611-01")
    assert "本期没有报警" in markdown_of(report.facts, report.number)
