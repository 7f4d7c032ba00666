"""The only writers of warnings and circulars."""

from anlan.domains.monitoring.warnings.services.circulars import (
    circular_feed_back,
    close_circular,
    issue_circular,
    send_back_circular,
    sign_circular,
)
from anlan.domains.monitoring.warnings.services.generating import (
    generate_warning,
    warn_from_alarm,
    warn_from_discrepancy,
)
from anlan.domains.monitoring.warnings.services.handling import (
    add_note,
    archive_warning,
    close_warning,
    dismiss_warning,
    feed_back,
    hand_over_warning,
    push_warning,
    send_back,
    sign_warning,
    verify_warning,
)

__all__ = [
    "add_note",
    "archive_warning",
    "circular_feed_back",
    "close_circular",
    "close_warning",
    "dismiss_warning",
    "feed_back",
    "generate_warning",
    "hand_over_warning",
    "issue_circular",
    "push_warning",
    "send_back",
    "send_back_circular",
    "sign_circular",
    "sign_warning",
    "verify_warning",
    "warn_from_alarm",
    "warn_from_discrepancy",
]
