"""Servers of a site's own, none of them started by our supervisor: PostgreSQL, NATS, a history."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from anlan.server.supervisor.nats import find_nats
from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.spawn import identity, unprivileged_user

GUIDE = Path(__file__).parents[2] / "docs" / "operator.md"
HISTORY = Path(__file__).parents[1] / "adapters" / "clickhouse" / "serve_history.py"
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
INTERNAL_PASSWORD = "of the site: internal"


def guide_block(language: str, heading: str) -> str:
    """The first fenced block of *language* after *heading* in the operator guide: what is told is what is tested."""
    text = GUIDE.read_text().partition(heading)[2]
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None, heading
    return found[1]


@contextmanager
def site_postgres(folder: Path) -> Iterator[tuple[str, str, str]]:
    """A cluster of the system's PostgreSQL 15 on loopback; URLs of owner, application and superuser."""
    user = unprivileged_user() if os.geteuid() == 0 else None
    folder.mkdir()
    folder.chmod(0o755)
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o700)
    if user is not None:
        os.chown(cluster, user.uid, user.gid)
        os.chown(folder, user.uid, user.gid)
    port = free_port()
    initdb = [POSTGRES_15 / "initdb", "-D", cluster, "-U", "root_of_site", "-A", "trust", "--no-sync"]
    subprocess.run(
        [str(part) for part in initdb], check=True, stdout=subprocess.DEVNULL, cwd="/", **identity(user)
    )
    command = [str(POSTGRES_15 / "postgres"), "-D", str(cluster), "-p", str(port), "-k", ""]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd="/", stdout=log, stderr=subprocess.STDOUT, **identity(user))
    try:
        admin = f"postgresql://root_of_site@127.0.0.1:{port}/postgres"
        _until(lambda: psycopg.connect(admin).close(), psycopg.OperationalError)
        with psycopg.connect(admin, autocommit=True) as connection:
            for statement in guide_block("sql", "### PostgreSQL").strip().split(";\n"):
                connection.execute(statement)
        at = f"127.0.0.1:{port}/anlan"
        roles = ("anlan_owner:owner-password", "anlan_app:app-password", "root_of_site")
        owner, application, superuser = (f"postgresql://{role}@{at}" for role in roles)
        yield owner, application, superuser
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


class SiteNats:
    """Three servers as the guide configures them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clients, self._routes, self.mqtt = ([free_port() for _ in range(3)] for _ in range(3))
        self._servers: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        at = [f"nats://anlan:{quote(INTERNAL_PASSWORD)}@127.0.0.1:{port}" for port in self._clients]
        return ",".join(at)

    def start(self, users: Path) -> None:
        """With the users of the file *users*."""
        template = guide_block("", "### NATS")
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes)
        template = re.sub(r"routes: \[.*\]", f"routes: [{routes}]", template)
        for index in range(3):
            home = self._folder / f"n{index + 1}"
            home.mkdir(parents=True)
            text = template.replace('"n1"', f'"n{index + 1}"').replace("/var/lib/nats", str(home / "store"))
            for of_guide, ours in (
                (4222, self._clients[index]),
                (6222, self._routes[index]),
                (1883, self.mqtt[index]),
            ):
                text = text.replace(f"10.0.0.1:{of_guide}", f"127.0.0.1:{ours}")
            assert "10.0.0." not in text
            (home / "nats.conf").write_text(text)
        self.take_users(users)
        for index in range(3):
            home = self._folder / f"n{index + 1}"
            command = [str(find_nats()), "--config", str(home / "nats.conf"), "--log", str(home / "log")]
            self._servers.append(subprocess.Popen(command))

    def take_users(self, users: Path) -> None:
        """What the site does when the file changes: every server gets it and reloads."""
        for index in range(3):
            shutil.copy(users, self._folder / f"n{index + 1}" / "gateways.conf")
        for server in self._servers:
            if server.poll() is None:
                server.send_signal(signal.SIGHUP)

    def kill(self, name: str) -> int:
        """kill -9 of the server *name*, such as ``n2``; the MQTT port of one that lives."""
        index = int(name[1:]) - 1
        self._servers[index].kill()
        self._servers[index].wait()
        return self.mqtt[(index + 1) % 3]

    def stop(self) -> None:
        for server in self._servers:
            server.terminate()
        for server in self._servers:
            server.wait(30)


@contextmanager
def site_history(folder: Path) -> Iterator[str]:
    """A history that somebody else runs; its URL."""
    port = free_port()
    with (folder / "history.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(HISTORY), str(folder / "history"), str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None and process.stdout.readline() == b"serving\n"
        yield f"http://anlan:s3cret@127.0.0.1:{port}/anlan"
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def _until(attempt: Callable[[], object], error: type[Exception], patience_s: float = 30.0) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            attempt()
        except error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
