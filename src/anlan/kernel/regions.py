"""Codes of administrative divisions (GB/T 2260; towns GB/T 10114, villages 12 digits).

Codes are hierarchical prefixes. A functional zone such as 宁东 has no code of
its own there: it is a mapping kept by `platform.scope`, never a prefix.
"""

import csv
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class RegionLevel(IntEnum):
    """Level of a division, by the digits of its code that are in use."""

    PROVINCE = 2
    PREFECTURE = 4
    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


class Region(NamedTuple):
    """A division: its full code and its Chinese and English names."""

    code: str
    zh: str
    en: str


def level_of(code: str) -> RegionLevel:
    """The level of *code*.

    >>> level_of("640181").name, level_of("640100").name, level_of("640000").name
    ('COUNTY', 'PREFECTURE', 'PROVINCE')

    Raises `ValueError` for anything that is not 6, 9 or 12 digits.
    """
    if len(code) not in (6, 9, 12) or not code.isascii() or not code.isdigit():
        raise ValueError(f"{code!r} is not a division code of 6, 9 or 12 digits")
    if len(code) > 6:
        return RegionLevel(len(code))
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.PREFECTURE if code.endswith("00") else RegionLevel.COUNTY


def prefix_of(code: str) -> str:
    """The digits of *code* that all divisions below it share.

    >>> prefix_of("640100"), prefix_of("640181")
    ('6401', '640181')
    """
    return code[: level_of(code)]


def is_within(code: str, ancestor: str) -> bool:
    """Whether *code* is *ancestor* or lies below it.

    >>> is_within("640181", "640100"), is_within("640181", "640200")
    (True, False)
    """
    level_of(code)
    return code.startswith(prefix_of(ancestor))


@cache
def ningxia() -> tuple[Region, ...]:
    """The region, its 5 prefectures and 22 counties, in the order of their codes."""
    table = files("anlan.kernel").joinpath("data/ningxia_regions.csv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return tuple(Region(row["code"], row["zh"], row["en"]) for row in rows)
