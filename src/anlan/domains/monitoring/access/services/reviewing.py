"""点位核验、联调、验收、变更、退出: what the supervisor decides."""

from uuid import UUID

from anlan.domains.monitoring.access.contracts import ConnectionView
from anlan.domains.monitoring.access.models import Connection
from anlan.domains.monitoring.access.queries import connection_view, missing_signals
from anlan.domains.monitoring.access.services.writing import moved, saved
from anlan.domains.monitoring.access.states import APPLY, REVIEW
from anlan.domains.monitoring.editing import require_text
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.text import Text
from anlan.platform.commands import service


@service("access.verify", permission=REVIEW)
def verify_connection(connection_id: UUID, *, note: str = "") -> ConnectionView:
    """点位核验: every required signal has its point. Raises `Conflict` naming those that have none."""
    connection = moved(connection_id, "verify", REVIEW)
    missing = missing_signals(connection.signals.all())
    if missing:
        raise Conflict(
            Text(
                f"必接信号尚无点位：{'、'.join(signal.zh for signal in missing)}",
                f"Required signals without a point: {', '.join(signal.en for signal in missing)}",
            ),
            next_step=Text("请先匹配或指定点位", "Match or choose their points first"),
            facts={"missing": [signal.key for signal in missing]},
        )
    connection.verified_at = now()
    return _noted(connection, note, "verified_at")


@service("access.send_back", permission=REVIEW)
def send_back_connection(connection_id: UUID, *, note: str) -> ConnectionView:
    """退回, with a reason."""
    return _noted(moved(connection_id, "send_back", REVIEW), require_text("note", note, 2))


@service("access.reapply", permission=APPLY)
def reapply_connection(connection_id: UUID, *, note: str = "") -> ConnectionView:
    """Apply again after what was sent back is mended."""
    connection = moved(connection_id, "reapply", APPLY)
    connection.applied_at = now()
    return _noted(connection, note, "applied_at")


@service("access.commission", permission=REVIEW)
def begin_commissioning(connection_id: UUID) -> ConnectionView:
    """联调 begins, or begins anew: what was measured before no longer counts."""
    connection = moved(connection_id, "commission", REVIEW)
    connection.commissioned_from = now()
    _forget_measurement(connection)
    return _noted(connection, "", "commissioned_from", *_MEASUREMENT)


@service("access.accept", permission=REVIEW)
def accept_connection(connection_id: UUID, *, note: str = "") -> ConnectionView:
    """验收: refused while the completeness has not been measured, or is too low."""
    connection = moved(connection_id, "accept", REVIEW)
    connection.accepted_at = now()
    return _noted(connection, note, "accepted_at")


@service("access.change", permission=APPLY)
def change_connection(connection_id: UUID, *, note: str) -> ConnectionView:
    """变更: back to the application; it is verified, commissioned and accepted anew."""
    connection = moved(connection_id, "change", APPLY)
    connection.applied_at, connection.verified_at = now(), None
    connection.commissioned_from = connection.accepted_at = None
    _forget_measurement(connection)
    fields = ("applied_at", "verified_at", "commissioned_from", "accepted_at", *_MEASUREMENT)
    return _noted(connection, require_text("note", note, 2), *fields)


@service("access.withdraw", permission=REVIEW)
def withdraw_connection(connection_id: UUID, *, note: str) -> ConnectionView:
    """退出: its points and their history stay, it is assessed no longer."""
    connection = moved(connection_id, "withdraw", REVIEW)
    connection.withdrawn_at = now()
    return _noted(connection, require_text("note", note, 2), "withdrawn_at")


_MEASUREMENT = ("completeness_percent", "required_percent", "measured_at", "measured_hours")


def _forget_measurement(connection: Connection) -> None:
    for name in _MEASUREMENT:
        setattr(connection, name, None)


def _noted(connection: Connection, note: str, *fields: str) -> ConnectionView:
    if note.strip():
        connection.note = note.strip()
    return connection_view(saved(connection, "state", "note", *fields))
