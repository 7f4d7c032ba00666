"""The clocks of an incident and who hears of them."""

from datetime import timedelta

from anlan.domains.command.incidents.states import HANDLE, READ
from anlan.kernel.text import Text
from anlan.platform.deadlines import DeadlineKind, Step, register_deadline
from anlan.platform.notices import Urgency

HANDLING = "incident.handling"
REPORT_UP = "incident.report_up"


def register_deadlines() -> None:
    """Declare both kinds."""
    register_deadline(
        DeadlineKind(
            HANDLING,
            Text("开始处置", "Begin handling"),
            (
                Step(
                    timedelta(0),
                    HANDLE,
                    Urgency.ATTENTION,
                    Text("事件超时未处置", "An incident waits for handling"),
                ),
                Step(
                    timedelta(minutes=30),
                    READ,
                    Urgency.URGENT,
                    Text("事件超时 30 分钟仍未处置", "An incident has waited 30 minutes too long"),
                ),
            ),
        )
    )
    register_deadline(
        DeadlineKind(
            REPORT_UP,
            Text("逐级上报", "Report upwards"),
            (
                Step(
                    -timedelta(minutes=30),
                    HANDLE,
                    Urgency.ATTENTION,
                    Text("上报时限还有 30 分钟", "30 minutes left to report upwards"),
                ),
                Step(timedelta(0), READ, Urgency.URGENT, Text("上报已超时", "The report upwards is overdue")),
            ),
        )
    )
