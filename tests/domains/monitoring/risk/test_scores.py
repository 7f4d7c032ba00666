"""Scores that one can open: what they are made of, how they climb, when they fall, who sees them."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
from tests.domains.monitoring.plant import MS, Plant, cross, new_plant, raise_alarm
from tests.domains.monitoring.risk.tank_farm import FIRST, add_points, changes, make_first_level, score
from tests.people import LINGWU, NINGXIA, PINGLUO, YANCHI, YINCHUAN, as_service, new_principal

from anlan.domains.monitoring.alarms.crossings import Crossing
from anlan.domains.monitoring.alarms.services import apply_crossings, close_alarm, confirm_alarm
from anlan.domains.monitoring.alarms.states import Cause
from anlan.domains.monitoring.points.services import upsert_latest
from anlan.domains.monitoring.risk.models import RiskChange, RiskScore
from anlan.domains.monitoring.risk.queries import explain
from anlan.domains.monitoring.risk.services import compute_scores, compute_when_due
from anlan.domains.monitoring.risk.states import Override, PartKind, SubjectKind
from anlan.domains.monitoring.risk.tables import WEIGHTS
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as
from anlan.platform.provenance.models import Run
from anlan.platform.standards.queries import CHINA

H, HH = Condition.HIGH, Condition.HIGH_HIGH
UNIT, ENTERPRISE, COUNTY = SubjectKind.UNIT, SubjectKind.ENTERPRISE, SubjectKind.COUNTY

Compute = Callable[..., int]
_sequences = count(1000)


def raise_limits(*limits: int, at_ms: int = MS, value: float = 25.0) -> None:
    with as_service("evaluator"):
        apply_crossings(
            0, next(_sequences), [Crossing(limit, True, at_ms, at_ms + 40, value) for limit in limits]
        )


def latest(point_number: int, value: float, *, minutes: float = 0.0) -> None:
    at = np.array([MS + int(60_000 * minutes)], np.int64)
    with transaction_as(service_principal("evaluator")):
        upsert_latest(np.array([point_number], np.int32), at, at, np.array([value]), np.array([0], np.uint8))


def close_all(plant: Plant) -> None:
    """The condition returns, somebody confirms and closes: what stood open no longer does."""
    from anlan.domains.monitoring.alarms.models import Alarm

    cross(plant, (HH, False, 60.0), at_ms=MS + 60_000)
    with acting_as(new_principal("duty_officer", NINGXIA)):
        with read_scope():
            ids = list(Alarm.objects.exclude(state="closed").values_list("id", flat=True))
        for id in ids:
            confirm_alarm(id, cause=Cause.INSTRUMENT_FAULT)
            close_alarm(id)


def test_an_alarm_is_worth_what_its_kind_severity_age_and_number_say(plant: Plant, compute: Compute) -> None:
    cross(plant, (HH, True, 95.0))
    latest(plant.point_number, 95.0, minutes=30)
    compute(30)
    found = score(UNIT, plant.unit)
    # w 0.7 · L 2 · T min(1 + 30/30, 3) = 2 · N 1 gives 2.8: 45·(1 − e^(−2.8/5))
    assert found.index == pytest.approx(45.0 * (1.0 - np.exp(-0.56)), abs=0.005)
    (part,) = found.parts
    assert (part["kind"], part["tag"], part["condition"], part["threshold"]) == (
        "alarm",
        "TI-101",
        "HH",
        90.0,
    )
    assert (part["at"], part["open_min"], part["raises"]) == (FIRST.isoformat(), 30.0, 1)
    assert (part["weight"], part["severity"]) == (0.7, 2.0)


def test_a_score_opens_from_the_region_down_to_point_minute_and_rule(plant: Plant, compute: Compute) -> None:
    make_first_level(plant)
    raise_alarm(plant)
    compute(10)
    region = score(SubjectKind.REGION, NINGXIA)
    with acting_as(new_principal("duty_officer", NINGXIA)), read_scope():
        path = explain(region.id).path
    assert [step.kind for step in path] == ["region", "city", "county", "enterprise", "unit"]
    parts = {part["kind"]: part for part in path[-1].parts}
    assert parts["alarm"]["tag"] == "TI-101" and parts["alarm"]["limit_id"] == str(plant.limits[H])
    assert parts["static"]["about"]["level"] == "1" and parts["static"]["points"] == 16.0
    for step in path:
        assert round(sum(part["points"] for part in step.parts), 2) == step.index


def test_one_red_unit_among_green_enterprises_makes_county_city_and_region_red(
    plant: Plant, compute: Compute
) -> None:
    for serial in range(5):
        new_plant(f"quiet-{serial}")
    detectors = add_points(plant, "toxic_gas", "toxic_gas")
    raise_limits(*(limit for _, limit in detectors))
    compute(1)
    for kind, key in ((ENTERPRISE, plant.enterprise), (COUNTY, LINGWU), (SubjectKind.CITY, YINCHUAN),
                      (SubjectKind.REGION, NINGXIA)):  # fmt: skip
        found = score(kind, key)
        assert found.level == "major", kind
        assert found.worst_level == "major" and found.overrides == [{"rule": "toxic"}]
    assert score(COUNTY, LINGWU).index < 40  # the index alone would not even be yellow
    assert score(COUNTY, LINGWU).worst_name == score(ENTERPRISE, plant.enterprise).name


def test_the_level_falls_only_after_thirty_minutes_below(plant: Plant, compute: Compute) -> None:
    detectors = add_points(plant, "toxic_gas", "toxic_gas")
    raise_limits(*(limit for _, limit in detectors))
    compute(0)
    with as_service("evaluator"):
        apply_crossings(
            0,
            next(_sequences),
            [Crossing(limit, False, MS + 60_000, MS + 60_040, 1.0) for _, limit in detectors],
        )
    close_all(plant)
    for minutes, level in ((2, "major"), (31.9, "major"), (32, "low"), (40, "low")):
        compute(minutes)
        assert score(UNIT, plant.unit).level == level, minutes
        assert score(COUNTY, LINGWU).level == level, minutes
    assert changes(UNIT, plant.unit) == [("", "major"), ("major", "low")]


def test_hh_and_rising_on_two_variables_is_red_and_names_both_alarms(plant: Plant, compute: Compute) -> None:
    ((pressure, limit),) = add_points(plant, "pressure")
    cross(plant, (HH, True, 95.0))
    raise_limits(limit)
    latest(plant.point_number, 94.0)
    latest(pressure, 30.0)
    compute(1)
    assert score(UNIT, plant.unit).overrides == []
    latest(plant.point_number, 97.0)
    compute(2)
    (rule,) = score(UNIT, plant.unit).overrides
    assert rule["rule"] == Override.RISING.value
    assert {alarm["tag"] for alarm in rule["alarms"]} == {"TI-101", "X-0"}


def test_a_level_1_source_with_an_open_alarm_that_went_silent_is_red_after_two_hours(
    plant: Plant, compute: Compute
) -> None:
    make_first_level(plant)
    raise_alarm(plant)
    latest(plant.point_number, 91.0)
    compute(119)
    assert score(UNIT, plant.unit).overrides == []
    compute(121)
    assert [rule["rule"] for rule in score(UNIT, plant.unit).overrides] == [Override.BLIND.value]


def test_an_outage_alone_makes_nothing_red(db: Any, compute: Compute) -> None:
    silent = new_plant("silent", limits={Condition.NO_DATA: None})
    make_first_level(silent)
    cross(silent, (Condition.NO_DATA, True, None))
    latest(silent.point_number, 20.0)
    compute(180)
    found = score(UNIT, silent.unit)
    assert found.overrides == [] and found.level in ("", "low")
    assert PartKind.MANAGEMENT.value in {
        part["kind"] for part in found.parts
    }  # it is offline, and that counts


def test_replays_and_drills_leave_the_live_risk_alone(db: Any, compute: Compute) -> None:
    from anlan.platform.threads.services import create_timeline

    with as_service("demo"):
        timeline = create_timeline("演练", origin=FIRST)
    drill = new_plant("drill", timeline=timeline.id)
    raise_alarm(drill)
    compute(5)
    assert score(UNIT, drill.unit).index == 0.0


def test_a_changed_level_leaves_a_run_that_names_its_inputs_and_table(plant: Plant, compute: Compute) -> None:
    detectors = add_points(plant, "toxic_gas", "toxic_gas")
    raise_limits(*(limit for _, limit in detectors))
    compute(1)
    with as_service("worker"), read_scope():
        run = Run.objects.get(id=score(UNIT, plant.unit).run)
    assert run.model == "risk.unit_index" and run.manifest["tables"] == {WEIGHTS: "v1 (2026-01-01)"}
    assert {alarm["tag"] for alarm in run.manifest["inputs"]["alarms"]} == {"X-0", "X-1"}
    assert "risk.own_weights" in {caveat["code"] for caveat in run.manifest["caveats"]}
    assert run.result["level"] == "major"


def test_new_weights_hold_from_their_day_and_leave_the_history_as_it_was(
    plant: Plant, compute: Compute
) -> None:
    from anlan.platform.standards.services import RowChange, publish_version

    cross(plant, (HH, True, 95.0))
    compute(30)
    before = score(UNIT, plant.unit)
    with acting_as(new_principal("science_division", NINGXIA)), use_clock(FixedClock(FIRST)):
        publish_version(
            WEIGHTS,
            based_on=1,
            effective_from=FIRST.astimezone(CHINA).date() + timedelta(days=1),
            source="试验",
            changes=[RowChange("kind.temperature", {"value": 1.0})],
        )
    compute(31)
    assert score(UNIT, plant.unit).table_version == before.table_version
    with as_service("worker"), use_clock(FixedClock(FIRST + timedelta(hours=23))):
        compute_scores()
    after = score(UNIT, plant.unit)
    assert after.table_version.startswith("v2") and after.parts[0]["weight"] == 1.0
    assert changes(UNIT, plant.unit)[0][1] == before.level


def test_nothing_is_computed_while_nothing_happens_and_no_minute_passes(
    plant: Plant, compute: Compute
) -> None:
    with as_service("worker"), use_clock(FixedClock(FIRST)):
        assert compute_when_due() > 0
        assert compute_when_due() == 0
    raise_alarm(plant)
    with as_service("worker"), use_clock(FixedClock(FIRST + timedelta(seconds=5))):
        assert compute_when_due() > 0
        assert compute_when_due() == 0
    with as_service("worker"), use_clock(FixedClock(FIRST + timedelta(seconds=66))):
        assert compute_when_due() > 0


def test_another_county_sees_nothing_and_a_county_does_not_see_the_city(
    plant: Plant, compute: Compute
) -> None:
    raise_alarm(plant)
    compute(5)
    city, unit = score(SubjectKind.CITY, YINCHUAN), score(UNIT, plant.unit)
    with acting_as(new_principal("local_bureau", YANCHI)), read_scope():
        assert not RiskScore.objects.exists()
        with pytest.raises(NotFound):
            explain(unit.id)
    with acting_as(new_principal("local_bureau", LINGWU)), read_scope():
        assert set(RiskScore.objects.values_list("kind", flat=True)) == {"unit", "enterprise", "county"}
        with pytest.raises(NotFound):
            explain(city.id)


def test_a_park_s_people_see_its_part_in_each_county_and_a_county_only_its_own(
    db: Any, compute: Compute
) -> None:
    inside = new_plant("in-park", zone="ningdong")
    new_plant("elsewhere", region=PINGLUO)
    raise_alarm(inside)
    compute(5)
    with acting_as(new_principal("park", zone="ningdong")), read_scope():
        parks = RiskScore.objects.filter(kind="park")
        assert [park.key for park in parks] == [f"ningdong@{LINGWU}"]
        assert not RiskScore.objects.filter(region=PINGLUO).exists()


def test_a_unit_that_turns_red_generates_one_warning_on_the_alarm_s_thread(
    plant: Plant, compute: Compute
) -> None:
    from anlan.domains.monitoring.alarms.models import Alarm
    from anlan.domains.monitoring.warnings.models import Warning, WarningEvidence

    detectors = add_points(plant, "toxic_gas", "toxic_gas")
    raise_limits(*(limit for _, limit in detectors))
    for minutes in (1, 2, 40):
        compute(minutes)
    with as_service("worker"), read_scope():
        (warning,) = Warning.objects.all()
        evidence = list(WarningEvidence.objects.filter(warning=warning).values_list("kind", flat=True))
        threads = set(Alarm.objects.values_list("thread", flat=True))
        linked = list(
            RiskChange.objects.filter(kind="unit", previous_level="").values_list("warning", flat=True)
        )
    assert (warning.level, warning.source, warning.subject_kind) == ("red", "risk", "process_unit")
    assert warning.subject_id == plant.unit and warning.enterprise_id == plant.enterprise
    assert warning.thread in threads and linked == [warning.id]
    assert evidence.count("alarm") == 2 and "score" in evidence and "rule" in evidence


def test_a_blue_unit_generates_no_warning(plant: Plant, compute: Compute) -> None:
    from anlan.domains.monitoring.warnings.models import Warning

    make_first_level(plant)
    raise_alarm(plant)
    compute(30)
    assert score(UNIT, plant.unit).level == "low"
    with as_service("worker"), read_scope():
        assert not Warning.objects.exists()


def test_open_hot_work_of_special_class_adds_ten_static_points(plant: Plant, compute: Compute) -> None:
    from anlan.domains.monitoring.commitments import services
    from anlan.domains.monitoring.commitments.contracts import WorkGrade, WorkKind
    from anlan.domains.monitoring.commitments.states import GasKind

    with acting_as(new_principal("enterprise_operator", LINGWU)), use_clock(FixedClock(FIRST)):
        work = services.apply_for_work(
            enterprise_id=plant.enterprise,
            process_unit_id=plant.unit,
            number="DH-1",
            kind=WorkKind.HOT_WORK,
            grade=WorkGrade.SPECIAL,
            place="罐区管廊",
            starts_at=FIRST,
            ends_at=FIRST + timedelta(hours=4),
            responsible="钱伟",
        )
    with acting_as(new_principal("enterprise_principal", LINGWU)), use_clock(FixedClock(FIRST)):
        services.approve_work(work)
    with acting_as(new_principal("enterprise_operator", LINGWU)), use_clock(FixedClock(FIRST)):
        services.record_gas_test(
            work, kind=GasKind.FLAMMABLE, value=0, unit="%LEL", sampled_at=FIRST, tester="孙丽"
        )
        services.start_work(work)
    compute(1)
    parts = {part["kind"]: part for part in score(UNIT, plant.unit).parts}
    assert parts["work"]["points"] == 4.0 and parts["work"]["about"]["number"] == "DH-1"


def test_alarms_under_declared_maintenance_do_not_count(plant: Plant, compute: Compute) -> None:
    from anlan.domains.monitoring.alarms.services import declare_maintenance

    with acting_as(new_principal("enterprise_principal", LINGWU)), use_clock(FixedClock(FIRST)):
        declare_maintenance(
            enterprise_id=plant.enterprise,
            process_unit_id=plant.unit,
            point_tags="TI-101",
            starts_at=FIRST - timedelta(minutes=1),
            ends_at=FIRST + timedelta(hours=4),
            reason="年度检修",
        )
    with use_clock(FixedClock(FIRST + timedelta(seconds=1))):
        raise_alarm(plant)
    compute(10)
    assert PartKind.ALARM.value not in {part["kind"] for part in score(UNIT, plant.unit).parts}


def test_a_county_gets_its_outline_whenever_it_first_has_an_enterprise(
    plant: Plant, compute: Compute
) -> None:
    from anlan.platform.geo.services import NewBoundary, import_boundaries

    square = "POLYGON ((106 38, 107 38, 107 39, 106 39, 106 38))"
    compute(0)
    with as_service("demo"):
        import_boundaries(
            [NewBoundary(LINGWU, square), NewBoundary(PINGLUO, square)],
            given_in="wgs84",
            source="试验",
            licence="",
        )
    compute(1)
    assert score(COUNTY, LINGWU).geometry is not None
    new_plant("later", region=PINGLUO)
    compute(2)
    assert score(COUNTY, PINGLUO).geometry is not None


def test_only_the_worker_computes(plant: Plant) -> None:
    with acting_as(new_principal("duty_officer", NINGXIA)), pytest.raises(Forbidden):
        compute_scores()


def test_what_is_not_known_is_told_beside_the_score(plant: Plant, compute: Compute) -> None:
    compute(0)
    gaps = set(score(UNIT, plant.unit).gaps)
    assert {"grade", "lightning", "heat"} <= gaps
    assert score(UNIT, plant.unit).computed_at.date() >= date(2026, 1, 1)
