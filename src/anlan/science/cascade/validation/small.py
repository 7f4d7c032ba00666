"""Small graphs for the rows: events without words, links with given chances."""

from collections.abc import Mapping, Sequence

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science.cascade.delay import Delay
from anlan.science.cascade.footprint import Footprint
from anlan.science.cascade.fragility import Fragility
from anlan.science.cascade.given import Given
from anlan.science.cascade.graph import NOW, Edge, Event, Gate, Graph, Kind


def given(chance: float) -> Given:
    return Given(chance, "validation", Certainty.SURE)


def graph(
    links: Mapping[str, float | Fragility],
    *,
    roots: Mapping[str, float],
    footprints: Mapping[str, Footprint] | None = None,
    at: Mapping[str, Sequence[str]] | None = None,
    all_of: Sequence[str] = (),
    mutual: Sequence[str] = (),
    choices: Mapping[str, str] | None = None,
    delays: Mapping[str, Delay] | None = None,
    severity: Mapping[str, float] | None = None,
) -> Graph:
    """A graph of *links* "from>to" with their chances or curves; *roots* happen on their own."""
    names = dict.fromkeys([*roots, *(end for link in links for end in link.split(">"))])
    events = [
        Event(
            name,
            Kind.OTHER,
            Text(name, name),
            (footprints[name],) if footprints and name in footprints else (),
            given(roots[name]) if name in roots else None,
            gate=Gate.ALL if name in all_of else Gate.ANY,
            severity=(severity or {}).get(name, 0.0),
        )
        for name in names
    ]
    edges = []
    for link, by in links.items():
        source, target = link.split(">")
        curve = given(by) if isinstance(by, int | float) else by
        sites = tuple((at or {}).get(link, ()))
        delay, choice = (delays or {}).get(link, NOW), (choices or {}).get(link, "")
        edges.append(Edge(link, source, target, curve, sites, None, delay, choice, link in mutual))
    return Graph("validation", Text("算例", "a case"), tuple(events), tuple(edges))
