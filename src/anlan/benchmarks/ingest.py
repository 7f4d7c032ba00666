"""``anlan bench ingest``: durable readings per second, alarm delay and memory of a whole system.

Starts a system of its own in a temporary folder, and the peer beside it:
mosquitto, one consumer, PostgreSQL. The same senders send the same batches to
one and the other in turn; a batch counts when its sender holds the answer that
says it is durable. Ours checks, evaluates four limits per point and fills the
history meanwhile; the peer only stores. Then single readings, each a message
that is answered when it is durable, and the delay of alarms at a steady load.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from anlan.benchmarks.listeners import Listeners
from anlan.benchmarks.load import POINTS, tags
from anlan.benchmarks.machine import describe, figure, fsync_per_s, pss_mb
from anlan.benchmarks.own_system import REGION, own_system, pids_of, signed_in, wait_for_kernels
from anlan.benchmarks.prober import PROBES, Prober
from anlan.kernel.errors import Unavailable
from anlan.kernel.text import Text
from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.spawn import spawn

GATEWAYS = 4
ROUNDS = 2
STEADY_POINTS_PER_S = 50_000
_COMPILED_S = 180.0
BROWSERS = 200
"""Alarm desks that listen while the steady load goes on."""
SINGLES_IN_FLIGHT = 250
"""Single readings of each gateway under way at once: a gateway of many meters does not wait for each answer."""

_PEER = "mosquitto QoS 1, one consumer, PostgreSQL COPY committed before the ack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=60.0, help="in all, ours and the peer together")
    parser.add_argument("--window", type=int, default=8, help="batches in flight per gateway")


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Ours and the peer in turn for two thirds of the time, then single readings and a steady load.

    Raises `Unavailable` without the senders' client.
    """
    if find_spec("paho") is None:
        raise Unavailable(
            Text("缺少 MQTT 客户端 paho-mqtt", "The MQTT client paho-mqtt is not installed"),
            next_step=Text("./check 会安装它", "./check installs it"),
        )
    slice_s = options.seconds / (3 * ROUNDS)
    ours: list[float] = []
    peers: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        folder.chmod(0o711)
        disk = fsync_per_s(folder)
        system = stack.enter_context(own_system(folder / "anlan"))
        keys, probe_key = _set_up()
        wait_for_kernels(system, _COMPILED_S)
        peer_port = stack.enter_context(_peer(folder / "peer"))
        delays: list[float] = []
        memory = 0.0
        names = {f"bench-{index}": keys[index] for index in range(GATEWAYS)}
        port = system["ports"]["mqtt"]
        prober = Prober(port, probe_key)
        for _ in range(ROUNDS):
            with prober:
                ours.append(_send(port, names, slice_s, window=options.window))
                memory = max(memory, pss_mb(pids_of(system["supervisor"])))
            delays += prober.take()[1]
            if peer_port:
                peers.append(_send(peer_port, names, slice_s, window=options.window))
        batches, writes = _grouped(system)
        singles = _send(port, names, slice_s, window=SINGLES_IN_FLIGHT, single=True)
        batches, writes = (now - then for now, then in zip(_grouped(system), (batches, writes), strict=True))
        with signed_in(system["url"], "local_bureau") as browser:
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        with Listeners(system["url"], cookie, BROWSERS) as browsers:
            with prober:
                steady_per_s = _send(port, names, slice_s, points_per_s=STEADY_POINTS_PER_S)
            sent, steady = prober.take()
        shown = browsers.delays_ms(sent)
    rounds = f"{GATEWAYS} gateways, batches of {POINTS}, {ROUNDS} rounds of {slice_s:g} s in turn"
    return {
        "name": "ingest",
        "machine": describe(),
        "figures": [
            _durable(ours, peers, rounds),
            figure(
                "single_messages_per_s",
                singles,
                "1/s",
                "higher",
                note=f"readings sent one by one, each answered when durable, {SINGLES_IN_FLIGHT} of each gateway"
                f" under way; the door put {batches / max(1, writes):.0f} into one write on average",
            ),
            *_delays(
                steady,
                "alarm",
                f"at {STEADY_POINTS_PER_S:,} readings a second, {steady_per_s:,.0f} of them answered in time",
            ),
            *_delays(
                shown, "browser", f"at that rate, each heard by {BROWSERS} live connections of browsers"
            ),
            *_delays(delays, "alarm_full_rate", "while ingesting at full rate"),
            figure(
                "memory_mb",
                memory,
                "MB",
                "lower",
                note="PSS of every process of the system, when the senders have just stopped",
            ),
            figure(
                "fsync_per_s", disk, "1/s", "higher", note="of this disk: appends of 4 KiB with fdatasync"
            ),
        ],
    }


