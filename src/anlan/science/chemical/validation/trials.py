"""Field trials: what they would show, and why they are not run.

Their observations are free to read at the addresses named here but carry no licence to pass on, so that no package and
no copy of ours holds them; a number is never typed from memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.kernel.validation import Case, Certainty, not_run


@dataclass(frozen=True)
class Trial:
    """A series of measurements: its name and document, where its figures are published, the model it is a test of."""

    name: str
    document: str
    address: str
    model: str


TRIALS = (
    Trial(
        "Prairie Grass (passive plume, runs PG8 and PG17)",
        "Barad (ed.), Project Prairie Grass, Geophysical Research Papers 59 (1958); SMEDIS spreadsheets",
        "admlc.com/smedis-dataset",
        "chemical.gaussian_plume",
    ),
    Trial(
        "Thorney Island phase I (dense, at once; trial 008)",
        "McQuaid and Roebuck, EUR 10029 EN (1985); SMEDIS spreadsheets",
        "admlc.com/thorney-island and admlc.com/smedis-dataset",
        "chemical.slab",
    ),
)

MEASURES = (
    ("FAC2", 1.0, "share of the arcs' maxima within a factor of two"),
    ("MG", 1.0, "geometric mean of observed over computed"),
    ("VG", 1.0, "geometric variance"),
)
"""Measures of Hanna, Strimaitis and Chang (1991), each with its value for a perfect model."""


def cases() -> Iterator[Case]:
    for trial in TRIALS:
        for measure, perfect, meaning in MEASURES:
            yield not_run(
                f"{trial.name}: {measure}, {meaning}",
                trial.document,
                Certainty.UNSURE,
                perfect,
                "",
                f"the observations are not at hand; they are published, without a licence to pass on, at "
                f"{trial.address}",
                model=trial.model,
            )
