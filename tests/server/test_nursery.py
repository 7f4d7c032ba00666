"""Processes forked from one that has loaded what they share: as good as executed ones."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from anlan.server.nursery import nursery_socket
from anlan.server.supervisor.child import Child, Spec
from anlan.server.supervisor.launching import Running, forked

NURSERY = """
import os, sys, time
from pathlib import Path

from anlan.server.nursery import Nursery

os.environ["SPT_NOENV"] = "1"
nursery = Nursery(Path(sys.argv[1]), ["sleeper", "speaker", "failure"])
nursery.load(["decimal"])
match nursery.serve():
    case "sleeper":
        time.sleep(600)
    case "speaker":
        print("decimal" in sys.modules, os.getsid(0) == os.getpid(), len(os.listdir("/proc/self/fd")), flush=True)
    case "failure":
        raise SystemExit(7)
"""


@asynccontextmanager
async def nursery_in(run: Path) -> AsyncIterator[psutil.Process]:
    nursery_socket(run).unlink(missing_ok=True)
    environment = {**os.environ, "OF_SYSTEM": "here"}
    process = subprocess.Popen([sys.executable, "-c", NURSERY, str(run)], env=environment)
    try:
        async with asyncio.timeout(60):
            while not (run / "health" / "nursery.json").exists():
                await asyncio.sleep(0.02)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()
        (run / "health" / "nursery.json").unlink()


@pytest.fixture
async def nursery(tmp_path: Path) -> AsyncIterator[psutil.Process]:
    async with nursery_in(tmp_path) as process:
        yield process


async def fork(name: str, run: Path) -> Running:
    output = os.open(run / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        return await forked(name, nursery_socket(run))(output)
    finally:
        os.close(output)


async def test_a_forked_process_has_what_is_loaded_a_session_and_no_descriptor_of_others(
    nursery: psutil.Process, tmp_path: Path
) -> None:
    sleepers = [await fork("sleeper", tmp_path) for _ in range(3)]
    speaker = await fork("speaker", tmp_path)
    assert (await speaker.wait(), speaker.returncode) == (0, 0)
    loaded, leads, descriptors = (tmp_path / "output").read_text().split()
    assert (loaded, leads) == ("True", "True")
    assert int(descriptors) == 4, "input, output, errors, and the folder that it lists"
    for sleeper in sleepers:
        os.kill(sleeper.pid, signal.SIGKILL)
        assert await sleeper.wait() == -signal.SIGKILL


async def test_how_it_ended_is_told_also_when_it_ended_at_once(
    nursery: psutil.Process, tmp_path: Path
) -> None:
    for _ in range(5):
        assert await (await fork("failure", tmp_path)).wait() == 7
    assert nursery.children() == [], "the dead are buried"


async def test_it_says_what_it_is_and_whose(nursery: psutil.Process, tmp_path: Path) -> None:
    forked = await fork("sleeper", tmp_path)
    sleeper = psutil.Process(forked.pid)
    async with asyncio.timeout(20):
        while " ".join(sleeper.cmdline()).strip() != "anlan run sleeper":  # it says so itself
            await asyncio.sleep(0.02)
    assert sleeper.environ()["OF_SYSTEM"] == "here"
    sleeper.terminate()
    assert await forked.wait() == -signal.SIGTERM


async def test_a_nursery_that_dies_takes_its_own_with_it(nursery: psutil.Process, tmp_path: Path) -> None:
    sleeper = await fork("sleeper", tmp_path)
    nursery.kill()
    async with asyncio.timeout(20):
        assert await sleeper.wait() == -signal.SIGKILL, "nobody has lived to tell how"


async def test_what_it_does_not_know_is_refused_and_the_next_one_served(
    nursery: psutil.Process, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="could not fork"):
        await fork("stranger", tmp_path)
    assert await (await fork("speaker", tmp_path)).wait() == 0


async def test_a_process_comes_back_from_the_next_nursery_and_has_been_started_again_once(
    tmp_path: Path,
) -> None:
    async def at_once(started_at: float) -> bool:
        return True

    child = Child(Spec("sleeper", forked("sleeper", nursery_socket(tmp_path)), at_once), tmp_path)
    async with nursery_in(tmp_path):
        child.begin()
        await child.first_ready
        first = child.pid
    async with asyncio.timeout(20):
        while child.pid is not None:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)  # it asks in vain meanwhile
    async with nursery_in(tmp_path):
        async with asyncio.timeout(20):
            while child.pid in (None, first):
                await asyncio.sleep(0.02)
        assert child.restarts == 1
        await child.stop()
        assert child.last_exit == -signal.SIGTERM
