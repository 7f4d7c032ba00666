"""Processes that an earlier supervisor of the same data folder left behind."""

import time
from pathlib import Path

import psutil

from anlan.server.supervisor.layout import SUPERVISED

_PATIENCE_S = 8.0


def find_leftovers(data: Path) -> list[psutil.Process]:
    """Processes whose environment names *data* as their system's, ourselves excepted."""
    ours = psutil.Process()
    spared = {ours.pid, *(parent.pid for parent in ours.parents())}
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid not in spared and process.environ().get(SUPERVISED) == str(data):
                found.append(process)
        except psutil.Error:
            continue
    return found


def end_leftovers(data: Path) -> int:
    """Wait for them to end by themselves, then end them; returns how many there were.

    Their supervisor's death has already told each of them to stop.
    """
    deadline = time.monotonic() + _PATIENCE_S
    first = left = find_leftovers(data)
    while left and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.2)
        left = find_leftovers(data)
    for process in left:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(left, timeout=5)
    return len(first)
