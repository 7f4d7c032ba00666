"""The run itself: terrain and water in; depth, speed, arrival, hazard and their outlines out."""

from dataclasses import replace
from typing import Any

import numpy as np

from anlan.kernel.fields import Field, Grid
from anlan.kernel.models import Caveat, ModelCard
from anlan.kernel.text import Text
from anlan.science.flood.breach import Breach, Hydrograph, Reservoir, breach_geometry, breach_hydrograph
from anlan.science.flood.edges import Edge, EdgeSegment
from anlan.science.flood.rainfall import Rain, triangular, uniform
from anlan.science.flood.run import LOCAL_INERTIAL, SHALLOW_WATER, FloodResult
from anlan.science.flood.run import run as run_flood
from anlan.science.flood.scenario import DEPTH_CLASSES_M, FloodScenario, Scheme
from anlan.science.flood.simulation.params import DamBreach, Params, Storm
from anlan.science.flood.structures import Inflow
from anlan.science.params import plain_params, read_params, refused_at
from anlan.science.products import Outcome, Step, Zone, no_report
from anlan.science.products.outlines import outline_of
from anlan.science.products.result import input_hash
from anlan.science.terrain.asked import Given, cell_at, digest_of, files_in, middle_of, terrain_of

ENGINE = f"flood-simulation/1, {SHALLOW_WATER.version}/{LOCAL_INERTIAL.version}"
_SIDE = 1.0
"""Slope of a breach's sides, horizontal per vertical."""
_HAZARDS = (
    Text("人员危险：低", "hazard to people: low"),
    Text("人员危险：中", "hazard to people: moderate"),
    Text("人员危险：较高", "hazard to people: significant"),
    Text("人员危险：极高", "hazard to people: extreme"),
)


def read(content: bytes) -> Params:
    """The parameters of a file. Raises `Invalid` with the path of the field that is wrong."""
    return read_params(content, Params)


def files_of(asked: Params) -> tuple[str, ...]:
    """The files that the parameters name."""
    return files_in(asked.terrain)


def hash_of(asked: Params, given: Given | None = None) -> str:
    """By what a result is stored: the same for the same question on the same terrain."""
    plain = plain_params(asked) | {"terrain_sha256": digest_of(asked.terrain, given or {})}
    return input_hash("flood", ENGINE, plain)


def check(asked: Params) -> None:
    """Refuse at once what a run would refuse before it computes."""
    if asked.storm is None and not asked.inflows and asked.dam is None:
        raise refused_at(
            "$", Text("没有降雨、入流或溃坝，不会有洪水", "there is no storm, inflow or dam: no flood")
        )
    for index, one in enumerate(asked.inflows):
        if len(one.times_s) != len(one.m3_s) or any(np.diff(one.times_s) <= 0):
            raise refused_at(
                f"$.inflows[{index}].times_s",
                Text("时刻应递增，且与流量逐一对应", "the times must rise, one for each discharge"),
            )


def simulate(asked: Params, report: Step = no_report, given: Given | None = None) -> Outcome:
    """Rasters and outlines of *asked*; *report* hears how far it is and stops the run by raising. Raises `Invalid`."""
    check(asked)
    report(0.0, Text("读取地形", "reading the terrain"))
    terrain = terrain_of(asked.terrain, given or {})
    scenario, models = _scenario(asked, terrain.grid, terrain.height_m)
    words = Text("洪水演进", "routing the flood")
    made = run_flood(scenario, lambda share: report(0.05 + 0.85 * share, words))
    report(0.92, Text("划定淹没范围", "outlining what is flooded"))
    outcome = _outcome(asked, made, models, terrain.caveats, given or {})
    report(1.0, Text("完成", "done"))
    return outcome