def _durable(ours: list[float], peers: list[float], note: str) -> dict[str, object]:
    missing = "" if peers else "; mosquitto is not installed: no peer"
    return figure(
        "durable_points_per_s",
        statistics.mean(ours),
        "1/s",
        "higher",
        peer=_PEER,
        peer_value=statistics.mean(peers) if peers else None,
        note=note + missing,
    )


def _delays(found: list[float], name: str, load: str) -> list[dict[str, object]]:
    """Half and 99 % of the delays, in milliseconds."""
    ordered = sorted(found)
    half = statistics.median(ordered) if ordered else None
    late = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else None
    probes = f"{len(ordered)} alarms raised {load}"
    end = "at a listener" if name == "browser" else "committed"
    return [
        figure(f"{name}_p50_ms", half, "ms", "lower", note=f"sent to the door until {end}; {probes}"),
        figure(f"{name}_p99_ms", late, "ms", "lower", note=probes),
    ]


def _grouped(system: dict[str, Any]) -> tuple[int, int]:
    """How many batches the door has taken so far, and in how many writes."""
    time.sleep(2)  # what the door says of itself is at most that old
    said = json.loads((Path(system["run"]) / "health" / "door.json").read_text())["detail"]
    return int(said["batches"]), int(said["writes"])


# -- ours ----------------------------------------------------------------------


def _set_up() -> tuple[list[str], str]:
    """An enterprise with its gateways, points and limits; the keys of the senders and of the prober."""
    from anlan.server.cli.common import set_up_django

    set_up_django()
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind
    from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
    from anlan.domains.monitoring.points.services import create_points, register_gateway, set_limits
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.kernel.levels import Condition
    from anlan.platform.commands import acting_as, service_principal

    limits = (
        (Condition.HIGH_HIGH, 90.0),
        (Condition.HIGH, 80.0),
        (Condition.LOW, 5.0),
        (Condition.LOW_LOW, 0.0),
    )
    body = "91640181MABENCH01"
    keys = []
    with acting_as(service_principal("demo")):
        plant = create_enterprise(
            code=body + check_digit(body),
            name="性能测量",
            region=REGION,
            kind=EnterpriseKind.OTHER,
            synthetic=True,
        )
        for index in range(GATEWAYS + 1):
            source = "probe" if index == GATEWAYS else f"bench-{index}"
            given = register_gateway(source=source, name=source, enterprise_id=plant.id)
            keys.append(given.key)
            specs = [
                PointSpec(tag=tag, name=tag, unit="°C", kind=PointKind.TEMPERATURE, sampling_s=1.0)
                for tag in tags(PROBES if source == "probe" else POINTS)
            ]
            points = create_points(given.gateway.id, specs)
            kinds = limits[1:2] if source == "probe" else limits
            set_limits(
                [
                    LimitSpec(point_id=point.id, kind=kind, threshold=threshold, deadband=1.0)
                    for point in points
                    for kind, threshold in kinds
                ]
            )
    time.sleep(3)  # the evaluator, the door and the broker take up what is new within a second each
    return keys[:-1], keys[-1]


# -- the peer ------------------------------------------------------------------


@contextmanager
def _peer(folder: Path) -> Iterator[int | None]:
    """Broker, database and consumer; gives the broker's port, None without mosquitto."""
    binary = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        yield None
        return
    from anlan.server.supervisor.postgres import EmbeddedPostgres

    folder.mkdir(mode=0o711)
    store = folder / "mosquitto"
    store.mkdir(mode=0o777)
    store.chmod(0o777)
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {store}/\n"
        "max_inflight_messages 200\nmax_queued_messages 0\n"
    )
    settings.chmod(0o644)
    with EmbeddedPostgres(folder / "postgres", folder / "run") as server, ExitStack() as stack:
        stack.enter_context(_process([binary, "-c", str(settings)]))
        time.sleep(1)
        command = [sys.executable, "-m", "anlan.benchmarks.consumer", str(port), server.admin_url]
        consumer = stack.enter_context(_process(command, subprocess.PIPE))
        if consumer.stdout is None or consumer.stdout.readline().strip() != b"ready":
            raise RuntimeError("the peer's consumer did not start")
        yield port


@contextmanager
def _process(command: list[str], output: int = subprocess.DEVNULL) -> "Iterator[subprocess.Popen[bytes]]":
    process = spawn(command, output=output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


# -- what they share -----------------------------------------------------------


def _send(port: int, gateways: dict[str, str], seconds: float, **how: float) -> float:
    """Durable readings per second of one slice; *how* is what `sender.Orders` says."""
    orders = json.dumps({"port": port, "gateways": gateways, "seconds": seconds, **how})
    done = subprocess.run(
        [sys.executable, "-m", "anlan.benchmarks.sender"],
        input=orders.encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    said = json.loads(done.stdout)
    if said["refused"] or not said["accepted"]:
        raise RuntimeError(f"batches were refused: {said}")
    return float(said["accepted"] / said["seconds"])
