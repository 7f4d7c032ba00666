"""A system whose disk fills up, or loses its power: acknowledged is stored, and nothing is raised twice."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.disks import copy_image, filled, loop_mount, new_image
from tests.faults.checker import Proof
from tests.faults.conftest import Site, scratch, site_on

pytestmark = [pytest.mark.faults, pytest.mark.root]

DISK_MIB = 2048
FULL_S = 5.0
PATIENCE_S = 60.0
LONGEST_LIFE_S = 3.5


@dataclass
class Machine:
    """A site whose data lie on a disk of its own."""

    site: Site
    image: Path
    disk: Path
    mounted: ExitStack

    def cut_the_power(self) -> None:
        """What is on the medium at one moment is all that is left; the machine stands still, switched off."""
        self.site.system.freeze_whole()
        after = copy_image(self.image, self.image.with_name("after.img"))
        self.site.system.kill_whole()
        self.mounted.close()
        self.image = after
        self.mounted.enter_context(loop_mount(after, self.disk))


@pytest.fixture(scope="module")
def machine(seed: int) -> Iterator[Machine]:
    with scratch() as folder, ExitStack() as mounted:
        image = new_image(folder / "disk.img", DISK_MIB)
        disk = mounted.enter_context(loop_mount(image, folder / "disk"))
        with site_on(disk / "anlan", seed) as site:
            yield Machine(site, image, disk, mounted)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_full_disk_refuses_and_recovers_when_there_is_room(
    machine: Machine, prove: Callable[[str, Proof], None]
) -> None:
    site = machine.site
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    with filled(machine.disk):
        until(lambda: all(gateway.last.code == "log_unavailable" for gateway in site.gateways))
        until(lambda: "no space left" in str(site.system.process("nats").detail.get("error")))
        acknowledged = len(site.ledger.acknowledged)
        time.sleep(FULL_S)
        assert len(site.ledger.acknowledged) == acknowledged, "what has no room is not acknowledged"
    at = time.monotonic()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    prove(
        f"disk full for {FULL_S:.0f} s: all gateways acknowledged again after {recovered_s:.1f} s",
        site.check(),
    )


def test_acknowledged_is_stored_when_the_power_is_cut(
    machine: Machine, prove: Callable[[str, Proof], None]
) -> None:
    site = machine.site
    site.send()
    site.wait_until_all_acknowledged(time.monotonic())
    time.sleep(random.uniform(0.5, LONGEST_LIFE_S))
    at = time.monotonic()
    machine.cut_the_power()
    site.system.start()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    prove(f"power cut: all gateways acknowledged again after {recovered_s:.1f} s", site.check())
