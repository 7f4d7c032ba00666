"""Liquefaction beside worked examples that were published for the examination of engineers."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty
from anlan.science.seismic.liquefaction import CARD, Blow, critical_blows, depth_weight, liquefaction

_SOURCE = "published worked example of GB 50011-2010 (8 degrees, 0.20 g, group 1, d_w = {:g} m)"
_CRITICAL = {
    2.0: ((3.0, 9.54), (5.0, 12.52), (7.0, 14.79), (13.0, 19.49), (15.0, 20.65)),
    8.0: ((10.0, 11.66), (12.0, 13.09)),
    1.0: ((1.4, 7.2), (4.0, 12.11), (5.0, 13.48), (6.0, 14.68), (7.0, 15.75)),
}
"""By depth of the water table: depth of the test and critical blows as printed."""
_WEIGHTS = ((7.0, 8.67), (7.25, 8.50), (9.5, 7.0), (12.5, 5.0), (14.5, 3.67), (18.0, 1.33))


def cases() -> Iterator[Case]:
    probable = Certainty.PROBABLE
    for water, rows in _CRITICAL.items():
        for depth, target in rows:
            ours = float(critical_blows(depth, water, 0.20))
            source = _SOURCE.format(water)
            yield Case(
                f"critical blows at {depth:g} m", source, probable, target, ours, "", 0.05, model=CARD.id
            )
    source = "published worked examples of GB 50011-2010, clause 4.3.5"
    for middle, target in _WEIGHTS:
        ours = float(depth_weight(middle))
        yield Case(f"weight at {middle:g} m", source, probable, target, ours, "1/m", 0.006, model=CARD.id)
    tests = [Blow(1.4, 2, 1.1, 1.55), Blow(5.0, 8, 1.0, 5.0), Blow(7.0, 12, 1.5, 7.25)]
    target = (1 - 2 / 7.2) * 1.1 * 10 + (1 - 8 / 13.48) * 10 + (1 - 12 / 15.75) * 1.5 * 8.5
    ours = liquefaction(tests, 1.0, 0.20).index
    source = "the example's printed blows, layers and weights, summed by hand"
    yield Case("liquefaction index", source, probable, target, ours, "", 0.05, model=CARD.id)
