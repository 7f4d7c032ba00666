"""The folder of a PostgreSQL cluster: made, recognised, and taken over from a server that is gone."""

import os
import shutil
import subprocess
from pathlib import Path

import psutil

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.binaries import PostgresPrograms
from anlan.server.supervisor.folders import make_private
from anlan.server.supervisor.spawn import ServerUser, identity

ADMIN_ROLE = "anlan_admin"
_PARTIAL = "cluster.initialising"


class PostgresProblem(Problem):
    """The embedded database cannot be started as things are."""

    code = "postgres"
    status = 500


def initialise(
    cluster: Path, programs: PostgresPrograms, user: ServerUser | None, password: str, *, durable: bool
) -> None:
    """Make the cluster beside its final name, so that a broken attempt is never taken for one.

    Each attempt in a folder of its own: what a killed one left behind may still be writing into its.
    """
    for broken in cluster.parent.glob(f"{_PARTIAL}*"):
        shutil.rmtree(broken, ignore_errors=True)
    partial = cluster.parent / f"{_PARTIAL}-{os.getpid()}"
    make_private(partial)
    file = cluster.parent / "initial-password"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(password)
    if user is not None:
        for path in (partial, file):
            os.chown(path, user.uid, user.gid)
    try:
        done = subprocess.run(  # noqa: S603
            _initdb_command(programs, partial, file, durable=durable),
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            **identity(user),
        )
    finally:
        file.unlink()
    if done.returncode != 0:
        raise PostgresProblem(
            Text("数据库初始化失败", "The database could not be initialised"),
            facts={"output": (done.stdout + done.stderr)[-2000:]},
        )
    partial.replace(cluster)


def refuse_foreign_version(cluster: Path, programs: PostgresPrograms) -> None:
    """Raise `PostgresProblem` for a cluster that another major version has made."""
    mark = cluster / "PG_VERSION"
    if not mark.exists():
        return
    made_by = int(mark.read_text().strip())
    if made_by != programs.major:
        raise PostgresProblem(
            Text(
                f"数据目录由 PostgreSQL {made_by} 创建，当前程序为 {programs.version}",
                f"The data folder was made by PostgreSQL {made_by}; the programs here are {programs.version}",
            ),
            next_step=Text(
                f"请将 ANLAN_POSTGRES_BIN 指向 PostgreSQL {made_by} 的 bin 目录启动后用 pg_dumpall 导出，"
                "再用新版本导入空数据目录",
                f"Start once with ANLAN_POSTGRES_BIN naming a bin folder of PostgreSQL {made_by}, take a "
                "pg_dumpall, and load it into an empty data folder with the new version",
            ),
        )


def processes_in(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL processes whose working folder is *cluster*: a server's, wherever it came from."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(cluster):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def inherit_lock_files(*files: Path) -> None:
    """Take the lock files of a server that is gone as the next one's own.

    PostgreSQL refuses to start while any process has the number in them: one that got the number since,
    or the dead server itself where nothing reaps orphans (a container without an init); and when a power
    cut left one empty. It makes an exception of its parent, which is this process; what else it looks
    at in the file (shared memory still in use) it still looks at.
    """
    for file in files:
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        if lines:
            file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
        else:
            file.unlink(missing_ok=True)


def _initdb_command(programs: PostgresPrograms, cluster: Path, password: Path, *, durable: bool) -> list[str]:
    # LC_CTYPE matters beside the provider: pg_trgm asks it what a letter is, and C knows no Chinese.
    locale = ["--locale=C", "--lc-ctype=C.UTF-8"]
    if programs.major >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [
        str(programs.folder / "initdb"),
        f"--pgdata={cluster}",
        f"--username={ADMIN_ROLE}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--data-checksums",
        *locale,
        *([] if durable else ["--no-sync"]),
    ]
