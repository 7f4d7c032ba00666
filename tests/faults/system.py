"""A whole system in processes of its own, that can be hurt and watched."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from tests.faults.plant import Records

from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.postgres import DATABASE, EmbeddedPostgres
from anlan.server.supervisor.secrets import Secrets
from anlan.server.supervisor.status import Fare, ProcessStatus, SystemStatus, read_run, system_status

START_S = 240.0
RECOVERY_S = 180.0
_NOT_INHERITED = (
    "DATABASE_OWNER_URL",
    "DATABASE_URL",
    "NATS_URL",
    "CLICKHOUSE_URL",
    "ANLAN_RUN",
    "ANLAN_DATA",
    "ANLAN_SECRET_KEY",
    "ANLAN_SCOPE_SECRET",
)


class System:
    """One system on *data*; *options* are those of ``anlan start``."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self._command = [sys.executable, "-m", "anlan", "start", "--data", str(data), *options]
        self._process: subprocess.Popen[bytes] | None = None

    # -- life ----------------------------------------------------------------------

    def start(self) -> None:
        """Start it and wait until all its processes are well."""
        output = self.data.parent / "anlan.log"
        with output.open("ab") as log:
            process = subprocess.Popen(self._command, env=_inherited(), stdout=log, stderr=subprocess.STDOUT)
        self._process = process
        deadline = time.monotonic() + START_S
        while not (self.status().fare is Fare.HEALTHY and self.told["supervisor"] == process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the system did not start: " + output.read_text()[-3000:])
            time.sleep(0.2)

    def end(self) -> None:
        """Stop it politely, then whatever is left of it."""
        process, family = self._process, self._family()
        if process is None:
            return
        process.terminate()
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            _kill([psutil.Process(process.pid), *family])
            process.wait()

    def kill_whole(self) -> None:
        """kill -9 to every process of it at once, the supervisor first: what a power cut does to processes."""
        assert self._process is not None
        _kill([psutil.Process(self._process.pid), *self._family()])
        self._process.wait()

    def freeze_whole(self) -> None:
        """SIGSTOP to every process of it, the supervisor first, so that none is started anew meanwhile."""
        assert self._process is not None
        for process in [psutil.Process(self._process.pid), *self._family()]:
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def kill_supervisor(self) -> None:
        """kill -9 to the supervisor alone; what it kept up ends by itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _family(self) -> list[psutil.Process]:
        if self._process is None or self._process.poll() is not None:
            return []
        return psutil.Process(self._process.pid).children(recursive=True)

    # -- addresses ---------------------------------------------------------------

    @property
    def told(self) -> dict[str, Any]:
        """What ``run.json`` says."""
        said = read_run(self.data)
        if said is None:
            raise AssertionError(f"the system on {self.data} does not run")
        return said

    @property
    def environment(self) -> dict[str, str]:
        """What its processes were told, for a process that joins them."""
        return {**os.environ, **self.told["environment"]}

    def superuser(self) -> psycopg.Connection:
        """A connection that no rule binds: to see what is really stored."""
        server = EmbeddedPostgres(
            self.data / "postgres", Path(self.told["run"]), secrets=Secrets(self.data / "secrets")
        )
        return psycopg.connect(server.admin_url, dbname=DATABASE, autocommit=True)

    # -- how it fares --------------------------------------------------------------

    def status(self) -> SystemStatus:
        return system_status(self.data)

    def process(self, name: str) -> ProcessStatus:
        return next(process for process in self.status().processes if process.name == name)

    def pid(self, name: str) -> int | None:
        """The process called *name*; None when it is not up at this moment."""
        pid: int | None = self.told["processes"][name]["pid"]
        return pid

    def wait_until_healthy(self, name: str, restarts: int) -> None:
        """Return when all is well and *name* has been started again *restarts* times."""
        deadline = time.monotonic() + RECOVERY_S
        while time.monotonic() < deadline:
            found = self.status()
            counts = {process.name: process.restarts for process in found.processes}
            if found.fare is Fare.HEALTHY and counts[name] >= restarts:
                return
            time.sleep(0.1)
        ailing = {
            process.name: process.detail for process in found.processes if process.fare is not Fare.HEALTHY
        }
        raise AssertionError(f"not healthy within {RECOVERY_S:.0f} s: {ailing}; {self.words_of(*ailing)}")

    def words_of(self, *names: str, characters: int = 3000) -> str:
        """The end of these processes' logs."""
        return "\n".join((self.data / "logs" / f"{name}.log").read_text()[-characters:] for name in names)

    # -- what is done to it ----------------------------------------------------------

    @contextmanager
    def halted(self, name: str) -> Iterator[None]:
        """The process called *name* and its children stand still (SIGSTOP), as on a dead disk."""
        pid = self.pid(name)
        assert pid is not None
        leader = psutil.Process(pid)
        standing = [leader, *leader.children(recursive=True)]
        for process in standing:
            process.suspend()
        try:
            yield
        finally:
            for process in standing:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    @contextmanager
    def kept_down(self, name: str) -> Iterator[None]:
        """The process called *name* is killed, and whenever the supervisor starts it, killed again."""
        over = threading.Event()

        def keep_down() -> None:
            while not over.wait(0.05):
                pid = self.pid(name)
                if pid is not None:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

        keeper = threading.Thread(target=keep_down)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def make_plant(self) -> Records:
        """The records of the plant, made in a process that joins the system's."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("plant.py"))],
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            timeout=120,
        )
        return Records.from_json(done.stdout.decode())

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """Run ``anlan ARGUMENTS --data ...`` as a person would."""
        return subprocess.run(
            [sys.executable, "-m", "anlan", *arguments, "--data", str(self.data)],
            env=_inherited(),
            capture_output=True,
            check=False,
            timeout=120,
        )


@contextmanager
def running_system(data: Path, data_limit: str, *, demo: bool = False) -> Iterator[System]:
    """A system, healthy, with the demonstration or without it; gone afterwards."""
    options = [] if demo else ["--no-demo"]
    system = System(data, *options, "--port", str(free_port()), "--data-limit", data_limit)
    try:
        system.start()
        yield system
    finally:
        system.end()


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
