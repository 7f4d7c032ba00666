"""``anlan bench chemical``: the ensemble, the risk map of a region, an alarm's zones.

No open program does the same, so that these figures stand against the budgets of two quiet cores; only the dense-gas
model has a peer, slabx.
"""

import argparse
import resource
import time
from typing import Any

import numpy as np

from anlan.benchmarks.dense_gas import slabx_ratio
from anlan.benchmarks.machine import describe, figure
from anlan.benchmarks.threats import through_the_api
from anlan.kernel.crs import LocalFrame
from anlan.kernel.fields import Grid
from anlan.science.chemical.ensemble import Uncertainty, run
from anlan.science.chemical.harm.vulnerability import probit
from anlan.science.chemical.risk.footprints import merged, toxic
from anlan.science.chemical.risk.individual import Scenarios, individual_risk, wind_rose
from anlan.science.chemical.seeded import from_mass
from anlan.science.chemical.simulation import Params, params, simulate
from anlan.science.chemical.simulation.stock import Holes, Stock, first_run
from anlan.science.chemical.weather import Stability, Weather
from anlan.science.params import Name

SEED = 20_251_124
FRAME = LocalFrame(106.6, 38.1).name
AMMONIA = "7664-41-7"
_RULES = ("ammonia", "chlorine", "hydrogen_sulphide")
_WEATHERS = tuple(
    (wind, kind)
    for kind, winds in (
        (Stability.B, (1.5, 3.0)),
        (Stability.C, (2.0, 4.0)),
        (Stability.D, (1.5, 3.0, 5.0, 9.0)),
        (Stability.E, (2.0, 4.0)),
        (Stability.F, (1.0, 2.5)),
    )
    for wind in winds
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--enterprises", type=int, default=148)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--alarms", type=int, default=36, help="asked of a system of its own; 0: none is started"
    )


def measure(options: argparse.Namespace) -> dict[str, object]:
    """The figures in turn; compiling is left out of all of them."""
    return {
        "name": "chemical",
        "machine": describe(),
        "figures": [
            _ensemble(options.members, options.rounds),
            *_risk(options.enterprises),
            _slabx(options.rounds),
            _alarm(options.rounds),
            *(through_the_api(options.alarms) if options.alarms else ()),
        ],
    }


def _ensemble(members: int, rounds: int) -> dict[str, object]:
    known = Uncertainty(
        20.0, 1200.0, 3.0, 270.0, {Stability.D: 0.5, Stability.E: 0.2, Stability.F: 0.3}, wind_sd_deg=25.0
    )
    grid = Grid(500, 500, 20.0, -5000.0, 5000.0, FRAME)
    walls, cpus, cells = [], [], 0
    run(known, grid, (-4000.0, 0.0), (10.0, 50.0, 200.0), members=8, seed=SEED)
    for _ in range(rounds):
        began, spent = time.perf_counter(), time.process_time()
        cells = run(known, grid, (-4000.0, 0.0), (10.0, 50.0, 200.0), members=members, seed=SEED).evaluated
        walls.append(time.perf_counter() - began)
        cpus.append(time.process_time() - spent)
    share = cells / (members * 250_000)
    return figure(
        "ensemble_s",
        min(walls),
        "s",
        "lower",
        note=f"{members} members on 500 × 500 cells of 20 m, three levels, peak, chances and earliest arrival; "
        f"{cells:,} cells evaluated ({share:.1%}), the rest beyond six σ; processor time {min(cpus):.2f} s; "
        f"best of {rounds}; budget 1 s on 2 quiet cores",
    )


