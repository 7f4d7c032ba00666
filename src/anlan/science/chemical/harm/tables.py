"""Editable tables of the engine: package data with a source and a certainty on every row.

A service may hand in a table of its own (edited, with a later version) wherever one is
read; each result names the version that it used.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty

VERSION = "2026.11"


@dataclass(frozen=True)
class Row:
    """One row: its key, its columns as written, where it comes from and how sure it is."""

    key: str
    columns: Mapping[str, str]
    source: str
    certainty: Certainty

    @property
    def label(self) -> Text:
        return Text(self.columns["zh"], self.columns["en"])

    def number(self, column: str) -> float:
        return float(self.columns[column])


@dataclass(frozen=True)
class Table:
    """Rows in the order of the table, found by key."""

    name: str
    version: str
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, key: str) -> Row:
        for row in self.rows:
            if row.key == key:
                return row
        raise NotFound(
            Text(f"表 {self.name} 中没有 {key}", f"Table {self.name} has no row {key}"),
            next_step=Text("请在标准参数库中补充该条目", "Add the row to the standards table"),
            facts={"table": self.name, "key": key},
        )

    def where(self, column: str, value: str) -> tuple[Row, ...]:
        """The rows whose *column* reads *value*."""
        return tuple(row for row in self.rows if row.columns[column] == value)


@cache
def table(name: str) -> Table:
    """The table that ships with the package.

    >>> table("thresholds")["overpressure_22"].number("value")
    22.0
    """
    text = files("anlan.science.chemical").joinpath("data", f"{name}.csv").read_text("utf-8")
    rows = tuple(
        Row(line["key"], line, line["source"], Certainty(line["certainty"]))
        for line in csv.DictReader(text.splitlines())
    )
    return Table(name, VERSION, rows)
