"""The family's limits on the points of a connection: by the table, wherever the enterprise has none of its own."""

from uuid import UUID

from anlan.domains.monitoring.access import tables
from anlan.domains.monitoring.access.contracts import ConnectionView
from anlan.domains.monitoring.access.models import Connection, Signal
from anlan.domains.monitoring.access.queries import connection_view
from anlan.domains.monitoring.access.services.writing import moved, saved
from anlan.domains.monitoring.access.states import REVIEW
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.queries import find_point, limits_of_point
from anlan.domains.monitoring.points.services import set_limits
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.units import UNITS
from anlan.platform.commands import service
from anlan.platform.standards import TableRow
from anlan.platform.standards.queries import table_in_force


@service("access.apply_rules", permission=REVIEW)
def apply_family_rules(connection_id: UUID) -> ConnectionView:
    """Set what the table of the family says; a limit that a point has already is the enterprise's, and stays.

    Rows without a threshold are the design's to fill in, and set nothing.
    """
    connection = moved(connection_id, "apply_rules", REVIEW)
    specs = _specs(connection)
    if specs:
        set_limits(specs)
    return connection_view(saved(connection))


def _specs(connection: Connection) -> list[LimitSpec]:
    table = table_in_force(tables.RULES)
    rows: dict[str, list[TableRow]] = {}
    for row in table.rows.values():
        if row.values["family"] == connection.family and row.values["threshold"] is not None:
            rows.setdefault(str(row.values["signal"]), []).append(row)
    specs = []
    for signal in connection.signals.exclude(point_id=None):
        if signal.key not in rows or signal.point_id is None:
            continue
        unit, own = (
            find_point(signal.point_id).unit,
            {limit.kind for limit in limits_of_point(signal.point_id)},
        )
        specs += [
            _spec(row, signal, unit, table.name)
            for row in rows[signal.key]
            if Condition(str(row.values["condition"])) not in own
        ]
    return specs


def _spec(row: TableRow, signal: Signal, unit: str, version: str) -> LimitSpec:
    said = f"{tables.RULES} {version} {row.key}"
    if row.clause:
        said += f"（{row.clause}）"
    assert signal.point_id is not None  # noqa: S101 - for the type checker: only carried signals come here
    return LimitSpec(
        point_id=signal.point_id,
        kind=Condition(str(row.values["condition"])),
        threshold=_in_unit(float(row.values["threshold"] or 0.0), signal.unit, unit),
        deadband=_width_in_unit(float(row.values["deadband"] or 0.0), signal.unit, unit),
        on_delay_s=float(row.values["on_delay_s"] or 0.0),
        level=AlarmLevel(str(row.values["level"])),
        note=said[:300],
    )


def _in_unit(value: float, source: str, target: str) -> float:
    one, other = UNITS[source], UNITS[target]
    return value if source == target else (value * one.factor + one.offset - other.offset) / other.factor


def _width_in_unit(value: float, source: str, target: str) -> float:
    """A difference, for which a unit's offset does not count."""
    return value * UNITS[source].factor / UNITS[target].factor
