"""kill -9 of each process during ingest: nothing acknowledged is lost, nothing is stored or raised twice."""

import json
import os
import random
import signal
import statistics
import time
from collections.abc import Callable

import pytest
from tests.faults.checker import Proof
from tests.faults.conftest import Site

pytestmark = pytest.mark.faults

VICTIMS = ("evaluator", "historian", "door", "web", "relay", "front", "nats", "postgres")
LONGEST_LIFE_S = 3.5


@pytest.mark.parametrize("victim", VICTIMS)
def test_acknowledged_is_stored_once_whoever_is_killed(
    victim: str, site: Site, rounds: int, prove: Callable[[str, Proof], None]
) -> None:
    moments = random.Random()
    restarts = site.system.process(victim).restarts
    healthy_s, acknowledged_s, kills = [], [], 0
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    for _ in range(rounds):
        time.sleep(moments.uniform(0.05, LONGEST_LIFE_S))
        at = time.monotonic()
        kills += kill(site, victim, again_after_s=moments.uniform(0, 4) if moments.random() < 0.25 else None)
        site.wait_until_all_acknowledged(at)
        acknowledged_s.append(time.monotonic() - at)
        site.system.wait_until_healthy(victim, restarts + kills)
        healthy_s.append(time.monotonic() - at)
    site.rest()
    prove(
        f"{victim}: {kills} times killed; all gateways acknowledged again after {spread(acknowledged_s)}, "
        f"all processes well again after {spread(healthy_s)}",
        site.check(),
    )
    said = json.loads(site.system.command("status", "--json").stdout)
    assert said["processes"][victim]["restarts"] == restarts + kills


def kill(site: Site, victim: str, again_after_s: float | None) -> int:
    """kill -9, and where asked for once more while it gets up; how often it was hit."""
    first = site.system.pid(victim)
    assert first is not None, f"{victim} was not there to be killed"
    os.kill(first, signal.SIGKILL)
    if again_after_s is None:
        return 1
    time.sleep(again_after_s)
    second = site.system.pid(victim)
    if second is None or second == first:
        return 1
    os.kill(second, signal.SIGKILL)
    return 2


def spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s (at most {max(seconds):.1f} s)"
