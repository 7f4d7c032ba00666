"""A model is registered only when it declares itself and has been checked."""

import re
from importlib import import_module

from anlan.kernel.models import Verification
from anlan.science.registry import models
from anlan.server.cli.reports import find_suites


def test_every_registered_model_has_a_gating_row_in_its_suite() -> None:
    suites = find_suites("validation", ("science",))
    checked: dict[str, set[str]] = {}
    for name, module in suites.items():
        checked[name] = {case.model for case in import_module(module).cases() if case.gates and case.model}
    missing = [card.id for card, _ in models() if card.id not in checked.get(card.suite, set())]
    assert not missing, f"registered without a validation row: {missing}"


def test_every_registered_model_has_a_name_in_words_in_both_languages() -> None:
    """Screens show it beside every number that the model computed; an id would tell nobody anything."""
    titles = {card.id: card.title for card, _ in models()}
    for name, title in titles.items():
        assert re.search("[\u4e00-\u9fff]", title.zh), name
        assert title.en.strip() and not re.search("[\u4e00-\u9fff]", title.en), name
        assert name not in (title.zh, title.en) and "_" not in title.zh + title.en, name
    for words in ({title.zh for title in titles.values()}, {title.en for title in titles.values()}):
        assert len(words) == len(titles), "two models have one name"


def test_every_registered_model_says_where_it_holds() -> None:
    for card, made in models():
        assert made.card is card
        assert card.inputs and card.purpose.zh and card.purpose.en, card.id
        assert card.applicability.zh and card.applicability.en, card.id
        assert card.verification is not Verification.UNVERIFIED or card.caveats, card.id
        names = [quantity.name for quantity in card.inputs]
        assert len(names) == len(set(names)), card.id
