"""The only writers of alarms: what people do with them, and what the evaluator found."""

from anlan.domains.monitoring.alarms.services.handling import (
    close_alarm,
    comment_alarm,
    confirm_alarm,
    handle_alarm,
)
from anlan.domains.monitoring.alarms.services.raising import (
    advance_progress,
    apply_crossings,
    reset_progress,
)

__all__ = [
    "advance_progress",
    "apply_crossings",
    "close_alarm",
    "comment_alarm",
    "confirm_alarm",
    "handle_alarm",
    "reset_progress",
]
