"""Worked cases with names, packaged beside an engine as files of parameters."""

from dataclasses import dataclass
from importlib.resources import files

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text


@dataclass(frozen=True)
class Cases:
    """The files ``data/cases/NAME.json`` of *package*."""

    package: str

    def names(self) -> tuple[str, ...]:
        """Every case, in the order of the alphabet."""
        folder = files(self.package).joinpath("data", "cases")
        found = (one.name for one in folder.iterdir())
        return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json")))

    def content(self, name: str) -> bytes:
        """The parameter file of a case. Raises `NotFound`."""
        known = self.names()
        if name not in known:
            raise NotFound(
                Text(f"没有名为 {name} 的算例", f"There is no case called {name}"),
                next_step=Text(f"现有：{'、'.join(known)}", f"There are: {', '.join(known)}"),
            )
        return files(self.package).joinpath("data", "cases", f"{name}.json").read_bytes()
