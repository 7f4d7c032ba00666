"""Worked cases with names: plausible accidents of the region's industry, at approximate places, for trial and drill.

They are inventions with round numbers, not records of any enterprise.
"""

from importlib.resources import files

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text

_FOLDER = files("anlan.science.chemical").joinpath("data", "cases")


def case_names() -> tuple[str, ...]:
    """Every case, in the order of the alphabet.

    >>> "lpg_sphere_bleve" in case_names()
    True
    """
    return tuple(
        sorted(one.name.removesuffix(".json") for one in _FOLDER.iterdir() if one.name.endswith(".json"))
    )


def case_content(name: str) -> bytes:
    """The parameter file of a case. Raises `NotFound`."""
    if name not in case_names():
        raise NotFound(
            Text(f"没有名为 {name} 的算例", f"There is no case called {name}"),
            next_step=Text(f"现有：{'、'.join(case_names())}", f"There are: {', '.join(case_names())}"),
        )
    return _FOLDER.joinpath(f"{name}.json").read_bytes()
