"""A whole system in processes of its own, that can be hurt and watched."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    """One running system on *data*."""

    def __init__(self, data: Path, process: "subprocess.Popen[bytes]") -> None:
        self.data = data
        self._process = process

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
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        return subprocess.run(
            [sys.executable, "-m", "anlan", *arguments, "--data", str(self.data)],
            env=inherited,
            capture_output=True,
            check=False,
            timeout=120,
        )


@contextmanager
def running_system(data: Path, data_limit: str, *, demo: bool = False) -> Iterator[System]:
    """A system, healthy, with the demonstration or without it; gone afterwards."""
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    command = [sys.executable, "-m", "anlan", "start", *([] if demo else ["--no-demo"]), "--data", str(data)]
    command += ["--port", str(free_port()), "--data-limit", data_limit]
    output = data.parent / "anlan.log"
    with output.open("wb") as log:
        process = subprocess.Popen(command, env=inherited, stdout=log, stderr=subprocess.STDOUT)
    system = System(data, process)
    try:
        deadline = time.monotonic() + START_S
        while system.status().fare is not Fare.HEALTHY:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the system did not start: " + output.read_text()[-3000:])
            time.sleep(0.2)
        yield system
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Stop the supervisor politely, then whatever it left."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(90)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        for child in family:
            if child.is_running():
                child.kill()
