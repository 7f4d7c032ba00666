"""Counters that say when the door and the evaluator must read their tables again."""

from anlan.domains.monitoring.points.models import TableVersion

REGISTRY = "registry"
RULES = "rules"


def table_version(name: str) -> int:
    """The present number of the counter *name*; raised by triggers in the changing transaction."""
    return TableVersion.objects.values_list("number", flat=True).get(name=name)
