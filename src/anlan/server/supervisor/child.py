"""One supervised process: started, watched, restarted with back-off, stopped."""

import asyncio
import math
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.launching import Launch, Running
from anlan.server.supervisor.logs import RotatingLog

FIRST_BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 10.0
STEADY_S = 3.0
"""A process that ends after it has served for so long is started again as if for the first time."""
_TRIES_TO_START = 3
_PROBE_S = 0.1


class State(StrEnum):
    """Where a process stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"


class NotStarted(Problem):
    """A process ended again and again before it was ready."""

    code = "process_not_started"
    status = 500


async def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Spec:
    """How to run one process.

    *launch* starts it; *prepare* comes before that and may block in a thread;
    *ready* says whether the process started at that Unix time serves, *hung*
    whether it has stopped answering.
    *own_session* is true when everything in its session belongs to it and is
    killed with it.
    """

    name: str
    launch: Launch
    ready: Callable[[float], Awaitable[bool]]
    prepare: Callable[[], Awaitable[None]] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    stop_s: float = 20.0
    start_s: float = 180.0
    hung: Callable[[float], bool] = lambda started_at: False
    own_session: bool = True


class Child:
    """The life of one process under the supervisor."""

    def __init__(self, spec: Spec, logs: Path) -> None:
        self.spec = spec
        self.log = RotatingLog(logs / f"{spec.name}.log")
        self.state = State.STOPPED
        self.restarts = 0
        self.last_exit: int | None = None
        self.started_at = 0.0
        self.first_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ready_at = math.inf
        self._process: Running | None = None
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def begin(self) -> None:
        """Start it and keep it up in the background."""
        self._task = asyncio.create_task(self._keep_up(), name=self.name)

    async def stop(self) -> None:
        """Stop for good: politely first, then by force; returns when it is gone."""
        self._stopping.set()
        if self.pid is not None:
            self._signal(self.spec.stop_signal)
        if self._task is not None:
            try:
                await asyncio.wait_for(asyncio.shield(self._task), self.spec.stop_s)
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await self._task
        self.state = State.STOPPED
        self.log.close()

    def reload(self) -> None:
        """Ask it to read its configuration again."""
        self._signal(signal.SIGHUP)

    # -- inside ------------------------------------------------------------

    async def _keep_up(self) -> None:
        backoff_s, early_ends = FIRST_BACKOFF_S, 0
        while not self._stopping.is_set():
            self._ready_at = math.inf
            try:
                await self._live_once()
            except Problem as problem:
                if not self.first_ready.done():
                    self.first_ready.set_exception(problem)
                    return
                self._say(f"could not start: {problem}")
            except OSError as error:
                self._say(f"could not start: {error}")
            if self._stopping.is_set():
                return
            if not self.first_ready.done():
                early_ends += 1
                if early_ends >= _TRIES_TO_START:
                    self.first_ready.set_exception(self._not_started())
                    return
            if time.monotonic() - self._ready_at > STEADY_S:
                backoff_s = FIRST_BACKOFF_S
            self.state = State.WAITING
            self._say(f"starting again in {backoff_s:.1f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), backoff_s)
            backoff_s = min(backoff_s * 2, LONGEST_BACKOFF_S)

    async def _live_once(self) -> None:
        """Start the process and stay until it has ended and its output is read."""
        self.state = State.STARTING
        await self.spec.prepare()
        if self._stopping.is_set():
            return
        # A pipe of our own: with asyncio's, wait() would not return before whatever the process
        # has left behind closes its end too.
        output, end = os.pipe()
        try:
            process = await self.spec.launch(end)
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(end)
        self.restarts += self._process is not None
        self._process, self.started_at = process, time.time()
        if self._stopping.is_set():  # told to stop while it was being started
            self._signal(self.spec.stop_signal)
        pump = asyncio.create_task(self._pump(output))
        watch = asyncio.create_task(self._watch())
        try:
            self.last_exit = await process.wait()
            self._say(f"ended with {self.last_exit}")
        finally:
            watch.cancel()
            self._end_session(process.pid)
            with suppress(TimeoutError):
                await asyncio.wait_for(pump, 2)

    async def _watch(self) -> None:
        """Mark the process ready when it is; end it when it does not get there or hangs."""
        deadline = time.monotonic() + self.spec.start_s
        while not await self.spec.ready(self.started_at):
            if time.monotonic() > deadline:
                self._say(f"not ready after {self.spec.start_s:.0f} s: ended")
                self._signal(signal.SIGKILL)
                return
            await asyncio.sleep(_PROBE_S)
        self.state = State.RUNNING
        self._ready_at = time.monotonic()
        if not self.first_ready.done():
            self.first_ready.set_result(None)
        while not self.spec.hung(self.started_at):
            await asyncio.sleep(1)
        self._say("does not answer any more: ended")
        self._signal(signal.SIGKILL)

    async def _pump(self, output: int) -> None:
        """Copy what comes out of the pipe *output* into the log until its last writer is gone."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(output, "rb", buffering=0)
        )
        try:
            while data := await reader.read(65536):
                self.log.write(data)
        finally:
            transport.close()

    def _signal(self, what: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, what)

    def _end_session(self, leader: int) -> None:
        """Kill what a process has left behind in the session that we gave it."""
        if self.spec.own_session:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(leader, signal.SIGKILL)

    def _say(self, words: str) -> None:
        self.log.write(f"-- supervisor: {self.name} {words}\n".encode())

    def _not_started(self) -> NotStarted:
        return NotStarted(
            Text(f"进程 {self.name} 未能启动", f"The process {self.name} did not start"),
            next_step=Text(f"请查看日志 {self.log.path}", f"See its log: {self.log.path}"),
            facts={"log": self.log.tail()},
        )