def _risk(enterprises: int) -> list[dict[str, object]]:
    grid = Grid(1000, 1000, 20.0, -10_000.0, 10_000.0, FRAME)
    rose = wind_rose(np.random.default_rng(SEED).random((len(_WEATHERS), 16)))
    _map(grid, rose, 3, 1)
    began, spent = time.perf_counter(), time.process_time()
    total = _map(grid, rose, enterprises, 20)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    stamps = enterprises * 20 * len(_WEATHERS) * 16
    work = f"{enterprises} enterprises × 20 scenarios × {len(_WEATHERS)} weathers × 16 directions"
    note = f"{work} = {stamps:,} stamps on 1000 × 1000 cells of 20 m, footprints included; processor time {cpu:.1f} s; "
    return [
        figure("qra_s", wall, "s", "lower", note=note + f"Σ risk {total:.3e}; budget 300 s on 2 quiet cores"),
        figure(
            "qra_gb", peak_gb, "GB", "lower", note="greatest resident size of the whole process; budget 4 GB"
        ),
    ]


def _map(grid: Grid, rose: tuple[Any, Any], enterprises: int, scenarios: int) -> float:
    random = np.random.default_rng(SEED)
    place = random.uniform(-8000.0, 8000.0, (enterprises, 2)).repeat(scenarios, axis=0)
    rates = np.exp(random.uniform(np.log(0.05), np.log(8.0), (enterprises, scenarios)))
    order = np.argsort(np.arange(enterprises) % len(_RULES), kind="stable")
    parts = []
    for index, rule in enumerate(_RULES):
        mine = rates[np.arange(enterprises) % len(_RULES) == index].ravel()
        if mine.size:
            parts.append(toxic(mine, 1200.0, _WEATHERS, probit(rule)))
    footprints = merged(*parts)
    which = np.arange(enterprises * scenarios * len(_WEATHERS)).reshape(enterprises, scenarios, -1)[
        np.argsort(order)
    ]
    every = Scenarios(
        place[:, 0],
        place[:, 1],
        np.exp(random.uniform(np.log(1e-7), np.log(1e-4), len(place))),
        which.reshape(len(place), -1),
    )
    return float(np.asarray(individual_risk(grid, every, footprints, *rose).values).sum())


def _slabx(rounds: int) -> dict[str, object]:
    """Speed of our dense-gas model over slabx's, as its own benchmark finds it."""
    made = slabx_ratio(rounds)
    return figure("slabx_ratio", made["ratio"], "", "higher", peer=str(made["peer"]), note=str(made["note"]))  # type: ignore[arg-type]


def _alarm(rounds: int) -> dict[str, object]:
    """Level readings of a leaking ammonia tank → rate and spread → zones, chances and arrivals."""
    times = np.arange(0.0, 1800.0, 10.0)
    random = np.random.default_rng(SEED)
    holes = Holes(0.025, (0.005, 0.025, 0.1), 1800.0, 0.32)
    taken, cpus = [], []
    for n in range(8 * rounds + 3):
        air = params.Air(2.0 + n % 5, 330.0, stability=Stability.D, temperature_k=288.0)
        weather = Weather(air.wind_m_s, air.wind_from_deg, Stability.D, temperature_k=288.0)
        mass = 120e3 - (0.5 + 0.1 * n) * times + random.normal(0, 20.0, len(times))
        began, spent = time.perf_counter(), time.process_time()
        first = first_run(
            Stock(AMMONIA, 200e3, 120e3, 288.0), holes, weather, from_mass(times, mass, "level"), 400
        )
        asked = Params(
            schema=1,
            name=Name("报警", "alarm"),
            site=params.Site(106.6, 38.1),
            weather=air,
            scenario=first.scenario,
            uncertainty=first.uncertainty,
        )
        simulate(asked).summary()
        taken.append(1000 * (time.perf_counter() - began))
        cpus.append(1000 * (time.process_time() - spent))
    return figure(
        "alarm_to_zones_engine_p95_ms",
        float(np.percentile(taken[3:], 95)),
        "ms",
        "lower",
        note="the engine's part of alarm_to_zones_p95_ms: half an hour of readings → leak and spread → zones, "
        f"chances and arrivals (400 members), {len(taken) - 3} alarms; without history, database and screen; "
        f"processor time {np.percentile(cpus[3:], 95):,.0f} ms",
    )
