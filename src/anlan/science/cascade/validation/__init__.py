"""The cascade beside closed forms, other programs and published numbers: one suite."""

from collections.abc import Iterator

from anlan.kernel.validation import Case, Certainty, not_run
from anlan.science.cascade.scenario import CARD
from anlan.science.cascade.validation.chains import cases as chain_cases
from anlan.science.cascade.validation.curves import cases as curve_cases
from anlan.science.cascade.validation.graphs import cases as graph_cases
from anlan.science.cascade.validation.links import cases as link_cases
from anlan.science.cascade.validation.samples import cases as sample_cases

NAME = "cascade"


def cases() -> Iterator[Case]:
    for part in (graph_cases, sample_cases, curve_cases, link_cases, chain_cases, _missing):
        yield from part()


def _missing() -> Iterator[Case]:
    for case, source in (
        ("domino among tanks by Bayesian network", "Khakzad et al. 2013, Risk Analysis 33(2), 292-306"),
        (
            "earthquake and a tank farm, case study",
            "Antonioni, Spadoni and Cozzani 2007, J. Hazard. Mater. 147",
        ),
    ):
        why = "the layout and the printed chances are not at hand"
        yield not_run(case, source, Certainty.UNSURE, 0.0, "", why, model=CARD.id)
