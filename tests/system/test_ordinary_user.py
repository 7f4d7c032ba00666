"""An ordinary user with a private home, a deep checkout and no network: the second start of a laptop in the field."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.system.console import Terminal, needed, started

from anlan.server.supervisor.spawn import can_enter, unprivileged_user

pytestmark = [
    pytest.mark.long,
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="making a user and a network namespace needs root"),
]

REPOSITORY = Path(__file__).parents[2]
SYSTEM_PYTHON = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")


@dataclass(frozen=True)
class User:
    """A throw-away user; *checkout* is deep in the private home."""

    name: str
    checkout: Path

    def shell(self) -> list[str]:
        """The words before a command that make it this user's, in a plain login environment."""
        home = pwd.getpwnam(self.name).pw_dir
        plain = ["env", "-i", f"HOME={home}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
        return ["setpriv", f"--reuid={self.name}", f"--regid={self.name}", "--clear-groups", *plain]

    def start(self) -> list[str]:
        """``./start`` without any network but loopback."""
        offline = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "offline"]
        return [*offline, *self.shell(), str(self.checkout / "start")]

    def anlan(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.shell(), str(self.checkout / ".venv/bin/python"), "-m", "anlan", *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def user(module_folder: Path) -> Iterator[User]:
    needed("iproute2", shutil.which("ip"))
    needed(f"{SYSTEM_PYTHON} (a Python that every user may run)", SYSTEM_PYTHON.exists())
    name = f"anlan-t{os.getpid()}"
    home = module_folder / "home"
    subprocess.run(["useradd", "--create-home", "--home-dir", str(home), name], check=True)
    try:
        home.chmod(0o700)
        checkout = home / "/".join(["a folder with a rather long name"] * 4) / "anlan"
        make_checkout(checkout)
        subprocess.run(["chown", "-R", "--no-dereference", f"{name}:{name}", str(home)], check=True)
        yield User(name, checkout)
    finally:
        subprocess.run(["userdel", name], check=True)


def make_checkout(checkout: Path) -> None:
    """A checkout whose set-up is done: sources, and an environment with the packages of ours."""
    (checkout / "requirements").mkdir(parents=True)
    for part in ("start", "pyproject.toml", "requirements/setup.sh"):
        shutil.copy2(REPOSITORY / part, checkout / part)
    for lock in (REPOSITORY / "requirements").glob("*.lock"):
        shutil.copy2(lock, checkout / "requirements")
    shutil.copytree(
        REPOSITORY / "src", checkout / "src", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    venv = checkout / ".venv"
    subprocess.run([str(SYSTEM_PYTHON), "-m", "venv", "--without-pip", str(venv)], check=True)
    ours = sysconfig.get_paths()
    packages = next(venv.glob("lib/python*/site-packages"))
    for entry in Path(ours["purelib"]).iterdir():
        if not entry.name.startswith(("_editable_impl_anlan", "anlan-")):
            _lend(entry, packages / entry.name)
    (packages / "anlan.pth").write_text(str(checkout / "src"))
    _lend(Path(ours["scripts"]) / "nats-server", venv / "bin" / "nats-server")
    said = subprocess.run(
        ["bash", "-c", f'root="{checkout}"; . "$root/requirements/setup.sh"; stamp_of base'],
        check=True,
        capture_output=True,
        text=True,
    )
    (venv / "anlan-locks").write_text(f"base {said.stdout.strip()}\n")


def _lend(entry: Path, place: Path) -> None:
    """A link where other users may follow it, else a copy."""
    if can_enter(entry.parent, unprivileged_user()):
        place.symlink_to(entry)
    elif entry.is_dir():
        shutil.copytree(entry, place)
    else:
        shutil.copy2(entry, place)


def test_it_starts_offline_serves_and_stops(user: User) -> None:
    assert len(str(user.checkout)) > 130
    data = user.checkout / ".anlan"
    with started(data, "--no-demo", "--port", "8600", command=user.start()) as terminal:
        terminal.wait_until_ready()
        assert "Installing" not in terminal.words, "nothing was fetched, nothing was missing"
        owners = {p.username() for p in psutil.Process(terminal.process.pid).children(recursive=True)}
        assert owners == {user.name}
        said = json.loads(user.anlan("status", "--json").stdout)
        assert said["status"] == "healthy", json.dumps(said)
        assert (said["url"], said["data"]) == ("http://127.0.0.1:8600/", str(data))
        assert _asked_inside(terminal) < 300
        assert data.stat().st_mode & 0o077 == 0
        down = user.anlan("down")
        assert down.returncode == 0, down.stderr
        assert terminal.process.wait(30) == 0
        assert terminal.left() == []


def test_somebody_elses_data_folder_is_refused_in_words(user: User, folder: Path) -> None:
    roots = folder / "of root"
    roots.mkdir(mode=0o755)
    (roots / "lock").write_text("")
    (roots / "lock").chmod(0o600)
    for command in ("start", "status", "down"):
        refused = user.anlan(command, "--data", str(roots))
        assert refused.returncode == 1
        assert "Permission denied" in refused.stderr and "Traceback" not in refused.stderr


def _asked_inside(terminal: Terminal) -> int:
    """The status of the face's answer, asked in the system's own network."""
    curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{terminal.url}/api/session"]
    inside = ["nsenter", f"--net=/proc/{terminal.process.pid}/ns/net", *curl]
    done = subprocess.run(inside, check=True, capture_output=True, text=True)
    return int(done.stdout)
