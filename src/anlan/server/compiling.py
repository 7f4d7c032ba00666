"""Kernels compiled by a process that ends: what the compiler takes for it, 50 to 130 MB, goes with it.

The process that needs the kernels then loads them from the folder of compiled ones.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

log = logging.getLogger(__name__)

ALARMS, THREATS = "alarms", "threats"
_one_at_a_time = Lock()


def compile_apart(work: str) -> None:
    """Have the kernels of *work* compiled by another process and wait for it, unless that has been done.

    What fails there is logged: whoever needs a kernel compiles it then.
    """
    with _one_at_a_time:
        _compile_apart(work)


def _compile_apart(work: str) -> None:
    folder = os.environ.get("NUMBA_CACHE_DIR", "")
    mark = mark_of(work, Path(folder))
    if not folder or mark.exists():
        return
    done = subprocess.run([sys.executable, "-m", "anlan.server.compiling", work], check=False)  # noqa: S603
    if done.returncode != 0:
        log.warning("the kernels for %s were not compiled ahead: exit %s", work, done.returncode)
        return
    with suppress(OSError):  # a full disk: the next start looks again
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def mark_of(work: str, folder: Path) -> Path:
    """What says that the kernels of *work* stand compiled in *folder*."""
    return folder / f"{work}.compiled"


def load(work: str) -> None:
    """Load the kernels of *work*, with the libraries around them; compile what is not compiled."""
    _WORKS[work]()


def once_in_background(work: Callable[[], None]) -> Callable[[], None]:
    """Begins *work* in a thread of its own at the first call; returns at once, and does nothing at any other."""
    begun = Lock()

    def begin() -> None:
        if begun.acquire(blocking=False):
            Thread(target=work, name="engine", daemon=True).start()

    return begin


def _alarms() -> None:
    from anlan.stream.evaluator.memory import warm_up

    warm_up()


def _threats() -> None:
    """What an incident's footprint runs, and an alarm's threat: flashing flow, pool, ensemble."""
    from anlan.science.chemical import footprint, simulation

    footprint.warm_up()
    simulation.simulate(simulation.read(simulation.case_content("liquid_ammonia_tank")))


_WORKS: dict[str, Callable[[], None]] = {ALARMS: _alarms, THREATS: _threats}

if __name__ == "__main__":
    if sys.argv[1] != ALARMS:  # readings wait for the evaluator, and the evaluator for its kernels
        os.nice(10)
    load(sys.argv[1])
