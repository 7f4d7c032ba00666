"""The parameters of a scenario: from a worked case or a person's own file, at a place, in the weather of the hour.

Loads the engine with its libraries: imported where a scenario is written or run, never at a process's start.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anlan.domains.command.simulation.states import Hazard
from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.weather.contracts import WeatherView
from anlan.kernel.errors import NotFound, Problem
from anlan.kernel.text import Text
from anlan.platform.files.models import StoredFile
from anlan.platform.files.store import content_of
from anlan.science.params import made_params, plain_params
from anlan.science.simulators import Simulator, cases_of, files_of, hashed, simulator


@dataclass(frozen=True)
class Asked:
    """Parameters that an engine has accepted, with every default filled in, and their hash."""

    params: dict[str, Any]
    kind: str
    lon: float
    lat: float
    input_hash: str


def asked(hazard: Hazard, said: Mapping[str, Any]) -> Asked:
    """*said* as the engine reads it. Raises `InvalidFields` about ``params``, with the path of the field at fault."""
    engine = simulator(hazard.value)
    try:
        made = made_params(dict(said), engine.Params)
        engine.check(made)
        given = given_for(engine, made)
        input_hash = hashed(engine, made, given)
        plain = plain_params(made)
        lon, lat = _place(hazard, plain, made, given)
    except Problem as problem:
        raise refuse_field("params", problem.title.zh, problem.title.en) from problem
    return Asked(plain, _kind(hazard, plain), lon, lat, input_hash)


def _kind(hazard: Hazard, plain: Mapping[str, Any]) -> str:
    """What of its hazard it is: the accident, the chain; else the hazard itself."""
    section = {Hazard.CHEMICAL: "scenario", Hazard.CASCADE: "chain"}.get(hazard)
    return hazard.value if section is None else str(plain[section]["kind"])


def given_for(engine: Simulator, made: Any) -> dict[str, bytes]:
    """The content of the files that the parameters name: ids of files in the store that the principal may see.

    Call it inside a service or `read_scope`. Raises `NotFound`.
    """
    return {name: _stored(name) for name in files_of(engine, made)}


def _stored(name: str) -> bytes:
    try:
        found = StoredFile.objects.filter(id=UUID(name)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(
            Text(f"没有编号为 {name} 的文件", f"There is no file with the id {name}"),
            next_step=Text("请先上传地形文件，再填写其编号", "Store the terrain first and give its id"),
        )
    return content_of(found.sha256)


def _place(
    hazard: Hazard, plain: Mapping[str, Any], made: Any, given: Mapping[str, bytes]
) -> tuple[float, float]:
    """Where it is: as the parameters say, or the middle of the raster that they name."""
    section = plain[hazard.place]
    if "lon" in section:
        return float(section["lon"]), float(section["lat"])
    from anlan.science.terrain.asked import middle_of, terrain_of

    return middle_of(terrain_of(made.terrain, given).grid)


def from_case(hazard: Hazard, name: str) -> dict[str, Any]:
    """The parameters of a worked case."""
    said: dict[str, Any] = json.loads(cases_of(hazard.value).content(name))
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


def moved(said: Any, hazard: Hazard, lon: float, lat: float) -> dict[str, Any]:
    """The parameters at another place: everything that they name (ignitions, inflows, lines) goes along.

    Parameters whose place is that of a raster beside them name none, and stay.
    """
    section = said.get(hazard.place)
    section = section if isinstance(section, dict) else {}
    if section.get("kind") == "file":
        return dict(said)
    old_lon, old_lat = section.get("lon"), section.get("lat")
    shifted = dict(said)
    if isinstance(old_lon, int | float) and isinstance(old_lat, int | float):
        shifted = _shifted(said, lon - old_lon, lat - old_lat)
    return {**shifted, hazard.place: {**(shifted.get(hazard.place) or {}), "lon": lon, "lat": lat}}


def _shifted(said: Any, east: float, north: float) -> Any:
    """*said* with every pair of ``lon`` and ``lat``, and every point of ``points``, shifted by degrees."""
    if isinstance(said, dict):
        made = {name: _shifted(value, east, north) for name, value in said.items()}
        if all(isinstance(said.get(name), int | float) for name in ("lon", "lat")):
            made |= {"lon": round(said["lon"] + east, 9), "lat": round(said["lat"] + north, 9)}
        if isinstance(said.get("points"), list):
            made["points"] = [[round(x + east, 9), round(y + north, 9)] for x, y in said["points"]]
        return made
    return [_shifted(one, east, north) for one in said] if isinstance(said, list) else said


def takes_weather(hazard: Hazard, said: Mapping[str, Any]) -> bool:
    """Whether the weather of the hour has a place in these parameters."""
    if hazard is Hazard.CASCADE:
        chain = said.get("chain")
        return isinstance(chain, Mapping) and "weather" in chain
    return hazard in (Hazard.CHEMICAL, Hazard.WILDFIRE)


def with_weather(hazard: Hazard, said: dict[str, Any], known: WeatherView) -> dict[str, Any]:
    """The parameters in the county's weather of the hour.

    A fire burns in it from beginning to end; the moisture of its fuel stays as given, for nobody measures it hourly.
    """
    wind = {"wind_m_s": known.wind_m_s, "wind_from_deg": known.wind_from_deg % 360.0}
    if hazard is Hazard.CASCADE:
        return {**said, "chain": {**said["chain"], "weather": wind}}
    if hazard is Hazard.WILDFIRE:
        stages = said.get("weather")
        first = stages[0] if isinstance(stages, list) and stages and isinstance(stages[0], dict) else {}
        air = {"temperature_c": known.temperature_c, "humidity_percent": known.humidity_percent}
        measured = {name: value for name, value in air.items() if value is not None}
        return {**said, "weather": [{**first, **measured, **wind, "from_s": 0.0}]}
    of = said.get("weather")
    return {**said, "weather": in_weather(known, of if isinstance(of, dict) else {})}


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
