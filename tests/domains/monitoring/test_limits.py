"""Limits: in order among themselves, with dead-bands that let an alarm return, in force at once."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
from anlan.domains.monitoring.points.registry import DatabasePointRegistry
from anlan.domains.monitoring.points.rules import DatabaseRuleSource
from anlan.domains.monitoring.points.services import (
    create_limit,
    create_point,
    create_points,
    set_limit,
    set_limits,
    update_limit,
    update_point,
)
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.commands import acting_as
from anlan.platform.http.problems import InvalidFields
from anlan.platform.resources.editing import Stale

LL, L, H, HH = Condition.LOW_LOW, Condition.LOW, Condition.HIGH, Condition.HIGH_HIGH
NO_DATA = Condition.NO_DATA
FOUR = {LL: 10.0, L: 20.0, H: 80.0, HH: 90.0}


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm", limits=FOUR)


def refused_field(work: Any) -> str:
    with as_service("demo"), pytest.raises(InvalidFields) as refused:
        work()
    ((field, message),) = refused.value.errors
    assert message.zh and message.en
    return field


@pytest.mark.parametrize(
    ("kind", "threshold"),
    [(H, 90.0), (H, 95.0), (H, 20.0), (HH, 80.0), (L, 80.0), (L, 10.0), (LL, 20.0), (LL, 20.5), (HH, 5.0)],
)
def test_low_low_low_high_and_high_high_stay_in_order(
    plant: Plant, kind: Condition, threshold: float
) -> None:
    assert (
        refused_field(lambda: set_limit(point_id=plant.point, kind=kind, threshold=threshold)) == "threshold"
    )
    assert (
        refused_field(lambda: update_limit(plant.limits[kind], version=1, changes={"threshold": threshold}))
        == "threshold"
    )


def test_a_limit_out_of_force_does_not_count_for_the_order_until_it_comes_into_force(plant: Plant) -> None:
    with as_service("demo"):
        update_limit(plant.limits[HH], version=1, changes={"enabled": False})
        update_limit(plant.limits[H], version=1, changes={"threshold": 95.0})
    assert (
        refused_field(lambda: update_limit(plant.limits[HH], version=2, changes={"enabled": True}))
        == "threshold"
    )


@pytest.mark.parametrize(
    ("kind", "figures", "field"),
    [
        (H, {"threshold": None}, "threshold"),
        (H, {"threshold": math.nan}, "threshold"),
        (H, {"threshold": math.inf}, "threshold"),
        (H, {"threshold": 80.0, "deadband": -0.1}, "deadband"),
        (H, {"threshold": 80.0, "deadband": math.nan}, "deadband"),
        (H, {"threshold": 80.0, "on_delay_s": -1.0}, "on_delay_s"),
        (H, {"threshold": 80.0, "off_delay_s": math.inf}, "off_delay_s"),
        (H, {"threshold": 80.0, "on_delay_s": 86_401.0}, "on_delay_s"),
        (H, {"threshold": 80.0, "off_delay_s": 1e300}, "off_delay_s"),
        (NO_DATA, {"threshold": 1.0, "on_delay_s": 30.0}, "threshold"),
        (NO_DATA, {}, "on_delay_s"),
    ],
)
def test_figures_that_make_no_limit_are_refused_by_field(
    plant: Plant, kind: Condition, figures: dict[str, Any], field: str
) -> None:
    assert refused_field(lambda: set_limit(point_id=plant.point, kind=kind, **figures)) == field
    if kind is H:
        assert refused_field(lambda: update_limit(plant.limits[H], version=1, changes=figures)) == field


@pytest.mark.parametrize(("kind", "deadband"), [(H, 60.0), (H, 61.0), (HH, 70.0), (L, 60.0), (LL, 75.0)])
def test_a_dead_band_that_reaches_the_other_side_would_keep_the_alarm_for_ever(
    plant: Plant, kind: Condition, deadband: float
) -> None:
    assert (
        refused_field(
            lambda: set_limit(point_id=plant.point, kind=kind, threshold=FOUR[kind], deadband=deadband)
        )
        == "deadband"
    )


def test_a_dead_band_is_bounded_by_the_point_s_range_where_there_is_no_other_limit(db: Any) -> None:
    plant = new_plant("gw", limits={H: 80.0})
    with as_service("demo"):
        set_limit(point_id=plant.point, kind=H, threshold=80.0, deadband=500.0)
        update_point(plant.point, version=1, changes={"range_low": 0.0, "range_high": 100.0})
    assert (
        refused_field(lambda: set_limit(point_id=plant.point, kind=H, threshold=80.0, deadband=80.0))
        == "deadband"
    )
    with as_service("demo"):
        set_limit(point_id=plant.point, kind=H, threshold=80.0, deadband=79.9)


def test_levels_follow_the_condition_unless_somebody_says_otherwise(plant: Plant) -> None:
    with as_service("demo"):
        views = {
            kind: set_limit(point_id=plant.point, kind=kind, threshold=threshold)
            for kind, threshold in FOUR.items()
        }
        silence = set_limit(point_id=plant.point, kind=NO_DATA, on_delay_s=30.0)
        assert [views[kind].level for kind in (HH, H, L, LL)] == ["1", "2", "2", "1"]
        assert silence.level == AlarmLevel.NOTICE
        changed = set_limit(point_id=plant.point, kind=H, threshold=80.0, level=AlarmLevel.FIRST)
        assert (changed.level, changed.number) == (AlarmLevel.FIRST, views[H].number)


def test_a_limit_outside_the_range_is_accepted_and_said_to_be_odd(plant: Plant) -> None:
    with as_service("demo"):
        update_point(plant.point, version=1, changes={"range_low": 0.0, "range_high": 85.0})
        assert set_limit(point_id=plant.point, kind=HH, threshold=90.0).warnings == ("outside_range",)
        assert set_limit(point_id=plant.point, kind=H, threshold=80.0).warnings == ()


def test_one_limit_of_each_kind_and_a_second_is_told_where_the_first_is(plant: Plant) -> None:
    with as_service("demo"), pytest.raises(Conflict) as refused:
        create_limit(point_id=plant.point, kind=H, threshold=70.0)
    assert refused.value.facts == {"field": "kind"} and refused.value.next_step.zh
    with as_service("demo"):
        made = create_limit(point_id=plant.point, kind=NO_DATA, on_delay_s=60.0)
        assert made.version == 1


def test_two_supervisors_at_once_cannot_cross_each_other_s_limits(plant: Plant) -> None:
    from django.db import connection

    def work(kind: Condition, threshold: float) -> str:
        try:
            with as_service("demo"):
                set_limit(point_id=plant.point, kind=kind, threshold=threshold)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()
        return "set"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(work, H, 88.0), pool.submit(work, HH, 85.0)]
        assert sorted(one.result() for one in outcomes) == ["invalid", "set"]


def test_setting_and_changing_at_once_do_not_lock_each_other_out(plant: Plant) -> None:
    """Both take the point first."""
    from django.db import connection

    def work(number: int) -> str:
        try:
            with as_service("demo"):
                if number % 2:
                    set_limit(point_id=plant.point, kind=H, threshold=80.0, note=str(number))
                else:
                    update_limit(plant.limits[H], version=1, changes={"note": str(number)})
        except Stale:
            return "stale"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(work, range(16)))
    assert set(outcomes) <= {"done", "stale"} and outcomes.count("done") >= 8


def test_limits_are_the_supervisors_of_that_place_to_set(plant: Plant) -> None:
    with acting_as(new_principal("hazchem_division", LINGWU)):
        set_limit(point_id=plant.point, kind=H, threshold=79.0)
        update_limit(plant.limits[L], version=1, changes={"threshold": 21.0})
    for role, place, expected in (
        ("duty_officer", LINGWU, Forbidden),
        ("enterprise_technical", LINGWU, Forbidden),
        ("local_bureau", YANCHI, NotFound),
    ):
        with acting_as(new_principal(role, place)):
            with pytest.raises(expected):
                set_limit(point_id=plant.point, kind=H, threshold=1000.0)
            with pytest.raises(expected):
                update_limit(plant.limits[H], version=2, changes={"enabled": False})


def test_point_and_kind_of_a_limit_stay(plant: Plant) -> None:
    for fixed in ({"kind": "HH"}, {"point_id": plant.point}, {"region": YANCHI}):
        with as_service("demo"), pytest.raises(Invalid):
            update_limit(plant.limits[H], version=1, changes=fixed)


# -- what the evaluator is told ----------------------------------------------------------------------------


def test_the_evaluator_s_table_holds_what_is_in_force_and_its_version_follows_every_change(
    plant: Plant,
) -> None:
    source = DatabaseRuleSource()
    first = source.conditions()
    assert first.condition.tolist() == sorted(plant.numbers.values())
    assert first.threshold.tolist() == [10.0, 20.0, 80.0, 90.0]
    versions = [source.version()]
    with as_service("demo"):
        set_limits([LimitSpec(plant.point, H, 80.0, deadband=2.5, on_delay_s=1.5, off_delay_s=0.25)])
        versions.append(source.version())
        set_limit(point_id=plant.point, kind=NO_DATA, on_delay_s=30.0)
        update_limit(plant.limits[LL], version=1, changes={"enabled": False})
        versions.append(source.version())
    now = source.conditions()
    assert len(now.condition) == 4 and plant.numbers[LL] not in now.condition.tolist()
    (at,) = np.flatnonzero(now.condition == plant.numbers[H])
    assert (now.deadband[at], now.on_delay_ms[at], now.off_delay_ms[at]) == (2.5, 1500, 250)
    assert np.isnan(now.threshold[-1]) and now.on_delay_ms[-1] == 30_000
    with as_service("demo"):
        update_point(plant.point, version=1, changes={"enabled": False})
    versions.append(source.version())
    assert len(source.conditions().condition) == 0
    assert versions == sorted(set(versions))


# -- points -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tag": " "}, "tag"),
        ({"tag": "x" * 81}, "tag"),
        ({"name": " "}, "name"),
        ({"unit": "furlong"}, "unit"),
        ({"sampling_s": 0.0}, "sampling_s"),
        ({"sampling_s": math.nan}, "sampling_s"),
        ({"stale_after_s": -1.0}, "stale_after_s"),
        ({"range_low": 5.0, "range_high": 5.0}, "range_high"),
        ({"range_low": math.inf}, "range_high"),
    ],
)
def test_a_point_that_cannot_be_is_refused_by_field(
    plant: Plant, changed: dict[str, Any], field: str
) -> None:
    sound: dict[str, Any] = {"tag": "TI-9", "name": "温度", "unit": "°C", "sampling_s": 1.0}
    assert (
        refused_field(
            lambda: create_point(gateway_id=plant.gateway, kind=PointKind.TEMPERATURE, **{**sound, **changed})
        )
        == field
    )
    if "tag" not in changed and "unit" not in changed:
        assert refused_field(lambda: update_point(plant.point, version=1, changes=changed)) == field


def test_a_tag_is_used_once_in_a_gateway_and_freely_in_another(plant: Plant) -> None:
    other = new_plant("other", limits={})
    spec = PointSpec("TI-101", "温度", "°C", PointKind.TEMPERATURE, 1.0)
    with as_service("demo"):
        with pytest.raises(Conflict) as refused:
            create_points(plant.gateway, [spec])
        assert refused.value.facts["tags"] == ["TI-101"]
        fresh = PointSpec("TI-102", "温度", "°C", PointKind.TEMPERATURE, 1.0)
        with pytest.raises(Conflict):
            create_points(plant.gateway, [fresh, fresh])
        with pytest.raises(Conflict):
            create_points(other.gateway, [spec])
        made = create_points(other.gateway, [fresh])
        assert made[0].number > plant.point_number
        foreign = PointSpec("TI-103", "温度", "°C", PointKind.TEMPERATURE, 1.0, process_unit_id=plant.unit)
    assert refused_field(lambda: create_points(other.gateway, [foreign])) == "process_unit_id"


def test_the_door_s_table_holds_enabled_points_and_every_gateway(plant: Plant) -> None:
    registry = DatabasePointRegistry()
    before = registry.version()
    assert [*zip(registry.points().tag, registry.points().unit, registry.points().gateway, strict=True)] == [
        ("TI-101", "°C", "tank-farm")
    ]
    with as_service("demo"):
        update_point(plant.point, version=1, changes={"enabled": False})
    assert registry.points().tag == [] and registry.version() > before
    assert [one.source for one in registry.gateways()] == ["tank-farm"]
