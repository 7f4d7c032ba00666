"""联调完整率 and 在线率考核: how much of what should have come has come."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from anlan.domains.monitoring.access import tables
from anlan.domains.monitoring.access.contracts import AssessmentView, ConnectionView
from anlan.domains.monitoring.access.models import Assessment, Connection, Signal
from anlan.domains.monitoring.access.permissions import ASSESS
from anlan.domains.monitoring.access.queries import connection_view
from anlan.domains.monitoring.access.services.writing import moved, saved
from anlan.domains.monitoring.access.states import REVIEW, AccessState
from anlan.domains.monitoring.editing import locked
from anlan.domains.monitoring.points.history import completeness
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import read_scope, service
from anlan.platform.standards.queries import CHINA, table_in_force
from anlan.platform.standards.views import TableVersion


@service("access.measure", permission=REVIEW)
def measure_completeness(connection_id: UUID) -> ConnectionView:
    """The share of expected readings of all points in the last hours that the table names.

    Raises `Conflict` while commissioning has not lasted that long, or has no points.
    """
    connection = moved(connection_id, "measure", REVIEW)
    table = table_in_force(tables.ACCEPTANCE)
    hours, end = _figure(table, "hours"), now()
    start = end - timedelta(hours=hours)
    if connection.commissioned_from is None or connection.commissioned_from > start:
        raise Conflict(
            Text(f"联调未满 {hours:g} 小时", f"Commissioning has not lasted {hours:g} hours"),
            next_step=Text("请在联调满时长后再测", "Measure once it has"),
            facts={"hours": hours, "since": str(connection.commissioned_from)},
        )
    shares = _shares(connection, start, end)
    for signal, share in shares:
        signal.completeness_percent = share
    Signal.objects.bulk_update([signal for signal, _ in shares], ["completeness_percent"])
    connection.completeness_percent = _mean([share for _, share in shares])
    connection.required_percent = _figure(table, "completeness")
    connection.measured_at, connection.measured_hours = end, hours
    saved(connection, "completeness_percent", "required_percent", "measured_at", "measured_hours")
    return connection_view(connection)


@service("access.assess", permission=ASSESS)
def assess_month(connection_id: UUID, *, month: date) -> AssessmentView:
    """在线率考核 of *month* (its first day), from the acceptance on where that came later; asked again, made anew."""
    connection = locked(Connection, connection_id, ASSESS)
    start, end = _span(month)
    if connection.accepted_at is None or connection.accepted_at >= end:
        raise Conflict(Text("该月尚未验收", "The connection was not accepted in that month"))
    table = table_in_force(tables.ACCEPTANCE, at=end)
    shares = _shares(connection, max(start, connection.accepted_at), min(end, now()))
    share, required = _mean([share for _, share in shares]), _figure(table, "online")
    figures = {
        "online_percent": share,
        "required_percent": required,
        "met": share >= required,
        "points": len(shares),
        "table_version": table.number,
        "computed_at": now(),
        "region": connection.region,
        "zone": connection.zone,
    }
    made, _ = Assessment.objects.update_or_create(
        connection=connection,
        month=start.date(),
        defaults=figures,
        create_defaults={"id": new_id(), **figures},
    )
    connection.online_percent, connection.online_met = made.online_percent, made.met
    saved(connection, "online_percent", "online_met")
    return AssessmentView(made.id, connection.id, made.month, share, required, made.met)


def assess_month_of_all() -> int:
    """The duty of the first days of a month: assess the last one for all that have not been; how many."""
    first = now().astimezone(CHINA).date().replace(day=1)
    month = (first - timedelta(days=1)).replace(day=1)
    _, end = _span(month)
    with read_scope():
        due = list(
            Connection.objects.filter(state=AccessState.ACCEPTED.value, accepted_at__lt=end)
            .exclude(assessments__month=month)
            .values_list("id", flat=True)
        )
    for connection_id in due:
        assess_month(connection_id, month=month)
    return len(due)


def _shares(connection: Connection, start: datetime, end: datetime) -> list[tuple[Signal, float]]:
    """Each carried signal with its share in per cent."""
    signals = [signal for signal in connection.signals.all() if signal.point_number is not None]
    if not signals:
        raise Conflict(Text("该接入没有点位", "The connection has no points"))
    found = completeness(
        [signal.point_number for signal in signals if signal.point_number is not None], start, end
    )
    return [(signal, 100.0 * found.get(signal.point_number or 0, 0.0)) for signal in signals]


def _span(month: date) -> tuple[datetime, datetime]:
    """The first moment of the month and of the next, by China's days."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return (
        datetime.combine(first, time(), CHINA),
        datetime.combine(following, time(), CHINA),
    )


def _figure(table: TableVersion, key: str) -> float:
    return float(table.row(key).values["value"] or 0.0)


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)
