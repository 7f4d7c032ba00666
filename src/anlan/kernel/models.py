"""What a model of the sciences says about itself, and what one run of it must be able to prove.

The words live here so that `platform` can store a run without knowing `science`.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anlan.kernel.text import NO_WORDS, LabelledEnum, Text


class Verification(LabelledEnum):
    """How far a model has been checked."""

    VALIDATED = "validated", "已与实测或公开算例对照", "compared with observations or published cases"
    VERIFIED = "verified", "已与解析解或独立程序对照", "compared with closed forms or an independent program"
    UNVERIFIED = "unverified", "未经验证", "not verified"


@dataclass(frozen=True)
class Quantity:
    """An input or output: its name, unit and meaning, and the range in which the model holds.

    Outside *low*…*high* (inclusive, in *unit*) the model still answers, with a caveat.
    """

    name: str
    unit: str
    label: Text
    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Whether *value* lies in the declared range; NaN never does.

        >>> Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), low=1.0).holds(0.4)
        False
        """
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Caveat:
    """A reservation that goes with a result wherever it is shown; *code* is stable."""

    code: str
    words: Text


@dataclass(frozen=True)
class ModelCard:
    """A model's declaration.

    *suite* is the validation suite (`anlan validate SUITE`) that holds its rows:
    a model without one is not registered. *references* name the paper and equation
    or the standard and clause. *caveats* hold for every run.
    """

    id: str
    version: str
    title: Text
    purpose: Text
    applicability: Text
    inputs: tuple[Quantity, ...]
    references: tuple[str, ...]
    verification: Verification
    suite: str
    outputs: tuple[Quantity, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    def __post_init__(self) -> None:
        if not self.references:
            raise ValueError(f"model {self.id} names no reference")
        if not self.suite:
            raise ValueError(f"model {self.id} names no validation suite")

    def out_of_range(self, values: Mapping[str, float]) -> tuple[Caveat, ...]:
        """A caveat for each of *values* (by input name) that lies outside the declared range."""
        found = []
        for quantity in self.inputs:
            value = values.get(quantity.name)
            if value is not None and not quantity.holds(float(value)):
                found.append(_outside(quantity, float(value)))
        return tuple(found)


@dataclass(frozen=True)
class Manifest:
    """Everything that a computed number needs to be made again.

    *inputs* and *tables* (standards table → version) are JSON values; *seed* is None
    for a run without chance. Two runs with the same `digest` give the same result. *title* is
    what people call the model; it decides nothing.
    """

    model: str
    model_version: str
    software_version: str
    inputs: Mapping[str, Any]
    tables: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    caveats: tuple[Caveat, ...] = ()
    verification: Verification = Verification.UNVERIFIED
    title: Text = NO_WORDS

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the result, in hexadecimal."""
        said = [
            self.model,
            self.model_version,
            self.software_version,
            self.inputs,
            dict(self.tables),
            self.seed,
        ]
        return hashlib.sha256(canonical_json(said)).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "title": self.title._asdict(),
            "model_version": self.model_version,
            "software_version": self.software_version,
            "inputs": dict(self.inputs),
            "tables": dict(self.tables),
            "seed": self.seed,
            "verification": self.verification.value,
            "caveats": [{"code": one.code, "zh": one.words.zh, "en": one.words.en} for one in self.caveats],
            "digest": self.digest,
        }


def manifest_of(
    card: ModelCard,
    inputs: Mapping[str, Any],
    *,
    tables: Mapping[str, str] | None = None,
    seed: int | None = None,
    caveats: tuple[Caveat, ...] = (),
) -> Manifest:
    """The manifest of a run of *card*; its own caveats, and those of inputs out of range, are added."""
    import anlan

    numbers = {name: value for name, value in inputs.items() if isinstance(value, int | float)}
    said = (*card.caveats, *card.out_of_range(numbers), *caveats)
    return Manifest(
        card.id,
        card.version,
        anlan.__version__,
        dict(inputs),
        dict(tables or {}),
        seed,
        tuple(dict.fromkeys(said)),
        card.verification,
        card.title,
    )


def canonical_json(value: object) -> bytes:
    """*value* as JSON whose bytes depend on nothing but the value: sorted keys, no spaces, no NaN.

    >>> canonical_json({"b": 1, "a": [0.5, None]})
    b'{"a":[0.5,null],"b":1}'

    numpy scalars and arrays are written as plain numbers and lists. Raises `ValueError` for NaN and infinity.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )
    return text.encode()


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def _outside(quantity: Quantity, value: float) -> Caveat:
    span = f"{quantity.low:g}–{quantity.high:g} {quantity.unit}".strip()
    figure = f"{value:g} {quantity.unit}".strip()
    return Caveat(
        f"out_of_range.{quantity.name}",
        Text(
            f"{quantity.label.zh} {figure} 超出模型适用范围（{span}）",
            f"{quantity.label.en} {figure} is outside the model's range ({span})",
        ),
    )
