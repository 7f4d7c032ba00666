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
    kind = plain["scenario"]["kind"] if hazard is Hazard.CHEMICAL else hazard.value
    return Asked(plain, str(kind), lon, lat, input_hash)


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
