"""Worked cases with names, packaged beside an engine as files of parameters."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text


@dataclass(frozen=True)
class Cases:
    """The files ``data/cases/NAME.json`` of the engine in the folder *engine*; the engine itself is not loaded."""

    engine: str

    def names(self) -> tuple[str, ...]:
        """Every case, in the order of the alphabet."""
        found = (one.name for one in self._folder.iterdir())
        return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json")))

    def content(self, name: str) -> bytes:
        """The parameter file of a case. Raises `NotFound`."""
        known = self.names()
        if name not in known:
            raise NotFound(
                Text(f"没有名为 {name} 的算例", f"There is no case called {name}"),
                next_step=Text(f"现有：{'、'.join(known)}", f"There are: {', '.join(known)}"),
            )
        return self._folder.joinpath(f"{name}.json").read_bytes()

    @property
    def _folder(self) -> Traversable:
        return files("anlan.science").joinpath(self.engine, "data", "cases")
