"""Bringing in all reference data, as the demonstration's own principal."""

from anlan.demo.reference.boundaries import load_boundaries
from anlan.demo.reference.features import load_features
from anlan.demo.reference.population import load_population


def load_reference() -> None:
    """Boundaries first: the census is spread within them. Safe to repeat."""
    load_boundaries()
    load_features()
    load_population()
