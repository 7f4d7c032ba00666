"""The engines that can be asked by a file of parameters, each with worked cases: found by the name of the hazard.

Parameters of floods and slopes may name a raster beside them: who asks reads it and hands over its content.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.science.cases import Cases
from anlan.science.params import made_params

if TYPE_CHECKING:
    from anlan.science.products import Outcome, Step

_MODULES = {
    "chemical": "anlan.science.chemical.simulation",
    "seismic": "anlan.science.seismic.simulation",
    "slope": "anlan.science.slope.simulation",
    "flood": "anlan.science.flood.simulation",
    "wildfire": "anlan.science.wildfire.simulation",
    "cascade": "anlan.science.cascade.simulation",
}


class Simulator(Protocol):
    """What the module of an engine's simulation offers."""

    Params: Any
    """The schema: a `msgspec.Struct`."""

    def read(self, content: bytes) -> Any: ...
    def check(self, asked: Any) -> None: ...
    def hash_of(self, asked: Any) -> str: ...
    def simulate(self, asked: Any, report: "Step" = ...) -> "Outcome": ...
    def case_names(self) -> tuple[str, ...]: ...
    def case_content(self, name: str) -> bytes: ...


def hazards() -> tuple[str, ...]:
    """The hazards that can be simulated."""
    return tuple(_MODULES)


def cases_of(hazard: str) -> Cases:
    """The worked cases of a hazard, without loading its engine."""
    return Cases(hazard)


def simulator(hazard: str) -> Simulator:
    """The simulation of a hazard. Raises `NotFound`."""
    if hazard not in _MODULES:
        raise NotFound(
            Text(f"没有名为 {hazard} 的模拟", f"There is no simulation called {hazard}"),
            next_step=Text(f"现有：{'、'.join(_MODULES)}", f"There are: {', '.join(_MODULES)}"),
        )
    module: Any = import_module(_MODULES[hazard])
    return module  # type: ignore[no-any-return]


def files_of(engine: Simulator, asked: Any) -> tuple[str, ...]:
    """The files that the parameters name; most engines know none."""
    named = getattr(engine, "files_of", None)
    return () if named is None else tuple(named(asked))


def simulated(engine: Simulator, asked: Any, report: "Step", given: Mapping[str, bytes]) -> "Outcome":
    """Run *engine*, with the content of the files that the parameters name."""
    if not given:
        return engine.simulate(asked, report)
    run: Any = engine.simulate
    return run(asked, report, given)  # type: ignore[no-any-return]


def calculated(
    report: "Step", *, hazard: str, params: Mapping[str, Any], given: Mapping[str, bytes]
) -> "Outcome":
    """The outcome of *params*, with the content of the files that they name: the work of a job, whole in one call."""
    engine = simulator(hazard)
    return simulated(engine, made_params(dict(params), engine.Params), report, given)


def hashed(engine: Simulator, asked: Any, given: Mapping[str, bytes]) -> str:
    """By what the result is stored; the content of the files that the parameters name is part of the question."""
    if not given:
        return engine.hash_of(asked)
    named: Any = engine.hash_of
    return str(named(asked, given))
