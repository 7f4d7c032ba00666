"""The earthquake engine beside published numbers and closed forms."""

from collections.abc import Iterator

from anlan.kernel.validation import Case
from anlan.science.seismic.validation import footprint, ground, motion, slopes

NAME = "seismic"


def cases() -> Iterator[Case]:
    yield from footprint.cases()
    yield from motion.cases()
    yield from slopes.cases()
    yield from ground.cases()
