"""Where a system keeps its data and, on a short path, its sockets."""

import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.spawn import can_enter, unprivileged_user

SOCKET_PATH_LIMIT = 107
"""Bytes of a Unix socket's path on Linux (sun_path is 108 with its final NUL)."""

ROOM_TO_BEGIN_BYTES = 256 * 10**6
"""What a first start needs: the stores when empty take about 70 MB, and must be able to work."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


class FolderProblem(Problem):
    """A folder cannot be used as it is."""

    code = "folder"
    status = 500


def make_private(folder: Path, *, traversable: bool = False) -> Path:
    """Create *folder* for this user alone; the modes of one that exists stay as they are.

    *traversable* lets other users pass through (0711) without listing it, which
    a server running as another user needs.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if traversable else 0o700)
    return folder


def data_folder(given: Path | None, checkout: Path) -> Path:
    """The data folder: the one given, else ``.anlan`` in the checkout; the same through every link to it.

    Root's stores run as another user; when that user cannot enter the checkout
    (a home of mode 0700) the default moves to ``/var/lib/anlan``.
    """
    if given is not None:
        return given.expanduser().resolve()
    default = (checkout / ".anlan").resolve()
    if default.exists() or os.geteuid() != 0 or can_enter(checkout, unprivileged_user()):
        return default
    return Path("/var/lib/anlan") / f"{checkout.name}-{short_hash(checkout)}"


def run_folder(data: Path) -> Path:
    """The runtime folder of *data*: short, ours, and the same at each call."""
    name = f"anlan-{short_hash(data)}"
    if os.geteuid() == 0:
        base = Path("/run") if os.access("/run", os.W_OK) else Path("/tmp")  # noqa: S108
        return base / name
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK) and len(runtime) < 40:
        return Path(runtime) / name
    return Path("/tmp") / f"{name}-{os.geteuid()}"  # noqa: S108


def make_run_folder(folder: Path) -> Path:
    """Create the runtime folder; refuses one that another user has put in our way."""
    make_private(folder, traversable=os.geteuid() == 0)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise FolderProblem(
            Text(f"运行目录 {folder} 属于其他用户", f"The runtime folder {folder} belongs to another user"),
            next_step=Text("请删除该目录后重试", "Remove it and start again"),
        )
    return folder


def check_socket_path(path: Path) -> None:
    """Refuse a socket path that the operating system cannot bind."""
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_LIMIT:
        raise FolderProblem(
            Text(
                f"套接字路径过长（{length} 字节）：{path}", f"Socket path too long ({length} bytes): {path}"
            ),
            next_step=Text(
                "请把环境变量 ANLAN_RUN 设为较短的目录", "Set ANLAN_RUN to a folder with a short path"
            ),
        )


def short_hash(path: Path) -> str:
    """Eight hexadecimal digits that name *path*."""
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:8]


def is_about_folders(error: OSError) -> bool:
    """Whether *error* says that a folder is full or not ours, wherever it came from."""
    return error.errno in (*_FULL, *_NOT_OURS)


def folder_problem(error: OSError) -> FolderProblem:
    """What *error* means for the person who started us."""
    path = error.filename or ""
    if error.errno in _FULL:
        return FolderProblem(
            Text(f"磁盘已满：{path}", f"The disk is full: {path}"),
            next_step=Text(
                "请腾出空间，或用 --data 选择其他磁盘上的目录",
                "Make room, or choose a folder on another disk with --data",
            ),
        )
    return FolderProblem(
        Text(f"无法使用 {path}：{error.strerror}", f"{path} cannot be used: {error.strerror}"),
        next_step=Text(
            "请以首次启动时的用户运行，或用 --data 选择可写的目录",
            "Run as the user who started it first, or choose a writable folder with --data",
        ),
    )


def check_room(data: Path, *, fresh: bool, log_bytes: int) -> Text | None:
    """A warning when *data*'s disk is too small for a telemetry log of *log_bytes*.

    A *fresh* system is refused where it could not even be made.
    """
    free = shutil.disk_usage(data).free
    if fresh and free < ROOM_TO_BEGIN_BYTES:
        raise FolderProblem(
            Text(
                f"{data} 所在磁盘仅剩 {free // 10**6} MB，首次启动至少需要 {ROOM_TO_BEGIN_BYTES // 10**6} MB",
                f"Only {free // 10**6} MB are free on the disk of {data}; "
                f"a first start needs {ROOM_TO_BEGIN_BYTES // 10**6} MB",
            ),
            next_step=Text(
                "请腾出空间，或用 --data 选择其他磁盘上的目录",
                "Make room, or choose a folder on another disk with --data",
            ),
        )
    if free >= log_bytes or free + _size(data / "nats") >= log_bytes:
        return None
    return Text(
        f"注意：磁盘仅剩 {free // 10**6} MB，少于遥测日志上限 {log_bytes // 10**6} MB，可用 --data-limit 调小",
        f"Note: {free // 10**6} MB are free, less than the telemetry log's limit of "
        f"{log_bytes // 10**6} MB: --data-limit makes it smaller",
    )


def _size(folder: Path) -> int:
    """Bytes of the files below *folder*."""
    return sum(path.lstat().st_size for path in folder.rglob("*"))
