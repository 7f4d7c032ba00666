"""Child processes that never outlive their parent, if need be as another user."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PRIVATE_UMASK = 0o077
"""Of every process: what it writes is its user's alone, unless it says otherwise."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class ServerUser:
    """An operating-system user that a server runs as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of_uid(cls, uid: int) -> "ServerUser":
        entry = pwd.getpwuid(uid)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


def unprivileged_user() -> ServerUser:
    """The existing user that servers run as when we are root."""
    for name in ("anlan", "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LookupError("no unprivileged user: expected one of anlan, postgres, nobody")


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn`` after which the child gets *death_signal* when its parent dies.

    Linux only. The tie is to the parent's thread: call it from a thread that
    lives as long as the process. It runs after the change of user, which would
    undo it.
    """
    parent = os.getpid()

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def spawn(
    argv: Sequence[str | Path],
    *,
    user: ServerUser | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start *argv* in a session of its own, tied to this process's life."""
    return subprocess.Popen(  # noqa: S603 - argv is ours
        [str(part) for part in argv],
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=dies_with_parent(death_signal),
        **identity(user),
    )


def identity(user: ServerUser | None) -> dict[str, Any]:
    """The arguments of `subprocess` that change to *user*; none when it is None."""
    if user is None:
        return {}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}


def can_enter(folder: Path, user: ServerUser | None) -> bool:
    """Whether *user* (None: this process's own) may traverse to *folder*."""
    if user is None:
        return os.access(folder, os.X_OK)
    probe = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)],
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **identity(user),
    )
    return bool(probe.returncode == 0)
