"""The family's limits and combined alarms on the points of a connection, as templates from the tables."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from anlan.domains.monitoring.access import tables
from anlan.domains.monitoring.access.contracts import ConnectionView
from anlan.domains.monitoring.access.models import Connection
from anlan.domains.monitoring.access.queries import connection_view
from anlan.domains.monitoring.access.services.writing import moved, saved
from anlan.domains.monitoring.access.states import REVIEW
from anlan.domains.monitoring.points.contracts import (
    LimitSpec,
    LimitView,
    PointView,
    TemplateOrigin,
    TemplateRule,
)
from anlan.domains.monitoring.points.queries import find_point, limits_of_point
from anlan.domains.monitoring.points.services import apply_template, set_limits
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS, convert
from anlan.platform.commands import service
from anlan.platform.standards import TableRow
from anlan.platform.standards.queries import table_in_force
from anlan.platform.standards.views import TableVersion

_ELSEWHERE = "组合报警未设置：点位不在同一工艺单元（{names}）"


@service("access.apply_rules", permission=REVIEW)
def apply_family_rules(connection_id: UUID) -> ConnectionView:
    """Set what the tables of the family say; a limit that a point has already is the enterprise's, and stays.

    Rows without a threshold are the design's to fill in, and set nothing. Applied again, limits
    of an older version of the table are brought to the present one.
    """
    connection = moved(connection_id, "apply_rules", REVIEW)
    carried = _carried(connection)
    _apply_limits(connection, carried)
    left_out = _apply_interlocks(connection, carried)
    if left_out:
        connection.note = _ELSEWHERE.format(names="、".join(left_out))
    return connection_view(saved(connection, "note"))


def _carried(connection: Connection) -> dict[str, list[tuple[str, PointView]]]:
    """By signal: the unit that the table speaks in, and each point that carries it."""
    found: dict[str, list[tuple[str, PointView]]] = defaultdict(list)
    for signal in connection.signals.exclude(point_id=None):
        if signal.point_id is not None:
            found[signal.key].append((signal.unit, find_point(signal.point_id)))
    return found


def _apply_limits(connection: Connection, carried: dict[str, list[tuple[str, PointView]]]) -> None:
    table = table_in_force(tables.RULES)
    for row in table.rows.values():
        if row.values["family"] != connection.family or row.values["threshold"] is None:
            continue
        for unit, point in carried.get(str(row.values["signal"]), ()):
            rule = _rule(row, unit, point, table)
            if not _own(rule.condition, limits_of_point(point.id)):
                apply_template([rule], [point.id])


def _rule(row: TableRow, unit: str, point: PointView, table: TableVersion) -> TemplateRule:
    """The row for one point, in the point's own unit."""
    return TemplateRule(
        template=tables.RULES,
        version=table.number,
        key=row.key,
        family=str(row.values["family"]),
        name=Text(point.name, point.name),
        point_kind=point.kind,
        unit=point.unit,
        condition=Condition(str(row.values["condition"])),
        threshold=convert(float(row.values["threshold"] or 0.0), unit, point.unit),
        # a width, for which a unit's offset does not count
        deadband=float(row.values["deadband"] or 0.0) * UNITS[unit].factor / UNITS[point.unit].factor,
        on_delay_s=float(row.values["on_delay_s"] or 0.0),
        level=AlarmLevel(str(row.values["level"])),
        source="；".join(said for said in (row.clause, row.note) if said),
        certainty=row.certainty,
    )


def _own(condition: Condition, limits: Sequence[LimitView]) -> bool:
    """Whether the enterprise has set a limit of this kind itself, or changed what the template had set."""
    return any(
        limit.kind is condition
        and not limit.silent
        and (limit.origin is None or limit.origin.template != tables.RULES or bool(limit.origin.overridden))
        for limit in limits
    )


def _apply_interlocks(connection: Connection, carried: dict[str, list[tuple[str, PointView]]]) -> list[str]:
    """Make the combined alarms whose signals all have a point; names of those whose points stand apart."""
    table, left_out = table_in_force(tables.INTERLOCKS), []
    for row in table.rows.values():
        if row.values["family"] != connection.family:
            continue
        wanted = _members(str(row.values["members"]))
        if not all(signal in carried for signal, _, _ in wanted):
            continue
        points = [carried[signal][0] for signal, _, _ in wanted]
        principal = points[0][1]
        if _made(row, limits_of_point(principal.id)):
            continue
        if len({point.process_unit_id for _, point in points}) > 1:
            left_out.append(str(row.values["name_zh"]))
            continue
        silent = [
            _silent(point.id, condition, convert(threshold, unit, point.unit))
            for (_, condition, threshold), (unit, point) in zip(wanted, points, strict=True)
        ]
        members = tuple(limit.id for limit in set_limits(silent))
        set_limits([_combined(row, principal.id, members, table.number)])
    return left_out


def _members(text: str) -> list[tuple[str, Condition, float]]:
    """Signal, side and threshold of each member of an interlock's row.

    >>> _members("flow>1;ground<0.5")[1]
    ('ground', <Condition.LOW: 'L'>, 0.5)
    """
    found = []
    for member in text.split(";"):
        side = ">" if ">" in member else "<"
        signal, _, threshold = member.partition(side)
        found.append((signal, Condition.HIGH if side == ">" else Condition.LOW, float(threshold)))
    return found


def _silent(point_id: UUID, condition: Condition, threshold: float) -> LimitSpec:
    return LimitSpec(point_id, condition, threshold=threshold, silent=True, note="组合报警的组成条件")


def _combined(row: TableRow, point_id: UUID, members: tuple[UUID, ...], version: int) -> LimitSpec:
    return LimitSpec(
        point_id,
        Condition.COMBINED,
        on_delay_s=float(row.values["on_delay_s"] or 0.0),
        level=AlarmLevel(str(row.values["level"])),
        name=str(row.values["name_zh"]),
        note=row.note,
        members=members,
        needed=None if row.values["mode"] == "all" else 1,
        origin=TemplateOrigin(tables.INTERLOCKS, version, row.key, row.certainty),
    )


def _made(row: TableRow, limits: Sequence[LimitView]) -> bool:
    return any(
        limit.origin is not None and (limit.origin.template, limit.origin.key) == (tables.INTERLOCKS, row.key)
        for limit in limits
    )
