"""What tests add to a tank farm, and the scores that come of its alarms."""

from tests.domains.monitoring.plant import MS, Plant
from tests.people import as_service

from anlan.domains.monitoring.risk.models import RiskChange, RiskScore
from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.kernel.clock import from_ms
from anlan.kernel.levels import Condition
from anlan.platform.commands import read_scope

FIRST = from_ms(MS)
"""When the first alarm is raised."""


def score(kind: SubjectKind, key: object) -> RiskScore:
    with as_service("worker"), read_scope():
        return RiskScore.objects.get(kind=kind.value, key=str(key))


def changes(kind: SubjectKind, key: object) -> list[tuple[str, str]]:
    with as_service("worker"), read_scope():
        rows = RiskChange.objects.filter(kind=kind.value, key=str(key)).order_by("at", "id")
        return [(row.previous_level, row.level) for row in rows]


def add_points(plant: Plant, *kinds: str) -> list[tuple[int, int]]:
    """More detectors of *kinds* in the plant's unit, each with HH at 20; their point and limit numbers."""
    from anlan.domains.monitoring.points.services import create_point, set_limit
    from anlan.domains.monitoring.points.states import PointKind

    made = []
    with as_service("demo"):
        for serial, kind in enumerate(kinds):
            point = create_point(
                gateway_id=plant.gateway,
                tag=f"X-{serial}",
                name=f"探测器{serial}",
                unit="",
                kind=PointKind(kind),
                sampling_s=1.0,
                process_unit_id=plant.unit,
            )
            limit = set_limit(point_id=point.id, kind=Condition.HIGH_HIGH, threshold=20.0)
            made.append((point.number, limit.number))
    return made


def make_first_level(plant: Plant) -> None:
    """The unit becomes a major hazard of level 1."""
    from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec
    from anlan.domains.monitoring.hazards.services import create_hazard

    with as_service("demo"):
        create_hazard(
            enterprise_id=plant.enterprise,
            process_unit_id=plant.unit,
            code="H-1",
            name="液氨罐区",
            kind=ProcessUnitKind.TANK_FARM,
            lon=106.6,
            lat=38.1,
            exposed_persons=200,
            holdings=[HoldingSpec("V-1", "氨", 1000.0, 500.0, cas="7664-41-7", row="1")],
        )
