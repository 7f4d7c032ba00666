"""The parameters of a scenario: from a worked case or a person's own file, at a place, in the weather of the hour.

Loads the engine with its libraries: imported where a scenario is written or run, never at a process's start.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.kernel.errors import Problem
from anlan.science.params import made_params, plain_params
from anlan.science.simulators import simulator


@dataclass(frozen=True)
class Asked:
    """Parameters that an engine has accepted, with every default filled in, and their hash."""

    params: dict[str, Any]
    kind: str
    lon: float
    lat: float
    input_hash: str


def asked(hazard: str, said: Mapping[str, Any]) -> Asked:
    """*said* as the engine reads it. Raises `InvalidFields` about ``params``, with the path of the field at fault."""
    engine = simulator(hazard)
    try:
        made = made_params(dict(said), engine.Params)
        engine.check(made)
    except Problem as problem:
        raise refuse_field("params", problem.title.zh, problem.title.en) from problem
    plain = plain_params(made)
    site = plain["site"]
    return Asked(plain, str(plain["scenario"]["kind"]), site["lon"], site["lat"], engine.hash_of(made))


def from_case(hazard: str, name: str) -> dict[str, Any]:
    """The parameters of a worked case."""
    said: dict[str, Any] = json.loads(simulator(hazard).case_content(name))
    return said


def from_text(text: str) -> dict[str, Any]:
    """The parameters that a person has written. Raises `InvalidFields`."""
    try:
        said = json.loads(text)
    except ValueError as problem:
        raise refuse_field(
            "params", f"不是有效的 JSON：{problem}", f"This is not valid JSON: {problem}"
        ) from None
    if not isinstance(said, dict):
        raise refuse_field("params", "应为 JSON 对象", "This must be a JSON object")
    return said


def in_weather(known: WeatherView, of: Mapping[str, Any]) -> dict[str, Any]:
    """The weather section with the county's wind, temperature and cloud; stability follows from time and cloud."""
    humidity = known.humidity_percent
    return {
        **{key: value for key, value in of.items() if key in ("pressure_pa", "mixing_height_m")},
        "wind_m_s": known.wind_m_s,
        "wind_from_deg": known.wind_from_deg % 360.0,
        "at": known.at.isoformat(),
        "cloud_tenths": known.cloud_tenths,
        "temperature_k": round(known.temperature_c + 273.15, 2),
        "humidity": 0.5 if humidity is None else humidity / 100,
    }
