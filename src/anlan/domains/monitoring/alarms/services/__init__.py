"""The only writers of alarms: what people do with them, what the evaluator found, what clocks bring."""

from anlan.domains.monitoring.alarms.services.escalating import escalate_unhandled
from anlan.domains.monitoring.alarms.services.flooding import watch_flood
from anlan.domains.monitoring.alarms.services.following import confirm_group
from anlan.domains.monitoring.alarms.services.handling import (
    assign_alarm,
    close_alarm,
    comment_alarm,
    confirm_alarm,
    handle_alarm,
)
from anlan.domains.monitoring.alarms.services.maintenance import (
    declare_maintenance,
    end_maintenance,
    expire_maintenance,
)
from anlan.domains.monitoring.alarms.services.raising import (
    advance_progress,
    apply_crossings,
    reset_progress,
)
from anlan.domains.monitoring.alarms.services.releasing import release_children
from anlan.domains.monitoring.alarms.services.reporting import make_alarm_report
from anlan.domains.monitoring.alarms.services.shelving import (
    approve_shelving,
    end_shelving,
    expire_shelving,
    refuse_shelving,
    shelve_alarm,
)

__all__ = [
    "advance_progress",
    "apply_crossings",
    "approve_shelving",
    "assign_alarm",
    "close_alarm",
    "comment_alarm",
    "confirm_alarm",
    "confirm_group",
    "declare_maintenance",
    "end_maintenance",
    "end_shelving",
    "escalate_unhandled",
    "expire_maintenance",
    "expire_shelving",
    "handle_alarm",
    "make_alarm_report",
    "refuse_shelving",
    "release_children",
    "reset_progress",
    "shelve_alarm",
    "watch_flood",
]
