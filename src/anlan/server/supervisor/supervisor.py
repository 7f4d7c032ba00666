"""Starts a whole system in order of readiness, keeps it up, and takes it down."""

import asyncio
import errno
import json
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

from anlan.kernel.clock import LiveClock
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.heartbeat import write_beat
from anlan.server.nursery import NURSERY
from anlan.server.supervisor.child import Child, Spec
from anlan.server.supervisor.console import Console
from anlan.server.supervisor.external import BrokerFile, reach
from anlan.server.supervisor.folders import check_room, folder_problem, make_private
from anlan.server.supervisor.layout import Layout, Ports, mqtt_host, python_command
from anlan.server.supervisor.leftovers import end_leftovers
from anlan.server.supervisor.locks import FolderLock
from anlan.server.supervisor.nats import BrokerPorts, EmbeddedNats
from anlan.server.supervisor.postgres import EmbeddedPostgres
from anlan.server.supervisor.secrets import write_private
from anlan.server.supervisor.services import WITH_DATABASE, WITHOUT_DATABASE, nursery_spec, service_spec
from anlan.server.supervisor.spawn import PRIVATE_UMASK, dies_with_parent
from anlan.server.supervisor.stores import NatsKeeper, PostgresKeeper

_PORTS_TRIED = 20
_MONITOR_S = 1.0


class AlreadyRunning(Problem):
    """Another supervisor holds the data folder."""

    code = "already_running"
    status = 409


class PortTaken(Problem):
    """The wanted port is in use."""

    code = "port_taken"
    status = 409


def _port_refused(host: str, port: int, error: OSError) -> PortTaken:
    if error.errno == errno.EADDRINUSE:
        title = Text(f"端口 {port} 已被占用", f"Port {port} is in use")
    else:
        title = Text(
            f"无法监听 {host}:{port}：{error.strerror}", f"Cannot listen on {host}:{port}: {error.strerror}"
        )
    return PortTaken(
        title, next_step=Text("请用 --port 或 --host 另选", "Choose another one with --port or --host")
    )


class StepFailed(Problem):
    """A step of the start ended with an error."""

    code = "step_failed"
    status = 500


