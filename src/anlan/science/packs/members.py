"""The parameters of a pack's members."""

import json
from collections.abc import Mapping
from typing import Any

from anlan.science.packs.declaration import Pack, PackMember
from anlan.science.simulators import cases_of

_SEEDED = {"cascade": (), "wildfire": ("uncertainty",), "chemical": ("uncertainty",)}
"""Where the seed stands in the parameters of an engine that draws."""


def member_params(pack: Pack, member: PackMember, terrain: str | None = None) -> dict[str, Any]:
    """The file of parameters of *member*: its case, changed, called as it is in the pack, drawn with the pack's seed.

    *terrain* names a raster that takes the place of the case's own terrain, where it has one.
    """
    said = merged(json.loads(cases_of(member.hazard).content(member.case)), member.changes)
    said["name"] = {"zh": member.name.zh, "en": member.name.en}
    said["note"] = {"zh": pack.state.zh, "en": pack.state.en}
    section = _section(said, _SEEDED.get(member.hazard))
    if section is not None:
        section["seed"] = pack.seed
    if terrain is not None and "terrain" in said:
        said["terrain"] = {"kind": "file", "file": terrain}
    return said


def merged(said: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """*said* with *changes*, section by section; a list or value is replaced whole.

    >>> merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}})
    {'a': {'b': 1, 'c': 4}, 'd': 3}
    """
    made = dict(said)
    for name, value in changes.items():
        old = made.get(name)
        nested = isinstance(value, Mapping) and isinstance(old, Mapping)
        made[name] = merged(old, value) if nested else value  # type: ignore[arg-type]
    return made


def _section(said: dict[str, Any], path: tuple[str, ...] | None) -> dict[str, Any] | None:
    """The section that holds the seed; None for an engine, or a member, that draws nothing."""
    if path is None:
        return None
    section: Any = said
    for name in path:
        section = section.get(name)
        if not isinstance(section, dict):
            return None
    return section  # type: ignore[no-any-return]