def _scenario(asked: Params, grid: Grid, bed_m: Any) -> tuple[FloodScenario, tuple[ModelCard, ...]]:
    inflows = [
        Inflow(_cells(grid, one.lon, one.lat, f"$.inflows[{index}]"), Hydrograph(one.times_s, one.m3_s))
        for index, one in enumerate(asked.inflows)
    ]
    card = LOCAL_INERTIAL if asked.scheme is Scheme.LOCAL_INERTIAL else SHALLOW_WATER
    models: tuple[ModelCard, ...] = (card,)
    if asked.dam is not None:
        cells = _cells(grid, asked.dam.lon, asked.dam.lat, "$.dam")
        inflows.append(Inflow(cells, _breached(asked.dam)))
        models = (card, breach_geometry.card)  # type: ignore[attr-defined]
    frames = np.linspace(0.0, asked.duration_s, asked.frames + 1)[1:] if asked.frames else ()
    scenario = FloodScenario(
        grid,
        bed_m,
        asked.duration_s,
        manning=asked.manning,
        edges=tuple(EdgeSegment(side, Edge.OPEN) for side in asked.open_edges),
        inflows=tuple(inflows),
        rain=None if asked.storm is None else _rain(asked.storm),
        curve_number=asked.curve_number,
        scheme=asked.scheme,
        precision=asked.precision,
        frame_times_s=tuple(float(one) for one in frames),
    )
    return scenario, models


def _rain(storm: Storm) -> Rain:
    if storm.shape == "uniform":
        return uniform(storm.depth_mm / (storm.duration_s / 3600), storm.duration_s)
    return triangular(storm.depth_mm, storm.duration_s, peak=storm.peak)


def _breached(dam: DamBreach) -> Hydrograph:
    """A trapezoid to the bottom of the water, of Froehlich's average width and time."""
    width, seconds = breach_geometry(dam.volume_m3, dam.water_m, overtopping=dam.overtopping)
    bottom = max(width - _SIDE * dam.water_m, 0.0)
    return breach_hydrograph(
        Reservoir(dam.volume_m3, dam.water_m), Breach(dam.water_m, bottom, seconds, _SIDE)
    )


def _cells(grid: Grid, lon: float, lat: float, path: str) -> tuple[tuple[int, int], ...]:
    """The cell of a place and its neighbours, among which the water is shared."""
    found = cell_at(grid, lon, lat)
    if found is None:
        raise refused_at(f"{path}.lon", Text("位置在地形范围之外", "the place lies outside the terrain"))
    rows = range(max(found[0] - 1, 0), min(found[0] + 2, grid.rows))
    columns = range(max(found[1] - 1, 0), min(found[1] + 2, grid.columns))
    return tuple((row, column) for row in rows for column in columns)


def _outcome(
    asked: Params,
    made: FloodResult,
    models: tuple[ModelCard, ...],
    said: tuple[Caveat, ...],
    given: Given,
) -> Outcome:
    plain = plain_params(asked)
    grid = made.fields["depth_max"].grid
    fields = (*made.fields.values(), *(() if made.frames is None else (made.frames,)))
    inputs = dict(made.manifest.inputs) | {
        "params": {key: value for key, value in plain.items() if key not in ("name", "note")},
        "terrain_sha256": digest_of(asked.terrain, given),
    }
    more = tuple(caveat for card in models[1:] for caveat in card.caveats)
    caveats = tuple(dict.fromkeys((*made.manifest.caveats, *said, *more)))
    return Outcome(
        "flood",
        "flood",
        Text(asked.name.zh, asked.name.en),
        middle_of(grid),
        plain,
        hash_of(asked, given),
        (*_depths(made.fields["depth_max"]), *_hazards(made.fields["hazard_class"])),
        fields,
        {name: value for name, value in made.summary.items() if name != "cpu_s"},
        replace(made.manifest, inputs=inputs, caveats=caveats),
        models,
    )


def _depths(field: Field) -> list[Zone]:
    """Where the water was at least this deep, the deepest first."""
    values = np.nan_to_num(np.asarray(field.values, np.float64))
    return [
        Zone(
            outline_of(
                values >= depth,
                field.grid,
                f"depth_{depth:g}",
                "m",
                depth,
                Text(f"水深不小于 {depth:g} m", f"at least {depth:g} m deep"),
            ),
            "depth",
            "depth classes of the platform",
            "own_default",
        )
        for depth in reversed(DEPTH_CLASSES_M)
    ]


def _hazards(field: Field) -> list[Zone]:
    """Where people were in at least this class of danger, the gravest first."""
    values = np.nan_to_num(np.asarray(field.values, np.float64), nan=-1.0)
    return [
        Zone(
            outline_of(
                values >= grade, field.grid, f"hazard_{grade}", "class", float(grade), _HAZARDS[grade]
            ),
            "hazard",
            "DEFRA/EA FD2320/TR2 table 13.1",
            "sure",
        )
        for grade in (3, 2, 1)
    ]
