"""Supervised processes: kept up, stopped whole, logged within bounds."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from anlan.server.supervisor.child import Child, NotStarted, Spec, State
from anlan.server.supervisor.launching import executed
from anlan.server.supervisor.logs import KEPT, RotatingLog


async def at_once(started_at: float) -> bool:
    return True


def python(code: str, **changes: object) -> Spec:
    settings: dict[str, object] = {"ready": at_once, "stop_s": 5.0, **changes}
    launch = executed(lambda: [sys.executable, "-c", code], os.environ)
    return Spec(name="sample", launch=launch, **settings)  # type: ignore[arg-type]


async def until_pid_changes(child: Child, old: int) -> int:
    async with asyncio.timeout(20):
        while child.pid in (None, old):
            await asyncio.sleep(0.02)
    assert child.pid is not None
    return child.pid


async def test_a_killed_process_comes_back_and_is_counted(tmp_path: Path) -> None:
    child = Child(python("import time; time.sleep(600)"), tmp_path)
    child.begin()
    await child.first_ready
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until_pid_changes(child, first)
    assert child.restarts == 1
    assert child.last_exit == -signal.SIGKILL
    await child.stop()
    assert child.state is State.STOPPED
    assert child.pid is None


async def test_children_of_a_killed_process_do_not_stay_behind(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
        "time.sleep(600)"
    )
    child = Child(python(code), tmp_path)
    child.begin()
    await child.first_ready
    async with asyncio.timeout(20):
        while not (said := child.log.path.read_text()):
            await asyncio.sleep(0.02)
    grandchild = int(said)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        while psutil.pid_exists(grandchild) and psutil.Process(grandchild).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.02)
    await child.stop()


async def test_one_that_never_gets_up_is_reported_with_its_last_words(tmp_path: Path) -> None:
    async def never(started_at: float) -> bool:
        return False

    child = Child(python("raise SystemExit('no licence to run')", ready=never), tmp_path)
    child.begin()
    with pytest.raises(NotStarted) as refusal:
        await child.first_ready
    assert "no licence to run" in str(refusal.value.facts["log"])
    await child.stop()


async def test_one_that_ignores_the_request_is_ended_by_force(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(600)"
    )
    child = Child(python(code, stop_s=0.5), tmp_path)
    child.begin()
    async with asyncio.timeout(20):
        while "deaf" not in child.log.path.read_text():
            await asyncio.sleep(0.02)
    await child.stop()
    assert child.last_exit == -signal.SIGKILL


async def test_one_that_hangs_is_replaced(tmp_path: Path) -> None:
    began = time.time()
    spec = python("import time; time.sleep(600)", hung=lambda started_at: started_at < began + 0.5)
    child = Child(spec, tmp_path)
    child.begin()
    await child.first_ready
    first = child.pid
    assert first is not None
    await asyncio.sleep(0.6)
    await until_pid_changes(child, first)
    await child.stop()


def test_a_log_turns_over_and_keeps_only_a_few(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "x.log", max_bytes=100)
    for number in range(50):
        log.write(f"line {number:04d}\n".encode() * 5)
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["x.log", *(f"x.log.{number}" for number in range(1, KEPT + 1))]
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())
    assert "line 0049" in log.tail()


async def test_one_that_served_is_started_again_at_once_however_often_it_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anlan.server.supervisor.child.STEADY_S", 0.05)
    child = Child(python("import time; time.sleep(600)"), tmp_path)
    child.begin()
    await child.first_ready
    for _ in range(8):
        await asyncio.sleep(0.1)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        await until_pid_changes(child, child.pid)
    await child.stop()
    assert child.log.path.read_text().count("starting again in 0.2 s") == 8


async def test_one_that_never_serves_is_started_again_ever_more_slowly(tmp_path: Path) -> None:
    tries = 0

    async def once(started_at: float) -> bool:
        return tries < 2

    async def count() -> None:
        nonlocal tries
        tries += 1

    child = Child(python("import time; time.sleep(0.3)", ready=once, prepare=count), tmp_path)
    child.begin()
    await child.first_ready
    async with asyncio.timeout(20):
        while "in 0.8 s" not in (said := child.log.path.read_text()):
            await asyncio.sleep(0.02)
    await child.stop()
    assert said.index("in 0.2 s") < said.index("in 0.4 s") < said.index("in 0.8 s")
