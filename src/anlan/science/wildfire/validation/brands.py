"""Spotting beside the program Behave."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty
from anlan.science.wildfire.bed import FT_M
from anlan.science.wildfire.spotting import spotting

_SOURCE = "Behave (C++ of pyrothermel 0.1.4), spotting from a wind-driven surface fire over flat ground"
#: mi/h at 20 ft, flame in ft, cover in ft → brand height in ft, distance in mi
_ROWS = (
    (10.0, 5.0, 0.0, 118.197, 0.177061),
    (20.0, 10.0, 0.0, 176.926, 0.459202),
    (20.0, 10.0, 60.0, 176.926, 0.298569),
    (30.0, 20.0, 40.0, 306.247, 0.763867),
    (15.0, 4.0, 20.0, 75.5687, 0.146947),
)


def cases() -> Iterator[Case]:
    for wind, flame, cover, height, distance in _ROWS:
        intensity = (flame / 0.45) ** (1 / 0.46) * 1.055056 / FT_M
        found = spotting(intensity, wind * 0.44704 * 1.15, cover * FT_M)
        name = f"{wind:g} mi/h, flame {flame:g} ft, cover {cover:g} ft"
        for what, target, ours, unit in (
            ("firebrand", height, found.firebrand_height_m / FT_M, "ft"),
            ("distance", distance, found.distance_m / 1609.344, "mi"),
        ):
            yield Case(f"{what}: {name}", _SOURCE, Certainty.SURE, target, ours, unit, 2e-5 * target,
                       model="wildfire.spotting")  # fmt: skip
