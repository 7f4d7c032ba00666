"""A person at a terminal: ``anlan start`` in the foreground, and commands in another shell."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from anlan.server.supervisor.layout import SUPERVISED
from anlan.server.supervisor.status import Fare, read_run, system_status

START_S = 240.0
STOP_S = 120.0
_URL = re.compile(r"http://127\.0\.0\.1:(\d+)/")
_NOT_INHERITED = (
    "DATABASE_OWNER_URL",
    "DATABASE_URL",
    "NATS_URL",
    "CLICKHOUSE_URL",
    "ANLAN_RUN",
    "ANLAN_DATA",
    "ANLAN_SECRET_KEY",
    "ANLAN_SCOPE_SECRET",
    "DJANGO_SETTINGS_MODULE",
)


def needed(program: str, present: object) -> None:
    """Skip where *program* is not installed; in CI that is a failure, for a check must not vanish."""
    if present:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{program} is not installed on this CI machine")
    pytest.skip(f"{program} is not installed")


def shell(**given: str) -> dict[str, str]:
    """The environment of a person's shell: nothing of the tests' own system, words in English."""
    plain = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return {**plain, "ANLAN_LANG": "en", **given}


def anlan(
    *arguments: str, env: Mapping[str, str] | None = None, timeout_s: float = STOP_S
) -> "subprocess.CompletedProcess[str]":
    """``anlan ARGUMENTS`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "anlan", *arguments],
        env=shell() if env is None else dict(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_s,
    )


@dataclass
class Terminal:
    """One ``anlan start`` on *data*; what it prints goes to *output*."""

    data: Path
    output: Path
    process: "subprocess.Popen[bytes]"
    began: float = field(default_factory=time.monotonic)

    @property
    def words(self) -> str:
        return self.output.read_text()

    @property
    def port(self) -> int:
        """The port that it says it serves."""
        found = _URL.search(self.words.partition("anlan is ready")[2])
        assert found is not None, self.words
        return int(found[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def told(self) -> dict[str, Any]:
        """What ``run.json`` says, secrets included."""
        said = read_run(self.data)
        assert said is not None, f"nothing runs on {self.data}: {self.words}"
        return said

    @property
    def environment(self) -> dict[str, str]:
        """For a process that joins the system's."""
        return shell(**self.told["environment"])

    def wait_until_ready(self) -> "Terminal":
        deadline = time.monotonic() + START_S
        while "Ctrl-C stops it" not in self.words:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"not ready, exit {self.process.poll()}: {self.words} {self._ailing()}")
            time.sleep(0.1)
        return self

    def _ailing(self) -> dict[str, object]:
        """Processes that are not well, what they say, and the ends of their logs."""
        return {
            process.name: (process.detail, (self.data / "logs" / f"{process.name}.log").read_text()[-1500:])
            for process in system_status(self.data).processes
            if process.fare is not Fare.HEALTHY
        }

    def wait_for_words(self, words: str) -> None:
        deadline = time.monotonic() + START_S
        while words not in self.words:
            assert self.process.poll() is None and time.monotonic() < deadline, self.words
            time.sleep(0.02)

    def status(self) -> dict[str, Any]:
        done = anlan("status", "--json", "--data", str(self.data))
        said: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == {"healthy": 0, "degraded": 1, "down": 3}[said["status"]], said
        return said

    def processes(self) -> dict[str, tuple[int, int]]:
        """Each process's number and how often it was started again."""
        told = self.status()["processes"]
        return {name: (process["pid"], process["restarts"]) for name, process in told.items()}

    def wait_until_healthy(self, patience_s: float = 120.0) -> dict[str, Any]:
        deadline = time.monotonic() + patience_s
        while (said := self.status())["status"] != "healthy":
            assert time.monotonic() < deadline, self._ailing()
            time.sleep(0.5)
        return said

    def press_ctrl_c(self) -> int:
        """As the terminal does it: the whole foreground gets SIGINT; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        """kill -9 of the supervisor alone."""
        self.process.kill()
        self.process.wait()

    def left(self) -> list[str]:
        """Processes of the system, whoever their parent is."""
        found, data = [], str(self.data.resolve())
        for process in psutil.process_iter():
            try:
                if process.environ().get(SUPERVISED) == data and process.pid != os.getpid():
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found


@contextmanager
def started(
    data: Path, *arguments: str, env: Mapping[str, str] | None = None, command: Sequence[str] | None = None
) -> Iterator[Terminal]:
    """``anlan start ARGUMENTS`` on *data*, not yet ready; stopped afterwards whatever happens."""
    output = data.parent / f"{data.name}.out"
    program = list(command) if command else [sys.executable, "-m", "anlan", "start"]
    with output.open("wb") as words:
        process = subprocess.Popen(
            [*program, "--data", str(data), *arguments],
            env=shell() if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
    terminal = Terminal(data, output, process)
    try:
        yield terminal
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
