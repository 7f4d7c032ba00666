"""How a long run is watched and stopped."""

from collections.abc import Callable
from dataclasses import dataclass

from anlan.science.flood.run import RunCancelled

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Watch:
    """*progress* hears the share done, *cancelled* is asked whether to go on."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None

    def ask(self) -> None:
        """Raises `RunCancelled` when whoever watches wants no more."""
        if self.cancelled is not None and self.cancelled():
            raise RunCancelled

    def tell(self, share: float) -> None:
        if self.progress is not None:
            self.progress(share)

    def part(self, low: float, high: float) -> Progress | None:
        """What hears the progress of a part that goes from *low* to *high* of the whole."""
        told = self.progress
        return None if told is None else lambda share: told(low + (high - low) * share)
