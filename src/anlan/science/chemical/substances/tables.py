"""The engine's own tables, shipped with the package and read once."""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from anlan.kernel.validation import Certainty

ENDPOINTS_VERSION = "pyeldqm-0.1.3/2026-11-23"
DURATIONS_VERSION = "2026-11-25"
ENDPOINTS_SOURCE = "ALOHA-type chemical library (PyPI pyeldqm 0.1.3, MIT), CAS re-padded"


class Named(NamedTuple):
    """A Chinese name and UN number by CAS."""

    zh: str
    un: str
    source: str


class Durations(NamedTuple):
    """AEGL values in ppm by minutes of exposure."""

    ppm: dict[int, float]
    source: str
    certainty: Certainty


@cache
def endpoint_rows() -> dict[str, dict[str, str]]:
    """Rows of ``endpoints.csv`` by CAS, as written."""
    return {row["cas"]: row for row in _rows("endpoints.csv")}


@cache
def names() -> dict[str, Named]:
    """Chinese names and UN numbers by CAS."""
    return {row["cas"]: Named(row["name_zh"], row["un"], row["source"]) for row in _rows("names_zh.csv")}


@cache
def toxic_gas_beta() -> dict[str, float]:
    """Correction factors β of the named toxic gases by CAS (GB 18218-2018 table 3)."""
    return {row["cas"]: float(row["beta"]) for row in _rows("toxic_gas_beta.csv")}


@cache
def aegl_durations() -> dict[tuple[str, int], Durations]:
    """AEGL values by (CAS, level) for the exposures that were entered."""
    found = {}
    for row in _rows("aegl_durations.csv"):
        ppm = {minutes: float(row[str(minutes)]) for minutes in (10, 30, 60, 240, 480)}
        found[row["cas"], int(row["level"])] = Durations(ppm, row["source"], Certainty(row["certainty"]))
    return found


def _rows(name: str) -> list[dict[str, str]]:
    path = files("anlan.science.chemical") / "data" / name
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
