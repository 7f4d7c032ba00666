"""签收 → 反馈 → 核查 → 销警 or 转执法 → 归档: what people do with a warning."""

from uuid import UUID

from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.editing import locked, require_text
from anlan.domains.monitoring.warnings import tables
from anlan.domains.monitoring.warnings.contracts import WarningView
from anlan.domains.monitoring.warnings.deadlines import FEEDBACK, SIGNING
from anlan.domains.monitoring.warnings.models import Warning
from anlan.domains.monitoring.warnings.queries import warning_view
from anlan.domains.monitoring.warnings.services.pushing import push, start_clock
from anlan.domains.monitoring.warnings.services.writing import add_entry, changed, warning_now
from anlan.domains.monitoring.warnings.states import ANSWER, JUDGE, WARNING_WORKFLOW, WarningEntryKind
from anlan.kernel.errors import Conflict
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, service
from anlan.platform.deadlines.services import cancel_deadline, meet_deadline
from anlan.platform.standards.queries import table_in_force


@service("warnings.push", permission=JUDGE)
def push_warning(warning_id: UUID, *, note: str = "") -> WarningView:
    """推送: after judgement, by the row of its colour."""
    warning = _moved(warning_id, "push", JUDGE)
    push(warning, note)
    changed(warning)
    return warning_view(warning)


@service("warnings.dismiss", permission=JUDGE)
def dismiss_warning(warning_id: UUID, *, note: str) -> WarningView:
    """研判不成立: nobody was told, so nobody needs to answer."""
    warning = _moved(warning_id, "dismiss", JUDGE)
    warning.ended_at = warning_now(warning)
    return _kept(warning, WarningEntryKind.CLOSED, require_text("note", note, 2))


@service("warnings.sign", permission=ANSWER)
def sign_warning(warning_id: UUID, *, note: str = "") -> WarningView:
    """签收: the clock of signing stops, that of feedback goes on."""
    warning = _moved(warning_id, "sign", ANSWER)
    warning.signed_at, warning.signed_by = warning_now(warning), current_principal().name
    meet_deadline(SIGNING, warning.id)
    return _kept(warning, WarningEntryKind.SIGNED, note)


@service("warnings.feed_back", permission=ANSWER)
def feed_back(warning_id: UUID, *, measures: str) -> WarningView:
    """反馈: what was found and done."""
    warning = _moved(warning_id, "feed_back", ANSWER)
    warning.measures = require_text("measures", measures, 2)
    warning.fed_back_at, warning.fed_back_by = warning_now(warning), current_principal().name
    meet_deadline(FEEDBACK, warning.id)
    return _kept(warning, WarningEntryKind.FED_BACK, measures)


@service("warnings.verify", permission=JUDGE)
def verify_warning(warning_id: UUID, *, note: str) -> WarningView:
    """核查通过, by somebody other than who gave the feedback."""
    warning = _moved(warning_id, "verify", JUDGE)
    _another_person(warning)
    warning.verified_at, warning.verified_by = warning_now(warning), current_principal().name
    return _kept(warning, WarningEntryKind.VERIFIED, require_text("note", note, 2))


@service("warnings.send_back", permission=JUDGE)
def send_back(warning_id: UUID, *, note: str) -> WarningView:
    """核查不通过: feedback is due anew, within the time of the colour."""
    warning = _moved(warning_id, "send_back", JUDGE)
    _another_person(warning)
    table = table_in_force(tables.HANDLING)
    _, within = tables.clocks(table, warning.level)
    warning.fed_back_at, warning.fed_back_by, warning.measures = None, "", ""
    warning.feedback_due_at = warning_now(warning) + within
    start_clock(warning, FEEDBACK, within, f"{table.code} {table.name} {warning.level}")
    return _kept(warning, WarningEntryKind.SENT_BACK, require_text("note", note, 2))


@service("warnings.close", permission=JUDGE)
def close_warning(warning_id: UUID, *, note: str = "") -> WarningView:
    """销警: refused while the alarm that it was made from still holds."""
    warning = _moved(warning_id, "close", JUDGE)
    if warning.subject_kind == "alarm" and find_alarm(warning.subject_id).active:
        raise Conflict(
            Text(
                "报警条件尚未恢复正常，不能销警", "The alarm's condition still holds: the warning stays open"
            ),
            next_step=Text("待参数恢复正常后再销警", "Close it once the value is back to normal"),
        )
    warning.ended_at = warning_now(warning)
    return _kept(warning, WarningEntryKind.CLOSED, note)


@service("warnings.hand_over", permission=JUDGE)
def hand_over_warning(warning_id: UUID, *, office: str, note: str) -> WarningView:
    """转执法: recorded here with the body that takes it; the case itself is that body's."""
    warning = _moved(warning_id, "hand_over", JUDGE)
    warning.enforcement_office = require_text("office", office, 2)
    warning.ended_at = warning_now(warning)
    return _kept(
        warning, WarningEntryKind.HANDED_OVER, require_text("note", note, 2), {"office": office.strip()}
    )


@service("warnings.archive", permission=JUDGE)
def archive_warning(warning_id: UUID, *, note: str = "") -> WarningView:
    """归档."""
    return _kept(_moved(warning_id, "archive", JUDGE), WarningEntryKind.ARCHIVED, note)


@service("warnings.note", permission=ANSWER)
def add_note(warning_id: UUID, *, note: str) -> WarningView:
    """Put a note on the time line."""
    return _kept(_moved(warning_id, "note", ANSWER), WarningEntryKind.NOTE, require_text("note", note, 2))


def _moved(warning_id: UUID, event: str, permission: str) -> Warning:
    """The warning, locked, with its state moved on by *event*."""
    warning = locked(Warning, warning_id, permission)
    transition = WARNING_WORKFLOW.require(event, warning, current_principal())
    if transition.target is not None:
        warning.state = str(transition.target)
    return warning


def _kept(
    warning: Warning, kind: WarningEntryKind, note: str, facts: dict[str, str] | None = None
) -> WarningView:
    add_entry(warning, kind, note, facts)
    if warning.ended_at is not None:
        for clock in (SIGNING, FEEDBACK):
            cancel_deadline(clock, warning.id)
    changed(warning)
    return warning_view(warning)


def _another_person(warning: Warning) -> None:
    if warning.fed_back_by == current_principal().name:
        raise Conflict(
            Text("核查人不能是反馈人", "Who gave the feedback does not verify it"),
            next_step=Text("请由另一人核查", "Let somebody else verify it"),
        )
