"""Rules beyond the four limits: what they need, how they are compiled, which version held when, templates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.domains.monitoring.plant import Plant, new_plant, raise_alarm
from tests.people import YANCHI, as_service, new_principal

from anlan.domains.monitoring.points.calendars import spans, week
from anlan.domains.monitoring.points.contracts import PointSpec, TemplateRule
from anlan.domains.monitoring.points.queries import rule_in_force
from anlan.domains.monitoring.points.rules import DatabaseRuleSource
from anlan.domains.monitoring.points.services import (
    apply_template,
    create_points,
    create_rule,
    set_limit,
    update_limit,
    update_point,
)
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.commands import acting_as, read_scope
from anlan.platform.http.problems import InvalidFields
from anlan.science.signals import Rules, new_state
from anlan.stream.evaluator.memory import rules_of

SHIFT = "1-5 08:00-20:00; 6 22:00-06:00"


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("rules-farm")


@pytest.fixture
def others(plant: Plant) -> list[UUID]:
    """Two more temperatures of the same unit, and a contact that says whether the pump runs."""
    specs = [
        PointSpec("TI-102", "储罐温度二", "°C", PointKind.TEMPERATURE, 1.0, process_unit_id=plant.unit),
        PointSpec("TI-103", "储罐温度三", "°C", PointKind.TEMPERATURE, 1.0, process_unit_id=plant.unit),
        PointSpec("XS-101", "泵运行", "", PointKind.CONTACT, 1.0, process_unit_id=plant.unit),
    ]
    with as_service("demo"):
        return [view.id for view in create_points(plant.gateway, specs)]


def compiled() -> Rules:
    rules = rules_of(DatabaseRuleSource().conditions())
    assert new_state(rules).points >= rules.points
    return rules


def other(rules: Rules, number: int) -> int:
    """Where the figures of a condition beyond the plain ones stand."""
    return int(np.flatnonzero(rules.condition == number)[0]) - rules.limits


def test_a_calendar_is_written_as_days_and_hours_and_may_reach_over_midnight() -> None:
    assert spans("1-2 08:00-20:00") == [(480, 1200), (1920, 2640)]
    minutes = week("7 22:00-06:00")
    assert minutes.sum() == 480 and minutes[9960:].all() and minutes[:360].all()
    assert week("1-7 00:00-24:00").all()


@pytest.mark.parametrize(
    "text", ["8 08:00-09:00", "1 8:00-9:00", "3-1 08:00-09:00", "1 08:00-08:00", ";", "x"]
)
def test_what_is_no_calendar_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        week(text)
    assert "08:00-20:00" in refused.value.errors[0][1].zh


def test_every_kind_of_rule_reaches_the_evaluator_with_its_figures(plant: Plant, others: list[UUID]) -> None:
    with as_service("demo"):
        update_point(plant.point, version=1, changes={"range_low": -20.0, "range_high": 120.0})
        rising = create_rule(point_id=plant.point, kind=Condition.RISING, threshold=2.0, window_s=300)
        apart = create_rule(
            point_id=plant.point,
            kind=Condition.DEVIATION,
            threshold=5.0,
            reference_id=others[0],
            repeat_count=3,
            repeat_window_s=60,
        )
        frozen = create_rule(
            point_id=plant.point, kind=Condition.FROZEN, threshold=0.0, window_s=1800, reference_id=others[2]
        )
        ranged = create_rule(point_id=plant.point, kind=Condition.OUT_OF_RANGE)
        members = [
            create_rule(
                point_id=one,
                kind=Condition.HIGH,
                threshold=60.0,
                silent=True,
                calendar=SHIFT,
                valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            )
            for one in (plant.point, *others[:2])
        ]
        combined = create_rule(
            point_id=plant.point,
            kind=Condition.COMBINED,
            name="三取二",
            needed=2,
            on_delay_s=5,
            members=[view.id for view in members],
        )
    rules = compiled()
    assert rules.window_ms[other(rules, rising.number)] == 300_000
    at = other(rules, apart.number)
    assert (rules.repeat_count[at], rules.repeat_window_ms[at], rules.reference_stale_ms[at]) == (
        3,
        60_000,
        5_000,
    )
    assert rules.needed[other(rules, frozen.number)] == 3
    row = other(rules, ranged.number) + rules.limits
    assert (rules.threshold[row], rules.second[row - rules.limits]) == (-20.0, 120.0)
    at = other(rules, members[0].number)
    assert rules.silent[at + rules.limits] and rules.calendars[rules.calendar[at]].sum() == 5 * 720 + 480
    assert rules.from_ms[at] == 1_767_225_600_000
    at = other(rules, combined.number)
    assert rules.needed[at] == 2 and len(rules.parent) == 3
    assert combined.level == AlarmLevel.FIRST


def test_the_plain_limit_of_a_point_stays_beside_its_silent_one(plant: Plant) -> None:
    with as_service("demo"):
        create_rule(point_id=plant.point, kind=Condition.HIGH, threshold=60.0, silent=True)
        again = set_limit(point_id=plant.point, kind=Condition.HIGH, threshold=82.0)
        assert again.id == plant.limits[Condition.HIGH]
        with pytest.raises(Conflict):
            create_rule(point_id=plant.point, kind=Condition.HIGH, threshold=50.0)


@pytest.mark.parametrize(
    ("kind", "figures", "field"),
    [
        (Condition.RISING, {"threshold": 1.0}, "window_s"),
        (Condition.RISING, {"threshold": -1.0, "window_s": 60}, "threshold"),
        (Condition.HIGH_HIGH, {"threshold": 90.0, "window_s": 60}, "window_s"),
        (Condition.DEVIATION, {"threshold": 1.0}, "reference_id"),
        (Condition.OUT_OF_RANGE, {}, "kind"),
        (Condition.OUT_OF_RANGE, {"threshold": 3.0}, "threshold"),
        (Condition.COMBINED, {}, "members"),
        (Condition.HIGH_HIGH, {"threshold": 90.0, "repeat_count": 3}, "repeat_window_s"),
        (Condition.HIGH_HIGH, {"threshold": 90.0, "repeat_count": 9, "repeat_window_s": 60}, "repeat_count"),
        (
            Condition.RISING,
            {"threshold": 1.0, "window_s": 60, "repeat_count": 2, "repeat_window_s": 9},
            "repeat_count",
        ),
        (Condition.HIGH_HIGH, {"threshold": 90.0, "needed": 2}, "needed"),
        (Condition.NO_DATA, {"on_delay_s": 60, "silent": True}, "silent"),
        (Condition.HIGH_HIGH, {"threshold": 90.0, "calendar": "every day"}, "calendar"),
    ],
)
def test_a_rule_without_what_its_kind_needs_is_refused_by_field(
    plant: Plant, kind: Condition, figures: dict[str, Any], field: str
) -> None:
    with as_service("demo"), pytest.raises(InvalidFields) as refused:
        create_rule(point_id=plant.point, kind=kind, **figures)
    ((named, words),) = refused.value.errors
    assert named == field and words.zh and words.en


def test_a_reference_or_a_member_of_another_enterprise_is_refused(plant: Plant, others: list[UUID]) -> None:
    far = new_plant("far-farm")
    with as_service("demo"):
        with pytest.raises(InvalidFields):
            create_rule(point_id=plant.point, kind=Condition.DEVIATION, threshold=1.0, reference_id=far.point)
        with pytest.raises(InvalidFields):
            create_rule(point_id=plant.point, kind=Condition.DEVIATION, threshold=1.0, reference_id=others[2])
        with pytest.raises(InvalidFields):
            create_rule(
                point_id=plant.point,
                kind=Condition.COMBINED,
                members=[plant.limits[Condition.HIGH], far.limits[Condition.HIGH]],
            )


def test_which_version_of_a_rule_held_when_can_always_be_told(plant: Plant) -> None:
    limit = plant.limits[Condition.HIGH]
    with as_service("demo"):
        before = datetime.now(UTC)
        update_limit(limit, version=1, changes={"threshold": 85.0})
        between = datetime.now(UTC)
        set_limit(point_id=plant.point, kind=Condition.HIGH, threshold=88.0, note="复核")
        after = datetime.now(UTC) + timedelta(seconds=1)
        with read_scope():
            told = [rule_in_force(limit, at) for at in (before, between, after)]
    assert [(one.version, one.figures["threshold"]) for one in told] == [(1, 80.0), (2, 85.0), (3, 88.0)]
    assert told[0].since is None and told[0].until == told[1].since and told[1].until == told[2].since
    assert told[2].until is None
    with (
        acting_as(new_principal("hazchem_division", YANCHI)),
        read_scope(),
        pytest.raises(NotFound),
    ):
        rule_in_force(limit, after)


TANKS = TemplateRule(
    template="test.tanks",
    version=3,
    key="temperature-high",
    family="tanks",
    name=Text("罐温高", "Tank hot"),
    point_kind=PointKind.TEMPERATURE,
    unit="°C",
    condition=Condition.HIGH,
    threshold=70.0,
    deadband=2.0,
    source="本平台取值",
    certainty=Certainty.UNSURE,
)


def test_a_template_sets_its_rules_at_the_points_of_its_kind_and_overrides_stay_visible(
    plant: Plant, others: list[UUID]
) -> None:
    rising = replace(
        TANKS, key="temperature-rising", condition=Condition.RISING, threshold=1.0, deadband=0.0, window_s=600
    )
    with as_service("demo"):
        applied = apply_template(
            [TANKS, rising],
            [plant.point, *others],
            {"temperature-high": {"threshold": 75.0, "deadband": 2.0}},
        )
    assert applied.unmatched == (others[2],)
    assert len(applied.limits) == 6
    high = next(one for one in applied.limits if one.point_id == plant.point and one.kind is Condition.HIGH)
    assert high.id == plant.limits[Condition.HIGH] and high.threshold == 75.0
    assert high.origin is not None
    assert (high.origin.version, high.origin.key, high.origin.overridden) == (
        3,
        "temperature-high",
        ("threshold",),
    )
    with as_service("demo"):
        changed = update_limit(high.id, version=high.version, changes={"on_delay_s": 5.0, "threshold": 75.0})
        assert changed.origin is not None and changed.origin.overridden == ("on_delay_s", "threshold")
        newer = apply_template([replace(TANKS, version=4, threshold=72.0)], [plant.point])
    assert newer.limits[0].origin is not None
    assert (newer.limits[0].threshold, newer.limits[0].origin.version, newer.limits[0].origin.overridden) == (
        72.0,
        4,
        (),
    )


def test_an_override_of_what_the_template_does_not_have_is_refused(plant: Plant) -> None:
    with as_service("demo"):
        for wrong in ({"no-such-row": {}}, {"temperature-high": {"colour": 1}}):
            with pytest.raises(InvalidFields):
                apply_template([TANKS], [plant.point], wrong)


def test_each_partition_has_the_rules_of_its_own_enterprises_and_together_they_have_all(plant: Plant) -> None:
    numbers = [plant, *(new_plant(f"farm-{index}") for index in range(5))]
    whole = DatabaseRuleSource().conditions().condition.tolist()
    halves = [DatabaseRuleSource(part, 2).conditions().condition.tolist() for part in range(2)]
    assert sorted(halves[0] + halves[1]) == whole
    assert {one.numbers[Condition.HIGH] for one in numbers} <= set(whole)


def test_an_alarm_keeps_the_version_of_the_rule_that_raised_it(plant: Plant) -> None:
    from anlan.domains.monitoring.alarms.models import Alarm

    limit = plant.limits[Condition.HIGH]
    with as_service("demo"):
        update_limit(limit, version=1, changes={"threshold": 90.0})
    raise_alarm(plant)
    with as_service("demo"):
        update_limit(limit, version=2, changes={"threshold": 70.0})
        with read_scope():
            alarm = Alarm.objects.get(limit_id=limit)
    assert (alarm.limit_version, alarm.threshold) == (2, 90.0)
