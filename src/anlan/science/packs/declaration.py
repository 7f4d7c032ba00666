"""The words of a pack, and the packs that ship inside the package."""

from importlib.resources import files
from typing import Annotated, Any, Literal

from msgspec import Meta

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.science.params import Name, Strict, read_params

_SUFFIX = ".json"


class PackMember(Strict, frozen=True):
    """One scenario: the worked case *case* of *hazard* with *changes*, merged into its sections.

    *chance* names an event of the pack's cascade on condition of which this member happens at all.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    hazard: str
    case: str
    name: Name
    changes: dict[str, Any] = {}
    chance: str | None = None


class Pack(Strict, frozen=True):
    """*state* says what the data are: from a catalogue, by a formula, assumed; *sources* where figures come from."""

    schema: Literal[1]
    name: Name
    state: Name
    members: Annotated[tuple[PackMember, ...], Meta(min_length=1, max_length=20)]
    seed: Annotated[int, Meta(ge=0)] = 1
    sources: tuple[str, ...] = ()


def pack_names() -> tuple[str, ...]:
    """Every pack, in the order of the alphabet."""
    found = (one.name for one in files(__package__).joinpath("data").iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def read_pack(name: str) -> Pack:
    """The pack called *name*. Raises `NotFound`.

    >>> read_pack("ningdong_quake_release").members[0].hazard
    'seismic'
    """
    known = pack_names()
    if name not in known:
        raise NotFound(
            Text(f"没有名为 {name} 的情景包", f"There is no scenario pack called {name}"),
            next_step=Text(f"现有：{'、'.join(known)}", f"There are: {', '.join(known)}"),
        )
    return read_params(files(__package__).joinpath("data", name + _SUFFIX).read_bytes(), Pack)
