"""The one composition root: what each process of a system is made of.

Adapters, sinks and domains meet here and nowhere else. Each function builds one
process out of the environment that the supervisor hands out and runs it until
SIGTERM; imports are inside, so that a process loads only what it is made of.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from anlan.ports.executor import Executor
from anlan.server.compiling import ALARMS, THREATS, compile_apart, load, once_in_background
from anlan.server.heartbeat import NO_TLS, Health, Heartbeat
from anlan.server.nursery import NURSERY, Nursery

HISTORIAN, EVALUATOR = "historian", "evaluator"
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STOP_S = 15.0
_COMPILE_AFTER_S = 20.0


def run(name: str) -> None:
    """Run the process called *name* to its end."""
    logging.basicConfig(level=os.environ.get("ANLAN_LOG_LEVEL", "INFO"), format=_LOG_FORMAT)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _PROCESSES[name]()


# -- the processes -------------------------------------------------------------


_SHARED = (
    "anlan.adapters.clickhouse.historian",
    "anlan.adapters.nats",
    "anlan.domains.monitoring.alarms.sink",
    "anlan.domains.monitoring.points.history",
    "anlan.domains.monitoring.points.registry",
    "anlan.server.streams",
    "anlan.stream.door",
    "django.db.backends.postgresql.base",
    "httpx",
    "uvicorn",
)
"""What more than one process loads, besides Django and the tables; nothing that starts a thread."""


def _nursery() -> None:
    """Forks the others."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # it would start threads as it is loaded
    os.environ["SPT_NOENV"] = "1"  # a new title leaves the environment readable: by it leftovers are known
    _set_up_django()
    nursery = Nursery(_run_folder(), [name for name in _PROCESSES if name != NURSERY])
    nursery.load(_SHARED)
    run(nursery.serve())


def _historian() -> None:
    """Owns the embedded history (when there is one) and fills it from TELE."""
    from anlan.adapters.chdb.facade import Facade
    from anlan.adapters.clickhouse.historian import ClickHouseHistorian
    from anlan.adapters.nats import TELE, NatsDeadLetters, NatsLogReader
    from anlan.ports.history import Retention
    from anlan.ports.telemetry import LogEntry
    from anlan.server.streams import connected
    from anlan.stream.historian.writer import HistorianWriter

    url = os.environ["CLICKHOUSE_URL"]
    retention = Retention.parse(os.environ.get("ANLAN_HISTORY_KEEP", ""))
    facade: Facade | None = None
    if os.environ.get("ANLAN_FACADE_PORT"):
        parts = urlsplit(url)
        facade = Facade(
            _data() / "history",
            "127.0.0.1",
            int(os.environ["ANLAN_FACADE_PORT"]),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            database=parts.path.strip("/"),
        )
        facade.start()

    async def main(stop: asyncio.Event) -> None:
        client = await connected(HISTORIAN)
        letters = NatsDeadLetters(client)

        async def dead_letter(entry: LogEntry, reason: str) -> None:
            await letters.append(_unreadable_frame(entry.sequence, entry.payload, reason))

        reader = NatsLogReader(client, TELE, "tele.>", HISTORIAN)
        writer = HistorianWriter(reader, ClickHouseHistorian(url, retention), dead_letter)
        try:
            await _beating(HISTORIAN, writer.health, writer.run(stop))
        finally:
            await client.close()

    try:
        _until_told(main)
    finally:
        if facade is not None:
            facade.stop()


def _door() -> None:
    """Takes readings in over HTTP and MQTT; acknowledges what TELE holds."""
    _set_up_django()
    import uvicorn

    from anlan.adapters.nats import TELE, NatsBus, NatsDeadLetters, NatsLogReader, NatsTelemetryLog
    from anlan.domains.monitoring.points.registry import DatabasePointRegistry
    from anlan.server.streams import connected
    from anlan.stream.door import DeadLetters, Door, DoorApp, MqttDoor, RegistryCache

    socket = Path(urlsplit(os.environ["ANLAN_DOOR_URL"]).path)
    socket.unlink(missing_ok=True)

    async def main(stop: asyncio.Event) -> None:
        client = await connected("door")
        partitions = range(_partitions())
        logs = [NatsTelemetryLog(client, partition) for partition in partitions]
        dead = DeadLetters(NatsDeadLetters(client))
        door = Door(RegistryCache(DatabasePointRegistry("door")), logs, dead, _database_thread())
        config = uvicorn.Config(
            DoorApp(door), uds=str(socket), access_log=False, log_config=None, timeout_graceful_shutdown=5
        )
        server = uvicorn.Server(config)
        server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]  # ours set the event
        duties = [
            asyncio.create_task(door.keep_registry()),
            asyncio.create_task(dead.run()),
            asyncio.create_task(_beating("door", door.health, server.serve())),
        ]
        try:
            await MqttDoor(door, NatsBus(client)).open()
            await door.recall([NatsLogReader(client, TELE, "tele.>", "door")])
            await stop.wait()
            server.should_exit = True
            await duties[-1]
            await door.drain()
        finally:
            for duty in duties:
                duty.cancel()
            await client.close()

    _until_told(main)


