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

VICTIMS = ("evaluator", "historian", "door", "web", "relay", "front", "nursery", "nats", "postgres")
LONGEST_LIFE_S = 3.5
STILL_S = 7.0
DOWN_S_PER_ROUND = 6.0
"""How long the broker stays away; ten minutes in the full suite of a hundred rounds."""


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


@pytest.mark.parametrize("at_once", [True, False], ids=["everything at once", "the supervisor alone"])
def test_a_system_started_again_after_it_was_killed_has_everything(
    at_once: bool, site: Site, prove: Callable[[str, Proof], None]
) -> None:
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    time.sleep(random.uniform(0.5, LONGEST_LIFE_S))
    at = time.monotonic()
    if at_once:
        site.system.kill_whole()
    else:
        site.system.kill_supervisor()
    site.system.start()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    what = "every process" if at_once else "the supervisor"
    prove(f"{what} killed at once and started again: all well after {recovered_s:.1f} s", site.check())


def test_a_broker_that_stays_away_costs_nothing_but_the_wait(
    site: Site, rounds: int, prove: Callable[[str, Proof], None]
) -> None:
    away_s, restarts = DOWN_S_PER_ROUND * rounds, site.system.process("nats").restarts
    for gateway in site.gateways:
        gateway.gives_up_after_s += away_s
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    with site.system.kept_down("nats"):
        time.sleep(away_s)
    assert site.system.process("nats").restarts > restarts + 1, "it was not away all the time"
    at = time.monotonic()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    prove(
        f"the broker was away for {away_s:.0f} s: all gateways acknowledged again {recovered_s:.1f} s after its return",
        site.check(),
    )


@pytest.mark.parametrize("victim", ["nats", "postgres", "door"])
def test_one_that_stands_still_for_a_while_costs_nothing(
    victim: str, site: Site, prove: Callable[[str, Proof], None]
) -> None:
    """Longer than the door waits for the log: what it was told has failed may have been stored all the same."""
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    with site.system.halted(victim):
        time.sleep(STILL_S)
    at = time.monotonic()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    prove(
        f"{victim} stood still for {STILL_S:.0f} s: all gateways acknowledged again after {recovered_s:.1f} s",
        site.check(),
    )


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
