"""The plant of the fault suite: what its gateways measure, and its records in the running system.

Run as a script in a system's environment it makes the records with the
services that people use and prints what the senders and the checker need.
"""

import json
import sys
from dataclasses import dataclass, field

from anlan.kernel.levels import Condition

HTTP = ("http-1", "http-2")
MQTT = ("mqtt-1", "mqtt-2")
SOURCES = HTTP + MQTT
TAGS = tuple(f"TI-{index:02d}" for index in range(8))
UNIT = "°C"
SILENCE_ALLOWED_S = 600.0


@dataclass(frozen=True)
class PlannedLimit:
    """One limit of every point; delays in seconds of event time."""

    kind: Condition
    threshold: float | None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0


LIMITS = (
    PlannedLimit(Condition.HIGH_HIGH, 90.0, deadband=1.0),
    PlannedLimit(Condition.HIGH, 80.0, deadband=0.5, on_delay_s=0.3),
    PlannedLimit(Condition.LOW, 20.0, deadband=2.0, off_delay_s=0.2),
    PlannedLimit(Condition.LOW_LOW, 10.0, deadband=0.0),
    # nobody is ever silent that long: an alarm of it would be our own outage, taken for the plant's
    PlannedLimit(Condition.NO_DATA, None, on_delay_s=SILENCE_ALLOWED_S),
)


@dataclass(frozen=True)
class Records:
    """Keys by source, point numbers by source and tag, limit numbers by point number and kind."""

    keys: dict[str, str] = field(default_factory=dict)
    points: dict[str, dict[str, int]] = field(default_factory=dict)
    limits: dict[int, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> "Records":
        said = json.loads(text)
        return cls(said["keys"], said["points"], {int(point): of for point, of in said["limits"].items()})


def make_records() -> Records:
    """The enterprise, its gateways, points and limits; Django is set up."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind
    from anlan.platform.commands import acting_as, service_principal

    body = "91640181MAFAULT01"
    records = Records()
    with acting_as(service_principal("demo")):
        plant = create_enterprise(
            code=body + check_digit(body),
            name="故障试验厂",
            region="640181",
            kind=EnterpriseKind.OTHER,
            synthetic=True,
        )
        for source in SOURCES:
            _make_gateway(plant.id, source, records)
    return records


def _make_gateway(enterprise_id: object, source: str, records: Records) -> None:
    from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
    from anlan.domains.monitoring.points.services import create_points, register_gateway, set_limits
    from anlan.domains.monitoring.points.states import PointKind

    given = register_gateway(source=source, name=source, enterprise_id=enterprise_id)
    specs = [
        PointSpec(tag=tag, name=tag, unit=UNIT, kind=PointKind.TEMPERATURE, sampling_s=1.0) for tag in TAGS
    ]
    points = create_points(given.gateway.id, specs)
    wanted = [
        LimitSpec(
            point_id=point.id,
            kind=limit.kind,
            threshold=limit.threshold,
            deadband=limit.deadband,
            on_delay_s=limit.on_delay_s,
            off_delay_s=limit.off_delay_s,
        )
        for point in points
        for limit in LIMITS
    ]
    numbers = [limit.number for limit in set_limits(wanted)]
    records.keys[source] = given.key
    records.points[source] = {point.tag: point.number for point in points}
    for index, point in enumerate(points):
        of_point = numbers[index * len(LIMITS) : (index + 1) * len(LIMITS)]
        records.limits[point.number] = {
            limit.kind.value: number for limit, number in zip(LIMITS, of_point, strict=True)
        }


def main() -> None:
    from anlan.server.cli.common import set_up_django

    set_up_django()
    records = make_records()
    said = {"keys": records.keys, "points": records.points, "limits": records.limits}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
