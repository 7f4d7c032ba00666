"""Arguments of a service to JSON and back, by the types of its signature."""

import inspect
from collections.abc import Callable
from functools import cached_property
from math import isfinite
from typing import Any, get_type_hints

from pydantic import TypeAdapter


class ArgumentCodec:
    """Encodes the arguments of *function* for the record and decodes them for a replay.

    Arguments named in *secret* are never encoded: the record says only that
    they were given.
    """

    def __init__(self, function: Callable[..., Any], secret: tuple[str, ...]) -> None:
        self._function = function
        self._signature = inspect.signature(function)
        unknown = set(secret) - set(self._signature.parameters)
        if unknown:
            raise TypeError(f"{function.__qualname__} has no argument {', '.join(sorted(unknown))}")
        self._secret = frozenset(secret)

    @cached_property
    def _adapters(self) -> dict[str, TypeAdapter[Any]]:
        hints = get_type_hints(self._function)
        return {name: TypeAdapter(hints[name]) for name in self._signature.parameters}

    def encode(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The call's arguments by name, as JSON values. Raises `TypeError` if they do not fit.

        Characters and numbers that PostgreSQL's JSON cannot hold are replaced:
        whatever a call was given, its record must not be what fails.
        """
        bound = self._signature.bind(*args, **kwargs)
        return {
            name: None
            if name in self._secret
            else _storable(self._adapters[name].dump_python(value, mode="json"))
            for name, value in bound.arguments.items()
        }

    def decode(self, recorded: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Recorded arguments as a call. Raises `ValueError` when a secret was left out of the record."""
        hidden = self._secret & recorded.keys()
        if hidden:
            raise ValueError(f"the record does not hold {', '.join(sorted(hidden))}")
        bound = self._signature.bind_partial()
        bound.arguments = {
            name: self._adapters[name].validate_python(recorded[name])
            for name in self._signature.parameters
            if name in recorded
        }
        return bound.args, bound.kwargs


def _storable(value: Any) -> Any:
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {storable_text(str(key)): _storable(one) for key, one in value.items()}
        case list():
            return [_storable(one) for one in value]
        case float() if not isfinite(value):
            return str(value)  # JSON has no such number; pydantic reads it back from the text
    return value


def storable_text(text: str) -> str:
    """*text* without what PostgreSQL's text and JSON cannot hold: NUL and lone surrogates."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
