"""Slopes by the velocity of their stations, ponds by the cascade of their points."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.domains.monitoring.plant import credit_code
from tests.domains.monitoring.readings import send
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.kernel.clock import FixedClock, to_ms, use_clock
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.levels import WarningLevel
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as

NOW = datetime(2026, 6, 30, tzinfo=UTC)
FILED = {"blue": 2.0, "yellow": 5.0, "orange": 10.0, "red": 30.0, "filed_in": "矿山边坡监测方案（试验）"}


@pytest.fixture
def mine(db: Any) -> UUID:
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind

    with as_service("demo"):
        return create_enterprise(
            code=credit_code(), name="试验露天矿", region=LINGWU, kind=EnterpriseKind.MINE
        ).id


def new_points(mine: UUID, source: str, *wanted: tuple[str, str, str]) -> dict[str, tuple[UUID, int]]:
    """A gateway with points of these (tag, kind, unit); ids and numbers by tag."""
    from anlan.domains.monitoring.points.services import create_point, register_gateway
    from anlan.domains.monitoring.points.states import PointKind

    with as_service("demo"):
        gateway = register_gateway(source=source, name="网关", enterprise_id=mine).gateway
        made = {
            tag: create_point(
                gateway_id=gateway.id, tag=tag, name=tag, unit=unit, kind=PointKind(kind), sampling_s=3600
            )
            for tag, kind, unit in wanted
        }
    return {tag: (point.id, point.number) for tag, point in made.items()}


def new_slope(mine: UUID, **filed: Any) -> tuple[UUID, dict[str, tuple[UUID, int]]]:
    from anlan.domains.monitoring.structures.services import add_slope_station, create_structure
    from anlan.domains.monitoring.structures.states import StructureKind

    points = new_points(mine, "gnss", *((axis, "displacement", "mm") for axis in ("east", "north", "up")))
    with as_service("demo"):
        slope = create_structure(
            enterprise_id=mine, kind=StructureKind.PIT_SLOPE, code="B-1", name="北帮", height_m=220.0
        )
        add_slope_station(
            structure_id=slope.id,
            name="G1",
            east_id=points["east"][0],
            north_id=points["north"][0],
            up_id=points["up"][0],
            **filed,
        )
    return slope.id, points


def judge(structure: UUID) -> Any:
    from anlan.domains.monitoring.structures.services import judge_structure

    with as_service("worker"), use_clock(FixedClock(NOW)):
        return judge_structure(structure)


def move(store: Any, points: dict[str, tuple[UUID, int]], path_mm: Any) -> None:
    """Hourly positions of the last thirty days: *path_mm* (hours) eastwards, 1 mm of noise on each axis."""
    random = np.random.default_rng(7)
    hours = np.arange(len(path_mm))
    start = NOW - timedelta(hours=len(path_mm))
    for axis, (_, number) in points.items():
        away = path_mm if axis == "east" else np.zeros(len(path_mm))
        send(store, number, start, 3600.0 * hours, away + random.normal(0, 1.0, len(path_mm)))


def test_a_slope_that_creeps_at_six_millimetres_a_day_is_yellow_by_its_filed_table(
    mine: UUID, store: Any
) -> None:
    from anlan.domains.monitoring.structures.models import SlopeStation
    from anlan.platform.provenance.models import Run

    slope, points = new_slope(mine, **FILED)
    move(store, points, 6.0 * np.arange(720) / 24)
    judged = judge(slope)
    assert judged.level is WarningLevel.YELLOW and judged.failure_at is None
    with as_service("worker"), read_scope():
        station = SlopeStation.objects.get()
        run = Run.objects.get(subject_id=station.id)
    assert station.velocity_mm_d == pytest.approx(6.0, abs=0.3)
    assert station.displacement_mm == pytest.approx(180.0, abs=5.0)
    assert run.manifest["inputs"]["table"] == FILED["filed_in"]


def test_a_slope_whose_inverse_velocity_falls_to_zero_has_a_time_of_failure_with_a_band(
    mine: UUID, store: Any
) -> None:
    slope, points = new_slope(mine, **FILED)
    # 1/v falls linearly to zero two days from now (Fukuzono with α = 2): x = −A·ln(t_f − t)
    to_failure_d = 32.0 - np.arange(720) / 24
    move(store, points, 90.0 * np.log(32.0 / to_failure_d))
    judged = judge(slope)
    assert judged.level is WarningLevel.RED
    assert judged.failure_at is not None
    assert abs(judged.failure_at - (NOW + timedelta(days=2))) < timedelta(hours=18)


def test_without_enough_positions_a_slope_is_not_called_safe(mine: UUID, store: Any) -> None:
    from anlan.domains.monitoring.structures.states import Outcome

    slope, points = new_slope(mine, **FILED)
    move(store, points, np.zeros(5))
    judged = judge(slope)
    assert (judged.outcome, judged.level) == (Outcome.NO_DATA, None)


def new_pond(mine: UUID, count: int) -> tuple[UUID, list[int]]:
    """A pond with *count* points of the phreatic line: nearer to the surface is worse."""
    from anlan.domains.monitoring.structures.services import add_pond_point, create_structure
    from anlan.domains.monitoring.structures.states import PondItem, StructureKind

    points = new_points(mine, "pond", *((f"P{n}", "water_level", "m") for n in range(count)))
    with as_service("demo"):
        pond = create_structure(
            enterprise_id=mine, kind=StructureKind.TAILINGS_POND, code="W-1", name="一号尾矿库"
        )
        for point, _ in points.values():
            add_pond_point(
                structure_id=pond.id,
                item=PondItem.PHREATIC_LINE,
                point_id=point,
                blue=8.0,
                yellow=6.0,
                orange=4.0,
                red=2.0,
                filed_in="设计文件（试验）",
            )
    return pond.id, [number for _, number in points.values()]


def read(numbers: list[int], values: list[float], at: datetime = NOW) -> None:
    """The newest readings, as the evaluator stores them."""
    from anlan.domains.monitoring.points.services import upsert_latest

    moment = np.full(len(numbers), to_ms(at), np.int64)
    with transaction_as(service_principal("evaluator")):
        upsert_latest(
            np.array(numbers, np.int32), moment, moment, np.array(values), np.zeros(len(numbers), np.uint8)
        )


@pytest.mark.parametrize(
    ("depths_m", "level"),
    [
        ([9.0, 9.0, 9.0, 9.0], None),
        ([7.0, 7.0, 7.0, 9.0], WarningLevel.BLUE),
        ([7.0, 7.0, 7.0, 7.0], WarningLevel.YELLOW),
        ([5.0, 5.0, 5.0, 9.0], WarningLevel.ORANGE),
        ([3.0, 3.0, 9.0, 9.0], WarningLevel.RED),
    ],
)
def test_the_points_of_a_pond_are_put_together_as_the_standard_says(
    mine: UUID, depths_m: list[float], level: WarningLevel | None
) -> None:
    pond, numbers = new_pond(mine, 4)
    read(numbers, depths_m)
    assert judge(pond).level is level


def test_the_round_of_judgements_warns_once_and_raises_the_warning_when_it_gets_worse(mine: UUID) -> None:
    from anlan.domains.monitoring.structures.services import judge_all
    from anlan.domains.monitoring.warnings.models import Warning

    _, numbers = new_pond(mine, 4)
    for depths_m in ([7.0] * 3 + [9.0], [7.0] * 3 + [9.0], [3.0, 3.0, 9.0, 9.0]):
        read(numbers, depths_m)
        with as_service("worker"), use_clock(FixedClock(NOW)):
            judge_all()
    with as_service("worker"), read_scope():
        warning = Warning.objects.get()
    assert (warning.level, warning.source) == ("red", "structure")


def test_a_silent_point_of_a_pond_is_named_in_the_manifest_and_not_taken_for_a_good_one(mine: UUID) -> None:
    from anlan.platform.provenance.models import Run

    pond, numbers = new_pond(mine, 2)
    read(numbers[:1], [3.0])
    read(numbers[1:], [3.0], at=NOW - timedelta(days=2))
    assert judge(pond).level is WarningLevel.ORANGE
    with as_service("worker"), read_scope():
        said = Run.objects.get(subject_id=pond).manifest["caveats"]
    assert any("P1" in str(caveat) for caveat in said)


def test_filed_values_that_go_up_and_down_are_refused(mine: UUID) -> None:
    with pytest.raises(Invalid):
        new_slope(mine, blue=2.0, yellow=8.0, orange=5.0, filed_in="方案")


def test_values_without_the_document_that_files_them_are_refused(mine: UUID) -> None:
    with pytest.raises(Invalid):
        new_slope(mine, blue=2.0, yellow=8.0)


def test_a_station_belongs_to_a_slope_and_not_to_a_pond(mine: UUID) -> None:
    from anlan.domains.monitoring.structures.services import add_slope_station

    pond, _ = new_pond(mine, 1)
    points = new_points(mine, "gnss", *((axis, "displacement", "mm") for axis in ("e", "n", "u")))
    with as_service("demo"), pytest.raises(Conflict, match="no open-pit slope"):
        add_slope_station(
            structure_id=pond,
            name="G1",
            east_id=points["e"][0],
            north_id=points["n"][0],
            up_id=points["u"][0],
        )


def test_another_county_sees_no_structure(mine: UUID) -> None:
    from anlan.domains.monitoring.structures.models import PondPoint, Structure
    from anlan.domains.monitoring.structures.services import judge_structure

    pond, _ = new_pond(mine, 1)
    with acting_as(new_principal("mine_division", YANCHI)):
        with read_scope():
            assert not Structure.objects.exists() and not PondPoint.objects.exists()
        with pytest.raises(NotFound):
            judge_structure(pond)