def _evaluator() -> None:
    """Turns readings into alarms, one process for each partition."""
    _set_up_django()
    from anlan.adapters.nats import TELE, NatsBus, NatsLogReader
    from anlan.domains.monitoring.alarms.sink import DatabaseTransitionSink
    from anlan.domains.monitoring.points.rules import DatabaseRuleSource
    from anlan.server.streams import connected
    from anlan.stream.evaluator import Evaluator, SnapshotFile

    partition = int(os.environ.get("ANLAN_PARTITION", "0"))
    compile_apart(ALARMS)

    async def main(stop: asyncio.Event) -> None:
        client = await connected(EVALUATOR)
        evaluator = Evaluator(
            partition,
            NatsLogReader(client, TELE, f"tele.{partition}", f"evaluator-{partition}"),
            DatabaseRuleSource(partition, _partitions()),
            DatabaseTransitionSink(),
            NatsBus(client),
            SnapshotFile(_data() / "evaluator", partition),
            _database_thread(2),  # latest values never hold up an alarm
        )
        try:
            await _beating(EVALUATOR, evaluator.health, evaluator.run(stop))
        finally:
            await client.close()

    _until_told(main)


def _relay() -> None:
    """Carries what PostgreSQL and the broker owe each other."""
    _set_up_django()
    from anlan.server.relay import Relay

    async def main(stop: asyncio.Event) -> None:
        relay = Relay.from_environment()
        await _until(stop, _beating("relay", relay.health, relay.run()))

    _until_told(main)


def _worker() -> None:
    """Does jobs, escalates deadlines and goes the round of duties."""
    _set_up_django()
    from anlan.adapters.clickhouse.historian import ClickHouseHistorian
    from anlan.domains.monitoring.points import history
    from anlan.platform.deadlines.ticking import Ticker
    from anlan.platform.jobs.duties import DutyRound, registered_duties
    from anlan.platform.jobs.worker import Worker

    if os.environ.get("CLICKHOUSE_URL"):
        history.use(ClickHouseHistorian(os.environ["CLICKHOUSE_URL"]))

    # its connection's settings are read with Django's own connection, which refuses to serve a running loop
    jobs = int(os.environ.get("ANLAN_JOBS_AT_ONCE", "1"))
    executor = _executor(jobs)
    worker = Worker(jobs, executor)

    async def main(stop: asyncio.Event) -> None:
        # threads of their own: no duty holds up a deadline
        ticker, duties = Ticker(_database_thread()), DutyRound(_database_thread(), registered_duties())

        def health() -> dict[str, object]:
            jobs, beside = worker.health(), {"deadlines": ticker.health(), "duties": duties.health()}
            return {**jobs, "ok": jobs["ok"] and all(one["ok"] for one in beside.values()), **beside}

        rounds = [asyncio.create_task(ticker.run()), asyncio.create_task(duties.run())]
        try:
            await _beating("worker", health, worker.run(stop))
        finally:
            for one in rounds:
                one.cancel()

    try:
        _until_told(main)
    finally:
        executor.close()


def _executor(count: int) -> Executor:
    """Where long computations run: the Ray cluster whose URL is set, else *count* processes of this machine."""
    url = os.environ.get("RAY_URL", "")
    if url:
        from anlan.adapters.ray import RayExecutor

        return RayExecutor(url)
    from anlan.adapters.processes import ProcessPool

    return ProcessPool(count)


def _front() -> None:
    """The one origin."""
    _set_up_django()
    from anlan.server.front.app import Front

    async def main() -> None:
        front = Front.from_environment()
        await _beating("front", front.health, front.run())

    asyncio.run(main())  # the HTTP server minds the signals


