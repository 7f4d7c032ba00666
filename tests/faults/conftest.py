"""One system for all tests of a run, and the ledger of everything ever sent to it."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest
from tests.faults.checker import Proof, check
from tests.faults.plant import Records
from tests.faults.senders import Gateway, Ledger, all_gateways
from tests.faults.system import System, running_system

DATA_LIMIT = "2M"
"""Small, so that the log is purged, and in a long run filled, while processes are killed."""


@dataclass
class Site:
    """The running system, its plant, and the gateways that send to it."""

    system: System
    records: Records
    ledger: Ledger
    gateways: list[Gateway]

    def send(self) -> None:
        for gateway in self.gateways:
            gateway.go_on()

    def rest(self) -> None:
        """Return when nothing is in flight."""
        for gateway in self.gateways:
            gateway.pause()

    def wait_until_all_acknowledged(self, since: float, patience_s: float = 120.0) -> None:
        """Return when every gateway has had a batch acknowledged that it began after *since* (monotonic)."""
        deadline = time.monotonic() + patience_s
        while any(gateway.fresh_since < since for gateway in self.gateways):
            failures = [gateway.failure for gateway in self.gateways if gateway.failure]
            if failures or time.monotonic() > deadline:
                late = [gateway.source for gateway in self.gateways if gateway.fresh_since < since]
                raise AssertionError(f"no acknowledgement for {late}; {failures}")
            time.sleep(0.02)

    def check(self) -> Proof:
        return check(self.system, self.records, self.ledger)


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    """How often each process is killed: ``--rounds``."""
    return int(request.config.getoption("--rounds"))


@pytest.fixture(scope="session")
def seed() -> int:
    """Printed with every proof: the same seed gives the same values, not the same moments."""
    return random.SystemRandom().randrange(1_000_000)


@pytest.fixture(scope="session")
def site(seed: int) -> Iterator[Site]:
    with scratch() as folder, site_on(folder / "anlan", seed) as made:
        yield made


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that servers of another user may enter; it stays when something failed, to be looked at."""
    folder = Path(mkdtemp(prefix="anlan-faults-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def site_on(data: Path, seed: int) -> Iterator[Site]:
    """A running system on *data* with its plant, and its gateways at rest."""
    with running_system(data, DATA_LIMIT) as system:
        records, ledger = system.make_plant(), Ledger()
        told = system.told
        time.sleep(3)  # door, evaluator and broker take up what is new within a second each
        gateways = all_gateways(told["url"], told["ports"]["mqtt"], records.keys, ledger, seed)
        try:
            yield Site(system, records, ledger, gateways)
        finally:
            for gateway in gateways:
                gateway.end()


@pytest.fixture
def prove(
    record_property: Callable[[str, object], None], tmp_path: Path, seed: int
) -> Callable[[str, Proof], None]:
    """Put the lines of a proof into the run's summary and a file, then demand that it holds."""

    def put(title: str, proof: Proof) -> None:
        lines = [f"{title} (seed {seed})", *(f"  {line}" for line in proof.lines())]
        record_property("proof", "\n".join(lines))
        (tmp_path / "proof.txt").write_text("\n".join(lines) + "\n")
        assert proof.holds, "\n".join(lines)

    return put
