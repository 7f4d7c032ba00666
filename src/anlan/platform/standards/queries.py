"""Which version of a table is in force, and what it says."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from anlan.kernel.clock import now
from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.commands import record_version
from anlan.platform.standards.declaration import TableRow
from anlan.platform.standards.models import Row, Version
from anlan.platform.standards.views import RowDifference, TableVersion, difference

CHINA = ZoneInfo("Asia/Shanghai")
"""Standards take effect at midnight in China."""


def table_in_force(code: str, at: datetime | None = None) -> TableVersion:
    """The version of table *code* in force at *at* (now, by the current clock).

    Inside a service its number is kept with the command's record. Raises `NotFound`
    when there is no such table, or none in force yet.
    """
    day = (at or now()).astimezone(CHINA).date()
    found = (
        Version.objects.filter(table__code=code, effective_from__lte=day)
        .order_by("-effective_from", "-number")
        .values_list("id", flat=True)
        .first()
    )
    if found is None:
        raise NotFound(
            Text(f"标准参数表 {code} 在 {day} 尚无有效版本", f"No version of {code} is in force on {day}"),
            facts={"table": code, "day": day.isoformat()},
        )
    version = version_of(found)
    record_version(code, version.number)
    return version


def table_version(code: str, number: int) -> TableVersion:
    """Version *number* of table *code*. Raises `NotFound`."""
    found = Version.objects.filter(table__code=code, number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(facts={"table": code, "version": number})
    return version_of(found)


def version_differences(code: str, before: int, after: int) -> list[RowDifference]:
    """What version *after* of a table says differently from version *before*."""
    return difference(table_version(code, before).rows, table_version(code, after).rows)


@lru_cache(maxsize=256)
def version_of(id: UUID) -> TableVersion:
    """A version with its rows; a version never changes, so it is read once."""
    version = Version.objects.select_related("table").get(pk=id)
    rows = {row.key: row_value(row) for row in Row.objects.filter(version_id=id)}
    return TableVersion(
        version.id, version.table.code, version.number, version.effective_from, version.source, rows
    )


def row_value(row: Row) -> TableRow:
    """A stored row as a value."""
    return TableRow(row.key, dict(row.values), row.clause, Certainty(row.certainty), row.note)