def _web() -> None:
    """Django behind granian: one worker process, several threads."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    socket = Path(urlsplit(os.environ["ANLAN_WEB_URL"]).path)
    socket.unlink(missing_ok=True)
    server = Granian(
        "anlan.server.processes:web_application",
        factory=True,
        uds=socket,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=int(os.environ.get("ANLAN_WEB_THREADS", "4")),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_level=LogLevels.warning,
        websockets=False,
        process_name="anlan run web",
    )
    server.serve()


def web_application() -> Any:
    """The WSGI application of the web process, charts included, with the heartbeat.

    The heartbeat's thread is the worker's: granian forks its workers, and a fork beside
    a running thread can inherit a lock that nobody will ever give back.
    """
    _set_up_django()
    from anlan.adapters.clickhouse.historian import ClickHouseHistorian
    from anlan.domains.monitoring.points import history
    from anlan.server.wsgi import application

    if os.environ.get("CLICKHOUSE_URL"):
        history.use(ClickHouseHistorian(os.environ["CLICKHOUSE_URL"]))
    socket = Path(urlsplit(os.environ["ANLAN_WEB_URL"]).path)
    Heartbeat("web", lambda: _answering(socket), _run_folder()).start_thread()
    _prepare_engine()
    return application


def _prepare_engine() -> None:
    """Compile the engine's kernels once the start is over, and load it when somebody looks at an alarm or an incident.

    Loaded it takes 300 MB, which a system that nobody asks has no use for (ADR 0010).
    """
    from anlan.domains.command.incidents import ahead

    def engine() -> None:
        compile_apart(THREATS)
        load(THREATS)

    ahead.use(once_in_background(engine))
    timer = Timer(_COMPILE_AFTER_S, compile_apart, (THREATS,))
    timer.daemon = True
    timer.start()


def _demo() -> None:
    """Plays the demonstration's plants into the door."""
    _set_up_django()
    from anlan.demo.replay import Replay

    async def main(stop: asyncio.Event) -> None:
        replay = Replay(_data(), os.environ["ANLAN_DOOR_URL"])
        await _until(stop, _beating("demo", replay.health, replay.run()))

    _until_told(main)


_PROCESSES: dict[str, Callable[[], None]] = {
    NURSERY: _nursery,
    HISTORIAN: _historian,
    EVALUATOR: _evaluator,
    "door": _door,
    "relay": _relay,
    "worker": _worker,
    "front": _front,
    "web": _web,
    "demo": _demo,
}


# -- what they share -----------------------------------------------------------


def _until_told(main: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run *main* with an event that SIGTERM or SIGINT sets."""

    async def minded() -> None:
        stop = asyncio.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signum, stop.set)
        await main(stop)

    asyncio.run(minded())


async def _beating(name: str, health: Health, work: Awaitable[None]) -> None:
    """Do *work* while writing the health file of *name* each second."""
    heartbeat = Heartbeat(name, health, _run_folder())
    beating = asyncio.create_task(heartbeat.run())
    try:
        await work
    finally:
        beating.cancel()


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do *work* until it ends or *stop* is set; a failure of it is raised."""
    task = asyncio.create_task(work)
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if task.done():
        task.result()
        return
    task.cancel()
    with suppress(asyncio.CancelledError, TimeoutError):
        async with asyncio.timeout(_STOP_S):
            await task


def _database_thread(threads: int = 1) -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Runs blocking calls in *threads* of their own, in order, and gives each call's connection back."""
    from django.db import connection

    executor = ThreadPoolExecutor(threads, thread_name_prefix="database")

    def closing(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    def in_thread(call: Callable[[], Any]) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(executor, closing, call)

    return in_thread


def _partitions() -> int:
    return int(os.environ.get("ANLAN_PARTITIONS", "1"))


def _set_up_django() -> None:
    from anlan.server.cli.common import set_up_django

    set_up_django()


def _data() -> Path:
    return Path(os.environ["ANLAN_DATA"])


def _run_folder() -> Path:
    return Path(os.environ["ANLAN_RUN"])


def _answering(socket: Path) -> dict[str, object]:
    """Whether the web process answers a request that needs nothing but itself."""
    import httpx

    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket), verify=NO_TLS), timeout=5) as client:
        status = client.get("http://web/api/session").status_code
    return {"ok": status in (200, 204), "status": status}


def _unreadable_frame(sequence: int, payload: bytes, reason: str) -> bytes:
    """A dead letter about a frame of TELE that the historian cannot read."""
    import msgspec

    from anlan.kernel.clock import now
    from anlan.stream.door.dead import MAX_BODY_CHARS, DeadLetter

    body = payload[:MAX_BODY_CHARS].decode("utf-8", "replace")
    at = now().isoformat()
    return msgspec.json.encode(
        DeadLetter(at, "", "tele", None, sequence, "unreadable_frame", reason[:1000], 1, [], body)
    )
