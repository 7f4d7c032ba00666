"""Tables that ship inside the package: read once, and named by what is in them.

A table's version is a digest of its bytes, so that a manifest can say which one decided a number.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class PackagedTable:
    """Rows of a CSV file in their order, by column name, and the table's version."""

    name: str
    rows: tuple[Mapping[str, str], ...]
    version: str


@cache
def packaged_table(package: str, name: str) -> PackagedTable:
    """The table ``data/NAME.csv`` of *package*.

    >>> packaged_table("anlan.science.seismic", "attenuation").rows[0]["set"]
    'qingzang_2015'
    """
    content = files(package).joinpath(f"data/{name}.csv").read_bytes()
    rows = csv.DictReader(content.decode("utf-8").splitlines())
    return PackagedTable(name, tuple(rows), hashlib.sha256(content).hexdigest()[:12])
