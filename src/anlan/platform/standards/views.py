"""A version of a table as those who calculate with it see it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anlan.kernel.errors import NotFound
from anlan.kernel.models import canonical_json
from anlan.kernel.text import Text
from anlan.platform.standards.declaration import TableRow, Value


@dataclass(frozen=True)
class TableVersion:
    """One version with its rows by key; *name* is what a manifest says of it."""

    id: UUID
    code: str
    number: int
    effective_from: date
    source: str
    rows: Mapping[str, TableRow]

    @property
    def name(self) -> str:
        return f"v{self.number} ({self.effective_from.isoformat()})"

    def row(self, key: str) -> TableRow:
        """The row of *key*. Raises `NotFound`."""
        found = self.rows.get(key)
        if found is None:
            raise NotFound(
                Text(f"标准参数表 {self.code} 中没有“{key}”", f"The table {self.code} has no “{key}”"),
                next_step=Text(
                    "请核对名称或 CAS 号，或先在标准参数表中增补",
                    "Check the name or CAS number, or add the row to the table first",
                ),
                facts={"table": self.code, "version": self.number, "key": key},
            )
        return found

    def number_of(self, key: str, column: str) -> float:
        """The number in *column* of the row *key*. Raises `NotFound` when there is none."""
        value = self.row(key).values.get(column)
        if not isinstance(value, int | float):
            raise NotFound(
                Text(
                    f"标准参数表 {self.code} 的“{key}”没有 {column}",
                    f"The row “{key}” of the table {self.code} has no {column}",
                ),
                facts={"table": self.code, "version": self.number, "key": key, "column": column},
            )
        return float(value)


@dataclass(frozen=True)
class RowDifference:
    """How one row differs between two versions: None for a row that one of them lacks."""

    key: str
    before: TableRow | None
    after: TableRow | None
    columns: tuple[str, ...]


def difference(before: Mapping[str, TableRow], after: Mapping[str, TableRow]) -> list[RowDifference]:
    """Rows that were added, taken away or changed, in the order of *after*, then what is gone."""
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old != new:
            found.append(RowDifference(key, old, new, _changed(old, new)))
    return found


def rows_digest(rows: Iterable[TableRow]) -> str:
    """SHA-256 over all that the rows say."""
    said = [
        [row.key, dict(row.values), row.clause, row.certainty.value, row.note]
        for row in sorted(rows, key=lambda row: row.key)
    ]
    return hashlib.sha256(canonical_json(said)).hexdigest()


def _changed(old: TableRow | None, new: TableRow | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    values = {**old.values, **new.values}
    names = [name for name in values if old.values.get(name) != new.values.get(name)]
    names += [name for name in ("clause", "certainty", "note") if getattr(old, name) != getattr(new, name)]
    return tuple(names)


def plain_values(values: Mapping[str, Value], columns: Sequence[str]) -> dict[str, Value]:
    """*values* with a place for each of *columns*, in their order."""
    return {name: values.get(name) for name in columns}
