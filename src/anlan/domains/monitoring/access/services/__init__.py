"""The only writers of connections."""

from anlan.domains.monitoring.access.services.applying import (
    add_signal,
    apply_for_connection,
    match_points,
    set_point,
)
from anlan.domains.monitoring.access.services.assessing import (
    assess_month,
    assess_month_of_all,
    measure_completeness,
)
from anlan.domains.monitoring.access.services.reviewing import (
    accept_connection,
    begin_commissioning,
    change_connection,
    reapply_connection,
    send_back_connection,
    verify_connection,
    withdraw_connection,
)
from anlan.domains.monitoring.access.services.rules import apply_family_rules

__all__ = [
    "accept_connection",
    "add_signal",
    "apply_family_rules",
    "apply_for_connection",
    "assess_month",
    "assess_month_of_all",
    "begin_commissioning",
    "change_connection",
    "match_points",
    "measure_completeness",
    "reapply_connection",
    "send_back_connection",
    "set_point",
    "verify_connection",
    "withdraw_connection",
]
