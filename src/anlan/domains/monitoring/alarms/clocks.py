"""The clocks of alarms; what happens at them is told by the services that hear of them.

They run in the worker like all deadlines, so they survive restarts and no step is lost.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from anlan.kernel.text import Text
from anlan.platform.deadlines import DeadlineKind, Step, register_deadline
from anlan.platform.deadlines.contracts import DeadlineEvent
from anlan.platform.notices import Urgency

UNHANDLED = "alarm.unhandled"
SHELVED = "alarm.shelved"
MAINTENANCE = "alarm.maintenance"
FLOOD = "alarm.flood"
GRACE = "alarm.gateway_grace"

_TITLES = {
    UNHANDLED: Text("报警确认", "Confirm the alarm"),
    SHELVED: Text("搁置到期", "End of shelving"),
    MAINTENANCE: Text("检修窗口结束", "End of maintenance"),
    FLOOD: Text("报警潮平息判定", "Whether a flood of alarms has subsided"),
    GRACE: Text("网关恢复后等待测点恢复", "Points follow their gateway"),
}


def register_deadlines() -> None:
    """Declare the kinds. What is told at a step depends on tables, so the handlers tell it."""
    from anlan.domains.monitoring.alarms import services

    heard: dict[str, Callable[[UUID], object]] = {
        SHELVED: services.expire_shelving,
        MAINTENANCE: services.expire_maintenance,
        FLOOD: services.watch_flood,
        GRACE: services.release_children,
    }
    for kind, service in heard.items():
        _register(kind, partial(_about_its_subject, service))
    _register(UNHANDLED, _escalate)


def _about_its_subject(service: Callable[[UUID], object], event: DeadlineEvent) -> None:
    service(event.subject_id)


def _escalate(event: DeadlineEvent) -> None:
    from anlan.domains.monitoring.alarms.services import escalate_unhandled

    escalate_unhandled(event.subject_kind, event.subject_id)


def _register(kind: str, handler: Callable[[DeadlineEvent], None]) -> None:
    step = Step(timedelta(0), None, Urgency.ATTENTION, _TITLES[kind])
    register_deadline(DeadlineKind(kind, _TITLES[kind], (step,), handler))
