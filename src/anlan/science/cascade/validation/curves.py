"""Fragilities beside the printed ones, and beside each other where two sources describe the same tanks."""

from collections.abc import Iterator
from math import erf, log, sqrt

import numpy as np

from anlan.kernel.text import Text
from anlan.kernel.validation import Case, Certainty
from anlan.science.cascade.backed import InBlast, InFire, Sliding
from anlan.science.cascade.builders.shaking import Quake, Site
from anlan.science.cascade.enumeration import enumerated
from anlan.science.cascade.fragility import CARD
from anlan.science.cascade.graph import Edge, Event, Graph, Kind
from anlan.science.cascade.published import fragility
from anlan.science.cascade.quadrature import scattered
from anlan.science.cascade.scenario import CARD as GRAPH
from anlan.science.seismic.bssa14 import Mechanism, Region

SURE, PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    yield from _published()
    yield from _two_sources()
    yield from _shaken_tank()
    yield from _backed()


def _row(case: str, source: str, certainty: Certainty, target: float, ours: float, tolerance: float) -> Case:
    return Case(case, source, certainty, float(target), float(ours), "", tolerance, model=CARD.id)


def _published() -> Iterator[Case]:
    hazus = "Hazus technical manual, storage tanks: Φ(ln(PGA/θ)/β) with math.erf"
    for key, pga, theta, beta in (
        ("tank_anchored_slight", 0.5, 0.30, 0.60),
        ("tank_anchored_extensive", 0.5, 1.25, 0.65),
        ("tank_unanchored_moderate", 0.5, 0.35, 0.75),
        ("tank_unanchored_extensive", 0.3, 0.68, 0.75),
    ):
        target = _phi(log(pga / theta) / beta)
        yield _row(
            f"{key} at {pga} g", hazus, PROBABLE, target, float(fragility(key).probability(pga)), 1e-12
        )
    probit = "Salzano et al. 2003: Y = k1 + k2 ln PGA, P = Φ(Y − 5)"
    target = _phi(4.66 + 1.54 * log(0.8) - 5)
    ours = float(fragility("natech_anchored_major").probability(0.8))
    yield _row("major release of an anchored tank at 0.8 g", probit, PROBABLE, target, ours, 1e-12)
    road = fragility("road_impassable").probability([0.29, 0.30]).tolist()
    yield _row("road under 0.29 m of water", "Pregnolato et al. 2017", PROBABLE, 0.0, road[0], 0.0)
    yield _row("road under 0.30 m of water", "Pregnolato et al. 2017", PROBABLE, 1.0, road[1], 0.0)


def _two_sources() -> Iterator[Case]:
    """The near-full tanks of Salzano and the tanks of Hazus are the same fits: minor is slight, major is extensive."""
    source = "Hazus beside the probits of Salzano et al. 2003"
    pairs = (("anchored_minor", "anchored_slight"), ("anchored_major", "anchored_extensive"))
    for one, other in (
        *pairs,
        ("unanchored_minor", "unanchored_slight"),
        ("unanchored_major", "unanchored_extensive"),
    ):
        pga = np.linspace(0.05, 1.5, 30)
        apart = fragility(f"natech_{one}").probability(pga) - fragility(f"tank_{other}").probability(pga)
        yield _row(
            f"{one} and {other}, greatest difference",
            source,
            PROBABLE,
            0.0,
            float(np.abs(apart).max()),
            0.005,
        )


def _shaken_tank() -> Iterator[Case]:
    """An M 7 strike-slip rupture at 10 km, vs30 400 m/s, and an anchored tank: OpenQuake's motion, Hazus's tank."""
    quake = Quake(7.0, Mechanism.STRIKE_SLIP, Region.GLOBAL)
    event = quake.event({"tank": Site(10.0, 400.0)}, 0.3)
    words = Text("储罐", "tank")
    leak = Event("leak", Kind.LEAK, words)
    edge = Edge("leaks", "earthquake", "leak", fragility("tank_anchored_slight"), ("tank",))
    ours = enumerated(Graph("tank", words, (event, leak), (edge,))).chance("leak").value
    target = _phi(log(0.3148 / 0.30) / sqrt(0.60**2 + 0.6051**2))
    source = "BSSA14 by OpenQuake (0.3148 g, σ 0.6051) and Hazus, by hand"
    yield Case("an anchored tank 10 km from M 7", source, SURE, target, ours, "", 1e-4, model=GRAPH.id)


def _backed() -> Iterator[Case]:
    landucci = "Landucci 2009; Cozzani 2005"
    ours = 100 * float(InFire(1000.0).probability(30.0))
    yield Case("vessel of 1,000 m³ at 30 kW/m²", landucci, PROBABLE, 76.0, ours, "%", 0.5, model=GRAPH.id)
    ours = 100 * float(InBlast().probability(22.0))
    yield Case(
        "vessel at 22 kPa", "Cozzani and Salzano 2004", PROBABLE, 66.9, ours, "%", 0.05, model=GRAPH.id
    )
    moved_cm = 10 ** (-2.710 + 0.424 * 7.0) * 0.5**2.335 * 0.5**-1.478
    target = 0.335 * (1 - np.exp(-0.048 * moved_cm**1.565))
    ours = float(Sliding(0.2, 7.0).probability(0.4))
    source = "Jibson 2007 equation 7 and Jibson et al. 2000 equation 5, by hand"
    yield Case(
        "slope of 0.2 g under 0.4 g, M 7", source, PROBABLE, float(target), ours, "", 1e-9, model=GRAPH.id
    )
    curve = fragility("tank_anchored_slight")
    target = float(curve.blurred(0.4, 0.5))
    ours = float(scattered(curve.probability, 0.4, 0.5))
    yield _row("scatter by quadrature", "closed form of the lognormal", SURE, target, ours, 1e-6)


def _phi(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))
