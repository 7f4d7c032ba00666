"""A PostgreSQL server of our own: initialised, locked, started, watched, stopped.

It listens on a Unix socket only, with generated passwords. As root it runs as
an existing unprivileged user. The only processes it ever signals are the server
that it started itself and one proven to run on the same cluster folder.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from anlan.kernel.text import Text
from anlan.server.supervisor.binaries import PostgresPrograms, find_programs, reachable_programs
from anlan.server.supervisor.cluster import (
    ADMIN_ROLE,
    PostgresProblem,
    inherit_lock_files,
    initialise,
    processes_in,
    refuse_foreign_version,
)
from anlan.server.supervisor.folders import check_socket_path, make_private
from anlan.server.supervisor.locks import FolderLock
from anlan.server.supervisor.secrets import Secrets
from anlan.server.supervisor.spawn import (
    ServerUser,
    can_enter,
    spawn,
    unprivileged_user,
)

OWNER_ROLE = "anlan_owner"
APP_ROLE = "anlan_app"
DATABASE = "anlan"
_PORT = 5432
_START_S = 120.0
_STOP_S = 60.0
_DYING_S = 45.0


class EmbeddedPostgres:
    """The server on ``data_dir/cluster``, its socket in ``run_dir/pg``.

    With *durable* false it does not wait for the disk (test databases only).
    """

    def __init__(
        self, data_dir: Path, run_dir: Path, *, secrets: Secrets | None = None, durable: bool = True
    ) -> None:
        self._data = data_dir.resolve()  # as the server's own working folder reads
        self._cluster = self._data / "cluster"
        self._socket_dir = run_dir.absolute() / "pg"
        self._socket_lock = self._socket_dir / f".s.PGSQL.{_PORT}.lock"
        self._secrets = secrets or Secrets(self._data / "secrets")
        self._durable = durable
        self._lock = FolderLock(self._data / "lock")
        self._programs: PostgresPrograms | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._user = self._server_user()

    # -- addresses ---------------------------------------------------------

    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL with the password of *role*: keep it out of logs."""
        password = self._secrets.get(f"postgres_{role}")
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self._socket_dir))}&port={_PORT}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER_ROLE)

    @property
    def app_url(self) -> str:
        return self.url(APP_ROLE)

    @property
    def admin_url(self) -> str:
        """The superuser's, in the maintenance database."""
        return self.url(ADMIN_ROLE, "postgres")

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    # -- life --------------------------------------------------------------

    def start(self) -> None:
        """Initialise if new, start, and wait until roles and database are there."""
        self.prepare()
        with (self._data / "postgres.log").open("ab") as log:
            self._process = spawn(self.command(), user=self._user, output=log, death_signal=signal.SIGINT)
        self.wait_ready(lambda: self._process is not None and self._process.poll() is None)

    def stop(self) -> None:
        """Shut down by pid: fast first, at once if that takes more than a minute."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait(_STOP_S)
        self.release()

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- the steps, for a supervisor that spawns by itself --------------------

    @property
    def user(self) -> ServerUser | None:
        """The user to run the server as; None is our own."""
        return self._user

    def prepare(self) -> None:
        """Everything before the server process: lock, old server gone, cluster initialised."""
        make_private(self._data, traversable=self._user is not None)
        self._refuse_unreachable()
        if not self._lock.acquire():
            raise _in_use(self._data, self._lock.holder())
        try:
            self._programs = reachable_programs(find_programs(), self._user, self._data)
            refuse_foreign_version(self._cluster, self._programs)
            self._make_socket_dir()
            self._wait_for_dying_server()
            inherit_lock_files(self._cluster / "postmaster.pid", self._socket_lock)
            if not (self._cluster / "PG_VERSION").exists():
                password = self._secrets.get(f"postgres_{ADMIN_ROLE}")
                initialise(self._cluster, self._programs, self._user, password, durable=self._durable)
        except BaseException:
            self.release()
            raise

    def command(self) -> list[str]:
        """The server's command line; `prepare` comes first."""
        if self._programs is None:
            raise RuntimeError("prepare() comes before command()")
        settings = {
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": str(self._socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %u ",
            "password_encryption": "scram-sha-256",
            "synchronous_commit": "on" if self._durable else "off",
            "fsync": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "jit": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._programs.folder / "postgres"), "-D", str(self._cluster), *options]

    def wait_ready(self, alive: Callable[[], bool] = lambda: True) -> None:
        """Wait for the server, then see to roles and database.

        *alive* is a function that says whether the server process still runs.
        """
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.ensure_database()
                return
            except psycopg.OperationalError as error:
                if not alive() or time.monotonic() > deadline:
                    raise _not_started(self._data, str(error)) from error
                time.sleep(0.05)

    def release(self) -> None:
        """Give the lock on the data folder back."""
        self._lock.release()

    # -- inside ------------------------------------------------------------

    def _server_user(self) -> ServerUser | None:
        """Who runs the server: ourselves, or as root the cluster's owner or an existing user."""
        if os.geteuid() != 0:
            return None
        if self._cluster.exists() and self._cluster.stat().st_uid != 0:
            return ServerUser.of_uid(self._cluster.stat().st_uid)
        return unprivileged_user()

    def _refuse_unreachable(self) -> None:
        if self._user is None and self._cluster.exists() and self._cluster.stat().st_uid != os.geteuid():
            owner = ServerUser.of_uid(self._cluster.stat().st_uid).name
            raise PostgresProblem(
                Text(f"数据库目录属于用户 {owner}", f"The database folder belongs to the user {owner}"),
                next_step=Text(
                    "请以首次启动时的用户运行，或用 --data 指定另一个数据目录",
                    "Run as the user who started it first, or choose another data folder with --data",
                ),
            )
        if not can_enter(self._data.parent, self._user) and self._user is not None:
            raise PostgresProblem(
                Text(
                    f"数据库用户 {self._user.name} 无法进入 {self._data.parent}",
                    f"The database's user {self._user.name} may not enter {self._data.parent}",
                ),
                next_step=Text(
                    "请用 --data 选择其可进入的目录，例如 /var/lib/anlan",
                    "Choose a data folder that it may enter, for example --data /var/lib/anlan",
                ),
            )

    def _make_socket_dir(self) -> None:
        check_socket_path(self._socket_lock)
        make_private(self._socket_dir.parent, traversable=self._user is not None)
        make_private(self._socket_dir, traversable=self._user is not None)
        if self._user is not None:
            os.chown(self._socket_dir, self._user.uid, self._user.gid)

    def _wait_for_dying_server(self) -> None:
        """Let a server of an ended parent finish; ask it to, once half the time is over."""
        deadline = time.monotonic() + _DYING_S
        asked = False
        while processes := processes_in(self._cluster):
            left = deadline - time.monotonic()
            if left < 0:
                raise _still_running(self._data, processes[0].pid)
            if left < _DYING_S - 10 and not asked:
                asked = True
                for process in processes:
                    if process.name() == "postgres":
                        process.send_signal(signal.SIGINT)
            time.sleep(0.1)

    def ensure_database(self) -> None:
        """Roles and database, made once; passwords follow the secrets."""
        with psycopg.connect(self.admin_url, autocommit=True, connect_timeout=5) as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER_ROLE, APP_ROLE):
                verb = sql.SQL("ALTER" if role in known else "CREATE")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD {}").format(
                        verb, sql.Identifier(role), sql.Literal(self._secrets.get(f"postgres_{role}"))
                    )
                )
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if there is None:
                create_database(connection, DATABASE)