class Supervisor:
    """One system's parent process."""

    def __init__(self, layout: Layout, console: Console, *, port_is_fixed: bool) -> None:
        self._layout = layout
        self._console = console
        self._port_is_fixed = port_is_fixed
        self._lock = FolderLock(layout.data / "lock")
        self._children: list[Child] = []
        self._postgres: tuple[PostgresKeeper, Child] | None = None
        self._nats: tuple[NatsKeeper, Child] | None = None
        self._broker_file: BrokerFile | None = None
        self._stopping = asyncio.Event()
        self._began = LiveClock().now()
        self._environment: dict[str, str] = {}
        self._owner_url = layout.external.owner_url
        self._ports = Ports(layout.options.port, 0, 0, 0, 0)

    async def run(self, *, setup_only: bool, on_ready: Callable[[str], None]) -> None:
        """Start everything, call *on_ready* with the URL, and stay until told to stop.

        With *setup_only* the stores are initialised, migrated and loaded, and
        everything is taken down again.
        """
        self._take_folder()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, self._stopping.set)
        monitor = asyncio.create_task(self._monitor())
        try:
            await self._unless_stopped(self._start(setup_only=setup_only))
            if not setup_only and not self._stopping.is_set():
                with suppress(OSError):  # whoever asks for the status from now on finds all of it running
                    self._write_run_json()
                on_ready(self._layout.url(self._ports))
                await self._stopping.wait()
        finally:
            monitor.cancel()
            await self._stop_all()
            self._layout.run_json.unlink(missing_ok=True)
            self._layout.remove_run_folder()
            self._layout.claims.release()
            self._lock.release()

    # -- start -------------------------------------------------------------

    async def _start(self, *, setup_only: bool) -> None:
        await self._start_stores(setup_only=setup_only)
        early = [] if setup_only else self._services(WITHOUT_DATABASE)
        for child in early:
            child.begin()
        with self._console.step(Text("数据库迁移", "Database migrations")):
            await self._one_shot("migrate", extra={"DATABASE_OWNER_URL": self._owner_url})
        if self._layout.options.demo and not (self._layout.data / "demo" / "loaded").exists():
            with self._console.step(Text("装入演示数据", "Demonstration data")):
                await self._one_shot("demo", "load")
        if not setup_only:
            with self._console.step(Text("各进程就绪", "Processes ready")):
                await self._begin(self._services(self._later()))
                await asyncio.gather(*(child.first_ready for child in early))

    def _take_folder(self) -> None:
        """Lock the data folder, clear away what an earlier supervisor left, choose the ports."""
        layout, fresh = self._layout, not self._layout.run_before
        try:
            make_private(layout.data, traversable=os.geteuid() == 0)
            if not self._lock.acquire():
                raise _already_running(layout, self._lock.holder())
            warning = check_room(layout.data, fresh=fresh, log_bytes=layout.options.data_limit_bytes)
            layout.make_folders()
        except OSError as error:
            raise folder_problem(error) from error
        if warning:
            self._console.line(warning)
        end_leftovers(layout.data)
        self._ports = layout.choose_ports(self._front_port())
        if self._ports.front != layout.options.port:
            self._console.line(
                Text(
                    f"端口 {layout.options.port} 已被占用，改用 {self._ports.front}",
                    f"Port {layout.options.port} is in use: taking {self._ports.front}",
                )
            )

    def _front_port(self) -> int:
        """The wanted port; when nobody insisted on it, the next free one after it."""
        wanted, host = self._layout.options.port, self._layout.options.host
        error = self._layout.claims.take(wanted, host)
        if error is None:
            return wanted
        if error.errno == errno.EADDRINUSE and not self._port_is_fixed:
            for port in range(wanted + 1, wanted + _PORTS_TRIED):
                if self._layout.claims.take(port, host) is None:
                    return port
        raise _port_refused(host, wanted, error)

    async def _start_stores(self, *, setup_only: bool) -> None:
        layout, stores = self._layout, []
        app_url, nats_url = layout.external.app_url, layout.external.nats_url
        if layout.external.nats_url:
            self._broker_file = BrokerFile(layout.data / "nats", nats_url)
        if layout.external.names():
            with self._console.step(Text("自有的数据库与消息服务", "Stores of the site's own")):
                await reach(layout.external, broker=not setup_only)
        if not app_url:
            server = EmbeddedPostgres(layout.data / "postgres", layout.run, secrets=layout.secrets)
            keeper = PostgresKeeper(server)
            self._postgres = keeper, self._child(keeper.spec())
            stores.append(self._postgres[1])
            app_url, self._owner_url = server.app_url, server.owner_url
        if not nats_url:
            broker = EmbeddedNats(
                layout.data / "nats",
                BrokerPorts(self._ports.nats, self._ports.mqtt, self._ports.nats_monitor, mqtt_host()),
                secrets=layout.secrets,
            )
            nats_keeper = NatsKeeper(broker, layout.data / "nats" / "gateways.json")
            self._nats = nats_keeper, self._child(nats_keeper.spec())
            stores.append(self._nats[1])
            nats_url = broker.url
        self._environment = layout.environment(self._ports, app_url=app_url, nats_url=nats_url)
        self._write_run_json()
        if not setup_only:
            stores.append(self._child(nursery_spec(self._environment, layout.run)))
        if stores:
            with self._console.step(Text("数据库与消息服务", "Database and broker")):
                await self._begin(stores)

    def _later(self) -> tuple[str, ...]:
        """What waits for the database's tables."""
        return (*WITH_DATABASE, "demo") if self._layout.options.demo else WITH_DATABASE

    def _services(self, names: Sequence[str]) -> list[Child]:
        return [self._child(service_spec(name, self._layout.run)) for name in names]

    def _child(self, spec: Spec) -> Child:
        child = Child(spec, self._layout.logs)
        self._children.append(child)
        return child

    async def _begin(self, children: Sequence[Child]) -> None:
        for child in children:
            child.begin()
        await asyncio.gather(*(child.first_ready for child in children))

    async def _one_shot(self, *arguments: str, extra: dict[str, str] | None = None) -> None:
        """Run ``anlan ARGUMENTS`` to its end; its output goes to a log of its own."""
        log = self._layout.logs / f"{arguments[0]}.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *python_command(*arguments),
                env={**self._environment, **(extra or {})},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                umask=PRIVATE_UMASK,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                process.terminate()
                await process.wait()
                raise
        if code != 0:
            raise StepFailed(
                Text(f"anlan {' '.join(arguments)} 失败", f"anlan {' '.join(arguments)} failed"),
                next_step=Text(f"请查看日志 {log}", f"See its log: {log}"),
                facts={"log": log.read_text(errors="replace")[-2000:]},
            )

    async def _unless_stopped(self, work: Coroutine[object, object, None]) -> None:
        """Do *work*, but leave it when a signal asks to stop."""
        task = asyncio.ensure_future(work)
        told = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        else:
            task.result()

    # -- while it runs -------------------------------------------------------

    async def _monitor(self) -> None:
        """Each second: the stores' health, the gateways' accounts, and run.json."""
        while True:
            with suppress(OSError):  # a full disk: what cannot be written now is written later
                await self._look()
            await asyncio.sleep(_MONITOR_S)

    async def _look(self) -> None:
        for kept in (self._postgres, self._nats):
            if kept is not None and kept[1].pid is not None:
                ok, detail = await kept[0].health()
                path = self._layout.run / "health" / f"{kept[0].name}.json"
                write_beat(path, ok=ok, detail=detail, pid=kept[1].pid)
        if self._nats is not None:
            self._nats[0].follow_accounts(self._nats[1])
        if self._broker_file is not None:
            self._broker_file.follow()
        if self._environment:
            self._write_run_json()

    def _write_run_json(self) -> None:
        layout = self._layout
        said = {
            "url": layout.url(self._ports),
            "data": str(layout.data),
            "run": str(layout.run),
            "started_at": self._began.isoformat(),
            "supervisor": os.getpid(),
            "ports": asdict(self._ports),
            "external": layout.external.names(),
            "processes": {child.name: _describe(child) for child in self._children},
            "environment": {name: self._environment[name] for name in _TOLD if name in self._environment},
        }
        write_private(layout.run_json, json.dumps(said, indent=1))

    # -- stop --------------------------------------------------------------

    async def _stop_all(self) -> None:
        """The face first, the stores last, and the nursery with them: its end would be that of all it has forked."""
        for names in (
            {"front", "demo"},
            {"web", "door", "evaluator", "historian", "relay", "worker"},
            {"postgres", "nats", NURSERY},
        ):
            await asyncio.gather(*(child.stop() for child in self._children if child.name in names))


