"""A plant with one point and its limits, made by the services of the trade."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from tests.people import LINGWU, as_service

from anlan.domains.monitoring.alarms.crossings import Crossing
from anlan.kernel.levels import Condition

MS = 1_780_000_000_000
"""Some moment of 2026, in UTC milliseconds."""

HIGH_80 = {Condition.HIGH: 80.0}

_numbers = count(1)
_sequences = count(1)


@dataclass(frozen=True)
class Plant:
    """Identifiers of what was made; limits by their condition, as id and as the number of the hot path."""

    source: str
    key: str
    enterprise: UUID
    unit: UUID
    gateway: UUID
    point: UUID
    point_number: int
    limits: Mapping[Condition, UUID]
    numbers: Mapping[Condition, int]


def credit_code() -> str:
    """A code that no other enterprise of the test has."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit

    body = f"9164{next(_numbers):013d}"
    return body + check_digit(body)


def new_plant(
    source: str,
    *,
    region: str = LINGWU,
    zone: str | None = None,
    timeline: UUID | None = None,
    limits: Mapping[Condition, float | None] = HIGH_80,
) -> Plant:
    """An enterprise, a unit, a gateway and a temperature with *limits* (None: no data for 30 s)."""
    from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
    from anlan.domains.monitoring.points.services import create_point, register_gateway, set_limit
    from anlan.domains.monitoring.points.states import PointKind

    with as_service("demo"):
        enterprise = create_enterprise(
            code=credit_code(), name=f"{source}化工", region=region, zone=zone, kind=EnterpriseKind.HAZCHEM
        )
        unit = create_process_unit(
            enterprise_id=enterprise.id, code="U-1", name="罐区", kind=ProcessUnitKind.TANK_FARM
        )
        made = register_gateway(
            source=source, name=f"{source}网关", enterprise_id=enterprise.id, timeline=timeline
        )
        point = create_point(
            gateway_id=made.gateway.id,
            tag="TI-101",
            name="储罐温度",
            unit="°C",
            kind=PointKind.TEMPERATURE,
            sampling_s=1.0,
            process_unit_id=unit.id,
        )
        views = {
            kind: set_limit(
                point_id=point.id,
                kind=kind,
                threshold=threshold,
                on_delay_s=30.0 if kind is Condition.NO_DATA else 0.0,
            )
            for kind, threshold in limits.items()
        }
    return Plant(
        source,
        made.key,
        enterprise.id,
        unit.id,
        made.gateway.id,
        point.id,
        point.number,
        {kind: view.id for kind, view in views.items()},
        {kind: view.number for kind, view in views.items()},
    )


def cross(plant: Plant, *steps: tuple[Condition, bool, float | None], at_ms: int = MS) -> int:
    """The evaluator hands over crossings a second apart, as one entry of the log; the alarms opened."""
    from anlan.domains.monitoring.alarms.services import apply_crossings

    crossings = [
        Crossing(plant.numbers[kind], raised, at_ms + 1000 * step, at_ms + 1000 * step + 40, value)
        for step, (kind, raised, value) in enumerate(steps)
    ]
    with as_service("evaluator"):
        return apply_crossings(0, next(_sequences), crossings)


def raise_alarm(plant: Plant, value: float = 91.5) -> None:
    """The temperature rises above its high limit."""
    cross(plant, (Condition.HIGH, True, value))