def create_database(connection: psycopg.Connection, name: str) -> None:
    """Create the database *name*: the owner role's, open to the application role, closed to others."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER_ROLE)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(APP_ROLE))
    )


@contextmanager
def temporary_postgres(*, durable: bool = False) -> Iterator[EmbeddedPostgres]:
    """A server of its own in a temporary folder, gone afterwards: for tests and measurements."""
    folder = Path(mkdtemp(prefix="anlan-pg-", dir="/tmp"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "data", folder / "run", durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _in_use(data: Path, holder: int | None) -> PostgresProblem:
    return PostgresProblem(
        Text(
            f"数据库目录 {data} 正被进程 {holder} 使用",
            f"Process {holder} is using the database folder {data}",
        ),
        next_step=Text(
            "请先运行 anlan down 停止它，或用 --data 另选目录",
            "Stop it with anlan down, or choose another folder with --data",
        ),
    )


def _still_running(data: Path, pid: int) -> PostgresProblem:
    return PostgresProblem(
        Text(
            f"上次的数据库进程 {pid} 仍在 {data} 上运行",
            f"A database process of an earlier run ({pid}) is still working on {data}",
        ),
        next_step=Text("请等待其结束后重试", "Wait for it to end, then start again"),
    )


def _not_started(data: Path, detail: str) -> PostgresProblem:
    log = data / "postgres.log"
    last = log.read_text(errors="replace")[-1500:] if log.exists() else ""
    return PostgresProblem(
        Text("数据库未能启动", "The database did not start"),
        next_step=Text(f"请查看日志 {log}", f"See its log: {log}"),
        facts={"detail": detail, "log": last},
    )
