"""The models of the sciences, by id. A model registers itself with its card:

    @model(ModelCard(id="chemical.pool_fire", ..., suite="chemical"))
    class PoolFire: ...

A registered model has at least one gating row in its validation suite; the tests
walk the registry and refuse one that has none.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, TypeVar

import anlan.science
from anlan.kernel.errors import NotFound
from anlan.kernel.models import ModelCard
from anlan.kernel.text import Text

Model = TypeVar("Model", bound=Callable[..., Any])

_models: dict[str, tuple[ModelCard, Callable[..., Any]]] = {}


def model(card: ModelCard) -> Callable[[Model], Model]:
    """Register what is decorated as the model of *card*, readable as its ``card``.

    Raises `ValueError` when the id is taken by another.
    """

    def register(made: Model) -> Model:
        known = _models.get(card.id)
        if known is not None and _place(known[1]) != _place(made):
            raise ValueError(f"two models are called {card.id}")
        _models[card.id] = (card, made)
        made.card = card  # type: ignore[attr-defined]
        return made

    return register


def models() -> Iterator[tuple[ModelCard, Callable[..., Any]]]:
    """Every model that there is, in the order of the ids; loads all of `anlan.science`."""
    for module in walk_packages(anlan.science.__path__, "anlan.science."):
        import_module(module.name)
    for name in sorted(_models):
        yield _models[name]


def card_of(name: str) -> ModelCard:
    """The card of the model called *name*. Raises `NotFound`."""
    for card, _ in models():
        if card.id == name:
            return card
    raise NotFound(Text(f"没有名为 {name} 的模型", f"There is no model called {name}"))


def _place(made: Callable[..., Any]) -> tuple[str, str]:
    return made.__module__, made.__qualname__
