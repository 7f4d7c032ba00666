"""A page for each model, that says what its card says."""

from pathlib import Path

import pytest

from anlan.science.registry import models

PAGES = Path(__file__).parents[3] / "docs" / "models" / "chemical"
CARDS = [card for card, _ in models() if card.id.startswith("chemical.")]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_model_has_its_page_with_equations_validity_and_references(card) -> None:
    page = (PAGES / f"{card.id.removeprefix('chemical.')}.md").read_text("utf-8")
    assert all(heading in page for heading in ("## Equations", "## Validity", "## References"))
    assert f"`{card.id}`, version {card.version}" in page and card.applicability.en in page
    assert all(reference in page for reference in card.references)
