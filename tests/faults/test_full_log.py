"""TELE filled up: the door refuses and says when to come again, loses nothing, and recovers by itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.faults.checker import Proof
from tests.faults.conftest import Site
from tests.faults.senders import Answer, Gateway

pytestmark = pytest.mark.faults

FILL_S = 120.0
LARGE_ROWS = 700


@pytest.mark.parametrize("reader", ["historian", "evaluator"])
def test_a_full_log_refuses_and_recovers_when_its_reader_goes_on(
    reader: str, site: Site, prove: Callable[[str, Proof], None]
) -> None:
    asked_again = site.ledger.told_full
    restarts = site.system.process(reader).restarts
    with site.system.halted(reader), large_batches(site):
        site.send()
        heard = wait_until_refused(site)
        acknowledged = len(site.ledger.acknowledged)
    at = time.monotonic()
    site.wait_until_all_acknowledged(at)
    recovered_s = time.monotonic() - at
    site.rest()
    for source, answer in heard.items():
        assert (answer.status, answer.code, answer.accepted) == (503, "log_full", 0), source
        if source.startswith("http"):
            assert answer.retry_after is not None and int(answer.retry_after) > 0
    assert len(site.ledger.acknowledged) > acknowledged
    prove(
        f"TELE full while the {reader} stood still: {site.ledger.told_full - asked_again} refusals, "
        f"all gateways acknowledged again {recovered_s:.1f} s after it went on",
        site.check(),
    )
    assert site.system.process(reader).restarts == restarts


@contextmanager
def large_batches(site: Site) -> Iterator[None]:
    """Gateways empty their spools: *LARGE_ROWS* rows a batch."""
    usual = Gateway.rows_per_batch
    Gateway.rows_per_batch = LARGE_ROWS
    try:
        yield
    finally:
        Gateway.rows_per_batch = usual


def wait_until_refused(site: Site) -> dict[str, Answer]:
    """The last answer of each gateway once the door has refused all of them for want of room."""
    deadline = time.monotonic() + FILL_S
    while not all(gateway.last.code == "log_full" for gateway in site.gateways):
        assert time.monotonic() < deadline, [(gateway.source, gateway.last) for gateway in site.gateways]
        assert not any(gateway.failure for gateway in site.gateways)
        time.sleep(0.05)
    return {gateway.source: gateway.last for gateway in site.gateways}
