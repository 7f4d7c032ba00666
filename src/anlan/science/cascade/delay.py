"""How long after its cause an event begins: distributions given by their quantiles, drawn by inversion."""

import math
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

Floats = NDArray[np.float64]


class Delay(Protocol):
    """A distribution of seconds."""

    kind: ClassVar[str]

    def quantile(self, share: ArrayLike) -> Floats:
        """Seconds not exceeded with chance *share* (0 < share < 1)."""
        ...

    def as_json(self) -> dict[str, Any]: ...


class _Said:
    kind: ClassVar[str]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}  # type: ignore[call-overload]


@dataclass(frozen=True)
class Fixed(_Said):
    """Always *seconds*."""

    kind: ClassVar[str] = "fixed"
    seconds: float = 0.0

    def __post_init__(self) -> None:
        _check(self.seconds >= 0, self.seconds)

    def quantile(self, share: ArrayLike) -> Floats:
        return np.full(np.shape(share), self.seconds)


@dataclass(frozen=True)
class Uniform(_Said):
    """Anything between *low_s* and *high_s*."""

    kind: ClassVar[str] = "uniform"
    low_s: float
    high_s: float

    def __post_init__(self) -> None:
        _check(0 <= self.low_s <= self.high_s, self.low_s, self.high_s)

    def quantile(self, share: ArrayLike) -> Floats:
        return np.asarray(self.low_s + (self.high_s - self.low_s) * np.asarray(share), np.float64)


@dataclass(frozen=True)
class Triangular(_Said):
    """From *low_s* to *high_s*, likeliest at *mode_s*.

    >>> Triangular(0.0, 60.0, 120.0).quantile([0.125, 0.5]).tolist()
    [30.0, 60.0]
    """

    kind: ClassVar[str] = "triangular"
    low_s: float
    mode_s: float
    high_s: float

    def __post_init__(self) -> None:
        rising = 0 <= self.low_s <= self.mode_s <= self.high_s and self.low_s < self.high_s
        _check(rising, self.low_s, self.mode_s, self.high_s)

    def quantile(self, share: ArrayLike) -> Floats:
        u, width = np.asarray(share, np.float64), self.high_s - self.low_s
        turn = (self.mode_s - self.low_s) / width
        rising = self.low_s + np.sqrt(u * width * (self.mode_s - self.low_s))
        falling = self.high_s - np.sqrt((1 - u) * width * (self.high_s - self.mode_s))
        return np.asarray(np.where(u < turn, rising, falling), np.float64)


@dataclass(frozen=True)
class LognormalDelay(_Said):
    """ln of the seconds is normal about ln *median_s* with standard deviation *sigma_ln*."""

    kind: ClassVar[str] = "lognormal"
    median_s: float
    sigma_ln: float

    def __post_init__(self) -> None:
        _check(self.median_s > 0 and self.sigma_ln >= 0, self.median_s, self.sigma_ln)

    @classmethod
    def through(cls, one_s: float, share: float, median_s: float) -> "LognormalDelay":
        """The one with *median_s* that stays below *one_s* with chance *share*."""
        _check(0 < one_s < median_s and 0 < share < 0.5, one_s, share, median_s)
        return cls(median_s, float(math.log(one_s / median_s) / ndtri(share)))

    def quantile(self, share: ArrayLike) -> Floats:
        return np.asarray(self.median_s * np.exp(self.sigma_ln * ndtri(np.asarray(share))), np.float64)


def _check(fine: bool, *values: float) -> None:
    if not (fine and all(math.isfinite(value) for value in values)):
        raise Invalid(
            Text(
                "延迟分布参数无效：时间须为非负有限值且次序正确",
                "The delay is not valid: its times must be finite, not negative and in order",
            ),
            facts={"values": [str(value) for value in values]},
        )
