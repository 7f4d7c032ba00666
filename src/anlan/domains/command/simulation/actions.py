"""What follows from a result for those who respond: rows of the table, with this run's distances in them."""

from collections.abc import Collection, Mapping
from typing import Any

from anlan.domains.command.simulation.tables import ACTIONS
from anlan.platform.standards.declaration import TableRow
from anlan.platform.standards.queries import table_in_force

_NO_EVENT = frozenset({"individual_risk", "probability"})
"""What is drawn without anything having happened: nobody is on the way there."""


def actions_for(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows whose zone is reached (or that need none), filled in; each with source, certainty and table version.

    Within a service: the version is kept with the command's record.
    """
    table = table_in_force(ACTIONS)
    groups = {zone["group"] for zone in summary["zones"] if zone["reached"]}
    reach = {zone["name"]: zone["farthest_m"] for zone in summary["zones"] if zone["reached"]}
    weather = summary["inputs"].get("weather")
    wind = 0.0
    if isinstance(weather, Mapping) and groups - _NO_EVENT:  # one weather for the event, not a fire's stages
        groups.add("air")
        wind = weather["wind_from_deg"]
    return [
        _filled(row, reach.get(str(row.values["zone"])), wind) | {"table": f"{ACTIONS}/{table.number}"}
        for row in table.rows.values()
        if _applies(row, groups, reach)
    ]


def _applies(row: TableRow, groups: Collection[str], reach: Mapping[str, float]) -> bool:
    zone = row.values.get("zone")
    return row.values["group"] in groups and (not zone or zone in reach)


def _filled(row: TableRow, distance_m: float | None, wind_from_deg: float) -> dict[str, Any]:
    figures = {"{distance}": f"{distance_m or 0.0:,.0f}", "{wind_from}": f"{wind_from_deg:.0f}"}
    return {
        "key": row.key,
        "zone": row.values.get("zone"),
        "distance_m": distance_m,
        "zh": _with(str(row.values["zh"]), figures),
        "en": _with(str(row.values["en"]), figures),
        "source": row.clause,
        "certainty": row.certainty.value,
        "needs_confirmation": row.needs_confirmation,
    }


def _with(words: str, figures: Mapping[str, str]) -> str:
    """*words* with the figures in their places; people edit the table, so that nothing else in it is looked at."""
    for name, figure in figures.items():
        words = words.replace(name, figure)
    return words
