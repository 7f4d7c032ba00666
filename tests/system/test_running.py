"""One system with the demonstration, on a deep path with blanks, its usual port taken: as a person meets it."""

import re
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from tests.system.console import Terminal, anlan, started

from anlan.adapters.nats import TELE, connect
from anlan.server.cli.start import DEFAULT_PORT

pytestmark = pytest.mark.long

DATA_LIMIT_MIB = 96


@pytest.fixture(scope="module")
def system(module_folder: Path) -> Iterator[Terminal]:
    deep = module_folder / "/".join(f"县区 {number:02d} abcdefgh" for number in range(8)) / "数据 data"
    deep.parent.mkdir(parents=True)
    assert len(str(deep).encode()) > 150  # a Unix socket's path has 107 bytes
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else may hold it already: as good
            taken.bind(("127.0.0.1", DEFAULT_PORT))
            taken.listen()
        with started(deep, "--data-limit", f"{DATA_LIMIT_MIB}M") as terminal:
            yield terminal.wait_until_ready()


def test_the_next_free_port_is_taken_and_said(system: Terminal) -> None:
    assert system.port > DEFAULT_PORT
    assert f"Port {DEFAULT_PORT} is in use: taking {system.port}" in system.words
    assert httpx.get(f"{system.url}/api/session").is_success


def test_every_process_is_well_and_status_says_so(system: Terminal) -> None:
    said = system.wait_until_healthy()
    assert set(said["processes"]) == {
        "postgres",
        "nats",
        "nursery",
        "historian",
        "evaluator",
        "relay",
        "web",
        "worker",
        "door",
        "front",
        "demo",
    }
    table = anlan("status", "--data", str(system.data))
    assert (table.returncode, "healthy" in table.stdout) == (0, True)


def test_the_logins_are_private_and_status_never_shows_a_secret(system: Terminal) -> None:
    logins = system.data / "demo" / "logins.txt"
    assert stat.S_IMODE(logins.stat().st_mode) == 0o600
    passwords = [line.split()[1] for line in logins.read_text().splitlines()]
    assert len(passwords) == 5
    assert all(password in system.words for password in passwords), "the terminal shows them once"
    told = system.told["environment"]
    secrets = [*passwords, told["ANLAN_SECRET_KEY"], told["ANLAN_SCOPE_SECRET"]]
    secrets += re.findall(r"//[^:/]+:([^@]+)@", " ".join(told.values()))
    shown = [anlan("status", *more, "--data", str(system.data)).stdout for more in ((), ("--json",))]
    assert len(secrets) >= 9
    assert not [secret for secret in secrets for words in shown if secret in words]


def test_what_the_system_writes_is_its_users_alone(system: Terminal) -> None:
    # as root the way to the database's folder is open, to nothing but that
    passable = {system.data, system.data / "postgres"}
    open_to_others = {
        path.name
        for path in (system.data, *system.data.iterdir())
        if path.stat().st_mode & (0o066 if path in passable else 0o077)
    }
    assert open_to_others == set()


def test_only_the_face_listens_beyond_loopback_when_asked_and_nothing_now(system: Terminal) -> None:
    listening = set()
    for process in psutil.Process(system.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # the database's come and go
            found = process.net_connections("inet")
            listening |= {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


async def test_the_telemetry_log_keeps_to_the_given_limit(system: Terminal) -> None:
    client = await connect(system.told["environment"]["NATS_URL"], "test")
    try:
        stream = await client.jsm().stream_info(TELE)
    finally:
        await client.close()
    assert stream.config.max_bytes == DATA_LIMIT_MIB * 1024**2


def test_numba_is_loaded_only_where_there_is_something_to_compute_and_keeps_what_it_compiles(
    system: Terminal,
) -> None:
    loaded = {name for name in system.told["processes"] if "llvmlite" in _maps(system, name)}
    # the worker loads it with the first computation that it is asked for, which may have been by now; web does when
    # somebody opens an alarm, which nobody has
    assert loaded - {"worker"} == {"evaluator"}
    assert "libarrow" not in _maps(system, "historian"), (
        "70 MB for what it does not need; it has stored readings by now"
    )
    compiled = Path(system.told["environment"]["NUMBA_CACHE_DIR"])
    assert list(compiled.rglob("kernel.advance-*.nbi")) and (compiled / "alarms.compiled").exists()


def test_the_processes_are_forked_from_one_that_has_a_single_thread(system: Terminal) -> None:
    told = {name: one["pid"] for name, one in system.told["processes"].items()}
    nursery = psutil.Process(told.pop("nursery"))
    assert nursery.num_threads() == 1, "a fork beside a running thread can inherit a lock for ever"
    forked = {child.pid: " ".join(child.cmdline()).strip() for child in nursery.children()}
    expected = {pid: f"anlan run {name}" for name, pid in told.items() if name not in ("postgres", "nats")}
    assert forked == expected, "each says what it is"


def test_a_second_start_on_the_folder_is_told_where_the_first_is(system: Terminal) -> None:
    before = system.processes()
    second = anlan("start", "--data", str(system.data))
    assert second.returncode == 1
    assert system.url in second.stderr and "anlan down" in second.stderr
    assert system.processes() == before, "the first was not touched"
    system.wait_until_healthy()


def test_a_taken_port_that_somebody_insists_on_is_an_error_at_once(system: Terminal, folder: Path) -> None:
    refused = anlan("start", "--data", str(folder / "other"), "--port", str(system.port), "--no-demo")
    assert refused.returncode == 1
    assert f"Port {system.port} is in use" in refused.stderr and "--port" in refused.stderr
    assert not (folder / "other" / "postgres").exists()


def test_down_from_another_shell_stops_all_of_it(system: Terminal) -> None:
    """The last one: it ends the system."""
    run = Path(system.told["run"])
    family = psutil.Process(system.process.pid).children(recursive=True)
    down = anlan("down", "--data", str(system.data))
    assert down.returncode == 0, down.stderr
    assert system.process.wait(10) == 0
    assert [child for child in family if child.is_running()] == []
    assert system.left() == []
    assert not run.exists()
    assert anlan("status", "--data", str(system.data)).returncode == 3
    again = anlan("down", "--data", str(system.data))
    assert (again.returncode, "not running" in again.stderr) == (0, True)


def _maps(system: Terminal, name: str) -> str:
    """What the processes of *name* have loaded, but for the one that compiles ahead for them and ends."""
    first = psutil.Process(system.told["processes"][name]["pid"])
    found = ""
    own = [] if name == "nursery" else first.children(recursive=True)  # its children are the other processes
    for one in (first, *own):
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            if "anlan.server.compiling" not in one.cmdline():
                found += Path(f"/proc/{one.pid}/maps").read_text()
    return found
