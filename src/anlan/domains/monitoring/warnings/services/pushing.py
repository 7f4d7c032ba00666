"""推送: who is told by colour, and the clocks that start with it."""

from datetime import timedelta

from anlan.domains.monitoring.warnings import tables
from anlan.domains.monitoring.warnings.deadlines import FEEDBACK, SIGNING
from anlan.domains.monitoring.warnings.models import Warning
from anlan.domains.monitoring.warnings.services.writing import add_entry, notify, warning_now
from anlan.domains.monitoring.warnings.states import (
    DUTY,
    HEAR_ENTERPRISE,
    HEAR_LOCAL,
    HEAR_REGION,
    Reach,
    WarningEntryKind,
    WarningState,
    farther,
)
from anlan.kernel.levels import WarningLevel
from anlan.platform.deadlines.services import DeadlineSpec, cancel_deadline, start_deadline
from anlan.platform.notices import Urgency
from anlan.platform.standards.queries import table_in_force

_URGENCY = {
    WarningLevel.RED: Urgency.URGENT,
    WarningLevel.ORANGE: Urgency.URGENT,
    WarningLevel.YELLOW: Urgency.ATTENTION,
    WarningLevel.BLUE: Urgency.INFO,
}


def pushed_at_once(level: WarningLevel) -> bool:
    """Whether a colour goes out without judgement."""
    return tables.push_rule(table_in_force(tables.HANDLING), level)[1]


def push(warning: Warning, note: str = "") -> None:
    """Push by the colour's row, start both clocks, and tell each audience; the caller saves.

    A warning that was pushed before is pushed anew: it must be signed for and answered again.
    """
    table = table_in_force(tables.HANDLING)
    level = WarningLevel(warning.level)
    reach, _ = tables.push_rule(table, level)
    sign_within, feedback_within = tables.clocks(table, level.value)
    at = warning_now(warning)
    warning.state = WarningState.PUSHED.value
    warning.reach = farther(Reach(warning.reach), reach).value
    warning.pushed_at = at
    warning.sign_due_at, warning.feedback_due_at = at + sign_within, at + feedback_within
    warning.signed_at = warning.fed_back_at = warning.verified_at = None
    warning.signed_by = warning.fed_back_by = warning.verified_by = warning.measures = ""
    for kind, length in ((SIGNING, sign_within), (FEEDBACK, feedback_within)):
        cancel_deadline(kind, warning.id)
        start_clock(warning, kind, length, f"{table.code} {table.name} {level.value}")
    add_entry(warning, WarningEntryKind.PUSHED, note, {"reach": warning.reach, "level": level.value})
    tell_audiences(warning)
    if level is WarningLevel.RED:
        notify(warning, DUTY, Urgency.URGENT)
        add_entry(warning, WarningEntryKind.DUTY)


def start_clock(warning: Warning, kind: str, length: timedelta, basis: str) -> None:
    """Start one of the clocks of a warning."""
    start_deadline(
        DeadlineSpec(
            kind=kind,
            subject_kind="warning",
            subject_id=warning.id,
            due_after=length,
            region=warning.region,
            zone=warning.zone,
            thread=warning.thread,
            timeline=warning.timeline,
            exercise=warning.exercise,
            basis=basis,
        )
    )


def tell_audiences(warning: Warning) -> None:
    """Tell everybody from the enterprise up to the warning's reach.

    County and city bureaus are one role that differs by its place: a notice at the county's place reaches
    its own bureau and the city's above it.
    """
    reach = list(Reach).index(Reach(warning.reach))
    urgency = _URGENCY[WarningLevel(warning.level)]
    for permission, from_reach in (
        (HEAR_ENTERPRISE, Reach.ENTERPRISE),
        (HEAR_LOCAL, Reach.COUNTY),
        (HEAR_REGION, Reach.REGION),
    ):
        if reach >= list(Reach).index(from_reach):
            notify(warning, permission, urgency)
