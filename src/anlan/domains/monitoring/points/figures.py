"""Which columns of a limit make the rule, and may be changed."""

from anlan.domains.monitoring.points.models import Limit

EDITABLE = ("threshold", "deadband", "on_delay_s", "off_delay_s", "level", "enabled", "note")
BEHAVIOUR = (
    "name",
    "window_s",
    "reference_id",
    "needed",
    "repeat_count",
    "repeat_window_s",
    "calendar",
    "valid_from",
    "valid_until",
    "silent",
    "members",
)


def figures_of(limit: Limit) -> dict[str, object]:
    """All that makes the rule, by name."""
    names = (*EDITABLE, *BEHAVIOUR, "template", "template_version", "template_key", "overridden")
    return {name: getattr(limit, name) for name in names}
