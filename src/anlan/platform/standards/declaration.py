"""The words in which an app declares a table of thresholds or factors, and its first content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anlan.kernel.text import NO_WORDS, Text
from anlan.kernel.validation import Certainty

Value = float | str | None


@dataclass(frozen=True)
class TableColumn:
    """One value of each row; a *number* carries its unit, in which it is shown and kept."""

    name: str
    title: Text
    kind: Literal["number", "text"] = "number"
    unit: str = ""
    required: bool = True


@dataclass(frozen=True)
class TableRow:
    """One row: its *key* is stable over all versions; *clause* says where in the source it stands.

    *certainty* is how sure the content is, not how sure the science: a row that is not
    ``SURE`` shows the badge “needs confirmation” wherever its number is used.
    """

    key: str
    values: Mapping[str, Value]
    clause: str = ""
    certainty: Certainty = Certainty.PROBABLE
    note: str = ""

    @property
    def needs_confirmation(self) -> bool:
        return self.certainty is not Certainty.SURE


@dataclass(frozen=True)
class StandardTable:
    """A table by its code, as its app declares it.

    *basis* names the standard or document; *first* gives the rows of version 1, in
    force from *effective_from*. Later versions are made by people and never touched here.
    """

    code: str
    title: Text
    basis: str
    columns: tuple[TableColumn, ...]
    effective_from: date
    first: Callable[[], Sequence[TableRow]]
    note: Text = NO_WORDS

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not names:
            raise ValueError(f"table {self.code}: the columns need names of their own")


_tables: dict[str, StandardTable] = {}


def register_table(table: StandardTable) -> None:
    """Declare *table*; call it in `AppConfig.ready`. The same code twice is refused."""
    if table.code in _tables:
        raise ValueError(f"table {table.code} is declared twice")
    _tables[table.code] = table


def registered_tables() -> dict[str, StandardTable]:
    """All declared tables, by code."""
    return dict(_tables)
