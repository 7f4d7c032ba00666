"""How a process comes to be: executed from its program, or forked from one that has loaded what it needs."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals
from typing import Protocol

from anlan.server.supervisor.spawn import PRIVATE_UMASK, ServerUser, dies_with_parent, identity

_ANSWER_S = 10.0


class Running(Protocol):
    """A process that has been started: its number, and its exit status once it has ended."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...


Launch = Callable[[int], Awaitable[Running]]
"""Starts a process in a session of its own whose output goes to the given descriptor."""


def executed(
    command: Callable[[], list[str]],
    env: Mapping[str, str],
    *,
    user: ServerUser | None = None,
    death_signal: Signals = SIGTERM,
) -> Launch:
    """Executes *command*, which is asked at every start; it gets *death_signal* when we die."""

    async def launch(output: int) -> Running:
        return await asyncio.create_subprocess_exec(
            *command(),
            env=dict(env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            umask=PRIVATE_UMASK,
            preexec_fn=dies_with_parent(death_signal),
            **identity(user),
        )

    return launch


def forked(name: str, nursery: Path) -> Launch:
    """Has the nursery behind the socket *nursery* fork the process *name*.

    Raises
    ------
    OSError
        There is no nursery at the moment, or it could not fork.
    """

    async def launch(output: int) -> Running:
        return await asyncio.to_thread(_fork, name, nursery, output)

    return launch


@dataclass
class _Forked:
    """A process that is not our child: a pidfd says when it ends, its parent how."""

    pid: int
    handle: int
    parent: socket.socket
    returncode: int | None = None

    async def wait(self) -> int:
        """Its exit status; -9 when its parent has not lived to tell it."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.handle, ended.set)
        try:
            await ended.wait()
            with suppress(OSError, ValueError):
                self.returncode = int(await asyncio.wait_for(loop.sock_recv(self.parent, 16), 2))
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(self.handle)
            os.close(self.handle)
            self.parent.close()
        if self.returncode is None:
            self.returncode = -9
        return self.returncode


def _fork(name: str, nursery: Path, output: int) -> _Forked:
    parent = socket.socket(socket.AF_UNIX)
    parent.settimeout(_ANSWER_S)
    try:
        parent.connect(str(nursery))
        socket.send_fds(parent, [name.encode()], [output])
        said, handles, *_ = socket.recv_fds(parent, 16, 1)
        if not handles:
            raise ConnectionError(f"the nursery could not fork {name}")
        parent.setblocking(False)
        return _Forked(int(said), handles[0], parent)
    except BaseException:
        parent.close()
        raise
