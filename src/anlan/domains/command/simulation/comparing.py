"""Two results of one hazard side by side."""

from collections.abc import Iterator, Mapping
from typing import Any

from anlan.domains.command.simulation.models import Simulation
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


def compared(one: Simulation, other: Simulation) -> dict[str, Any]:
    """Inputs that differ (by path), the figures of both, their losses, and every zone of either with its reach, area
    and people; None where one has none.

    Raises `Invalid` for results of two hazards.
    """
    if one.hazard != other.hazard:
        raise Invalid(Text("不同灾种的结果不能比较", "Results of two hazards cannot be compared"))
    zones, beside = _zones(one), _zones(other)
    return {
        "one": _named(one),
        "other": _named(other),
        "inputs": _differences(one.params, other.params),
        "figures": _beside(one.summary["figures"], other.summary["figures"]),
        "losses": _beside(_losses(one), _losses(other)),
        "zones": [
            {
                "name": name,
                "label": (zones.get(name) or beside[name])["label"],
                "one": _figures(zones.get(name)),
                "other": _figures(beside.get(name)),
            }
            for name in dict.fromkeys((*zones, *beside))
        ],
    }


def _beside(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each figure of either, with both values."""
    names = dict.fromkeys((*one, *other))
    return [{"name": name, "one": one.get(name), "other": other.get(name)} for name in names]


def _losses(row: Simulation) -> dict[str, Any]:
    """What an earthquake comes to in all: deaths, loss and homeless; nothing where no losses were counted."""
    total = (row.losses or {}).get("total", {})
    return {name: total[name] for name in ("deaths", "loss_yuan", "homeless") if name in total}


def _named(row: Simulation) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "title": row.title,
        "computed_at": row.computed_at.isoformat(),
        "synthetic": row.synthetic,
        "run": str(row.run),
    }


def _zones(row: Simulation) -> dict[str, dict[str, Any]]:
    """By name, in the order of the summary: what is said of the zone, with the people inside."""
    return {zone["name"]: zone | {"people": row.people.get(zone["name"])} for zone in row.summary["zones"]}


def _figures(zone: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if zone is None:
        return None
    return {name: zone[name] for name in ("level", "unit", "reached", "farthest_m", "area_m2", "people")}


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Paths whose values differ, the run's name and note aside."""
    flat, beside = dict(_flat("$", one)), dict(_flat("$", other))
    return [
        {"path": path, "one": flat.get(path), "other": beside.get(path)}
        for path in dict.fromkeys((*flat, *beside))
        if flat.get(path) != beside.get(path) and not path.startswith(("$.name", "$.note"))
    ]


def _flat(path: str, said: object) -> Iterator[tuple[str, object]]:
    if isinstance(said, Mapping):
        for key, value in said.items():
            yield from _flat(f"{path}.{key}", value)
    elif isinstance(said, list):
        for index, value in enumerate(said):
            yield from _flat(f"{path}[{index}]", value)
    else:
        yield path, said
