"""The clocks of warnings and circulars, and who hears of them."""

from datetime import timedelta

from anlan.domains.monitoring.warnings.states import HEAR_LOCAL, HEAR_REGION
from anlan.kernel.text import Text
from anlan.platform.deadlines import DeadlineKind, Step, register_deadline
from anlan.platform.deadlines.contracts import DeadlineEvent
from anlan.platform.notices import Urgency

SIGNING = "warning.sign"
FEEDBACK = "warning.feedback"
CIRCULAR = "circular.feedback"


def register_deadlines() -> None:
    """Declare the kinds; each step of a warning's also pushes it one level up."""
    for code, title, late, later in (
        (
            SIGNING,
            Text("预警签收", "Sign for a warning"),
            Text("预警超时未签收", "A warning is not signed for in time"),
            Text("预警超时 30 分钟仍未签收", "A warning is 30 minutes late for sign-off"),
        ),
        (
            FEEDBACK,
            Text("预警反馈", "Feedback on a warning"),
            Text("预警超时未反馈", "A warning is without feedback in time"),
            Text("预警超时 30 分钟仍未反馈", "A warning is 30 minutes late for feedback"),
        ),
    ):
        register_deadline(
            DeadlineKind(
                code,
                title,
                (
                    Step(timedelta(0), HEAR_LOCAL, Urgency.ATTENTION, late),
                    Step(timedelta(minutes=30), HEAR_REGION, Urgency.URGENT, later),
                ),
                handler=_escalate,
            )
        )
    register_deadline(
        DeadlineKind(
            CIRCULAR,
            Text("警示通报反馈", "Feedback on a circular"),
            (
                Step(
                    timedelta(0),
                    HEAR_LOCAL,
                    Urgency.ATTENTION,
                    Text("警示通报超时未反馈", "A circular is without feedback in time"),
                ),
            ),
        )
    )


def _escalate(event: DeadlineEvent) -> None:
    from anlan.domains.monitoring.warnings.services.escalating import escalated

    escalated(event)
