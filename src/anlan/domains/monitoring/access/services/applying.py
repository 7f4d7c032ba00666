"""申请: what is to be connected, and which point carries which signal."""

from collections import Counter
from uuid import UUID

from anlan.domains.monitoring.access import tables
from anlan.domains.monitoring.access.contracts import ConnectionView, SignalView
from anlan.domains.monitoring.access.models import Connection, Signal
from anlan.domains.monitoring.access.queries import connection_view
from anlan.domains.monitoring.access.services.writing import TOPIC, moved, saved
from anlan.domains.monitoring.access.states import APPLY, READ, AccessState, Family, Obligation
from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, insert_once, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.queries import find_point, points_of_enterprise
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.platform.commands import decide_there, service
from anlan.platform.standards.queries import table_in_force

_CHANGEABLE = frozenset({AccessState.APPLIED.value, AccessState.RETURNED.value})


@service("access.apply", permission=APPLY)
def apply_for_connection(
    *, enterprise_id: UUID, family: Family, name: str, contact: str = ""
) -> ConnectionView:
    """申请: the connection with a row for each signal that its family's table asks for."""
    enterprise = find_enterprise(enterprise_id)
    decide_there(APPLY, enterprise.region, enterprise.zone)
    connection = Connection(
        id=new_id(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        family=Family(family).value,
        name=require_text("name", name, 2),
        contact=contact.strip(),
        applied_at=now(),
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    insert_once(
        connection, "name", Text("该企业已有同族类同名的接入", "The enterprise has a connection of this name")
    )
    Signal.objects.bulk_create(_owed(connection))
    announce(TOPIC, connection, READ)
    return connection_view(connection)


@service("access.bind", permission=APPLY)
def match_points(connection_id: UUID) -> ConnectionView:
    """Give each signal without a point the one point of the enterprise that measures it, required signals first.

    Where several would do, none is taken: choosing is a person's.
    """
    connection = moved(connection_id, "bind", APPLY)
    signals = list(connection.signals.all())
    points = points_of_enterprise(connection.enterprise_id)
    for obligation in Obligation:
        taken = {signal.point_id for signal in signals}
        _match(
            [signal for signal in signals if signal.obligation == obligation.value],
            [point for point in points if point.id not in taken],
        )
    saved(connection)
    return connection_view(connection)


@service("access.set_point", permission=APPLY)
def set_point(signal_id: UUID, *, version: int, changes: dict[str, UUID | None]) -> SignalView:
    """Say which point carries a signal, or that none does any more.

    Raises `Invalid` for a point of another enterprise, or one that measures something else.
    """
    signal = locked(Signal, signal_id, APPLY)
    connection = _changeable(signal.connection_id)
    point_id = changes.get("point_id")
    point = None if point_id is None else _fitting(point_id, signal, signal, connection)
    values = {
        "point_id": point.id if point else None,
        "point_number": point.number if point else None,
        "point_label": f"{point.tag} {point.name}" if point else "",
        "completeness_percent": None,
    }
    edit(signal, version, values, tuple(values))
    saved(connection)
    return _signal_view(signal)


@service("access.add_signal", permission=APPLY)
def add_signal(*, signal_id: UUID, point_id: UUID) -> SignalView:
    """One more point for the same signal: a store with several thermometers, a slope with several stations."""
    model = locked(Signal, signal_id, APPLY)
    connection = _changeable(model.connection_id)
    point = _fitting(point_id, None, model, connection)
    more = Signal(
        id=new_id(),
        connection=connection,
        key=model.key,
        zh=model.zh,
        en=model.en,
        point_kind=model.point_kind,
        unit=model.unit,
        obligation=model.obligation,
        region=model.region,
        zone=model.zone,
    )
    more.point_id, more.point_number, more.point_label = point.id, point.number, f"{point.tag} {point.name}"
    more.save(force_insert=True)
    saved(connection)
    return _signal_view(more)


def _match(signals: list[Signal], points: list[PointView]) -> None:
    """Where a signal has one candidate, and that candidate this signal only, they belong together."""
    pairs = [
        (signal, point)
        for signal in signals
        if signal.point_id is None
        for point in points
        if _measures(point, signal)
    ]
    signals_of, points_of = Counter(signal.id for signal, _ in pairs), Counter(point.id for _, point in pairs)
    for signal, point in pairs:
        if signals_of[signal.id] == 1 and points_of[point.id] == 1:
            _carry(signal, point)


def _owed(connection: Connection) -> list[Signal]:
    rows = [
        row
        for row in table_in_force(tables.SIGNALS).rows.values()
        if row.values["family"] == connection.family
    ]
    return [
        Signal(
            id=new_id(),
            connection=connection,
            key=str(row.values["signal"]),
            zh=str(row.values["name_zh"]),
            en=str(row.values["name_en"]),
            point_kind=str(row.values["kind"]),
            unit=str(row.values["unit"] or ""),
            obligation=str(row.values["obligation"]),
            region=connection.region,
            zone=connection.zone,
        )
        for row in rows
    ]


def _changeable(connection_id: UUID) -> Connection:
    connection = locked(Connection, connection_id, APPLY)
    if connection.state not in _CHANGEABLE:
        raise Conflict(
            Text("点位只能在申请或退回状态下调整", "Points are chosen while the connection is applied for"),
            next_step=Text("请先“变更”或“退回”", "Change the connection or send it back first"),
            facts={"state": connection.state},
        )
    return connection


def _fitting(point_id: UUID, row: Signal | None, signal: Signal, connection: Connection) -> PointView:
    """The point, if it can carry *signal* in *row* (None: in a row that is still to be made)."""
    point = find_point(point_id)
    if point.enterprise_id != connection.enterprise_id:
        raise refuse_field("point_id", "该监测点不属于本企业", "The point belongs to another enterprise")
    if not _measures(point, signal):
        raise refuse_field(
            "point_id",
            f"该监测点的类型或单位与“{signal.zh}”不符",
            f"The point's kind or unit does not fit “{signal.en}”",
        )
    others = connection.signals.filter(point_id=point.id)
    if (others.exclude(pk=row.pk) if row else others).exists():
        raise Conflict(
            Text("该监测点已用于本接入的其他信号", "The point carries another signal of this connection"),
            facts={"field": "point_id"},
        )
    return point


def _signal_view(signal: Signal) -> SignalView:
    return SignalView(signal.id, signal.connection_id, signal.key, signal.point_id, signal.version)


def _measures(point: PointView, signal: Signal) -> bool:
    """The same kind, in a unit of the same dimension."""
    if point.kind.value != signal.point_kind:
        return False
    return UNITS[point.unit].dimension == UNITS[signal.unit].dimension


def _carry(signal: Signal, point: PointView) -> None:
    signal.point_id, signal.point_number = point.id, point.number
    signal.point_label = f"{point.tag} {point.name}"
    signal.version += 1
    signal.save(update_fields=["point_id", "point_number", "point_label", "version"])
