"""超时升级: each step of a clock that runs over pushes the warning one level up."""

from anlan.domains.monitoring.warnings.models import Warning
from anlan.domains.monitoring.warnings.services.writing import add_entry, changed
from anlan.domains.monitoring.warnings.states import OPEN_STATES, Reach, WarningEntryKind, one_up
from anlan.platform.deadlines.contracts import DeadlineEvent, kind_of


def escalated(event: DeadlineEvent) -> None:
    """Part of the deadline's own transaction, as the worker; the deadline has told the audience of the step."""
    warning = Warning.objects.select_for_update().filter(id=event.subject_id, state__in=OPEN_STATES).first()
    if warning is None:
        return
    warning.reach = one_up(Reach(warning.reach)).value
    add_entry(
        warning,
        WarningEntryKind.ESCALATED,
        kind_of(event.kind).steps[event.step].title.zh,
        {"clock": event.kind, "step": event.step, "reach": warning.reach},
    )
    changed(warning)