_TOLD = (
    "ANLAN_DATA",
    "ANLAN_RUN",
    "ANLAN_SECRET_KEY",
    "ANLAN_SCOPE_SECRET",
    "ANLAN_WEB_URL",
    "ANLAN_DOOR_URL",
    "ANLAN_FRONT_HOST",
    "ANLAN_FRONT_PORT",
    "ANLAN_MQTT_PORT",
    "ANLAN_PARTITIONS",
    "ANLAN_DEMO",
    "ANLAN_DATA_LIMIT",
    "CLICKHOUSE_URL",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "NATS_URL",
    "NUMBA_CACHE_DIR",
)
"""What run.json keeps so that a command in another shell finds the same stores."""


def _describe(child: Child) -> dict[str, object]:
    started = datetime.fromtimestamp(child.started_at, UTC).isoformat() if child.started_at else None
    return {
        "state": child.state.value,
        "pid": child.pid,
        "started_at": started,
        "restarts": child.restarts,
        "last_exit": child.last_exit,
        "log": str(child.log.path),
    }


def _already_running(layout: Layout, holder: int | None) -> AlreadyRunning:
    url = ""
    with suppress(OSError, ValueError, KeyError):
        url = str(json.loads(layout.run_json.read_text())["url"])
    return AlreadyRunning(
        Text(
            f"数据目录 {layout.data} 已由进程 {holder} 运行 {url}",
            f"{layout.data} is already running: process {holder} {url}",
        ),
        next_step=Text(
            "请直接使用，或用 anlan down 停止，或用 --data 与 --port 另起一套",
            "Use it, stop it with anlan down, or start another one with --data and --port",
        ),
    )


def run_system(
    layout: Layout, *, port_is_fixed: bool, setup_only: bool, on_ready: Callable[[str], None]
) -> int:
    """Run one system until it is told to stop; the exit status."""
    console = Console()

    async def main() -> None:
        supervisor = Supervisor(layout, console, port_is_fixed=port_is_fixed)
        await supervisor.run(setup_only=setup_only, on_ready=on_ready)

    try:
        asyncio.run(main())
    except Problem as problem:
        console.problem(problem)
        return 1
    return 0
