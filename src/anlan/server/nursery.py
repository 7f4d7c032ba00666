"""The process that the other ones are forked from: what they share is loaded once, and stays one copy.

Seven processes that each load Django and the tables of all rooms take the time for it
seven times and hold it seven times. Of a forked one's memory only the pages that it
writes are its own (ADR 0011).

A request is one connection to ``RUN/nursery.sock``: the name of a process, and the
descriptor that its output goes to. The answer is its number with a pidfd, and when it has
ended its exit status; then the connection closes. A fork beside a running thread can
inherit a lock that nobody will ever give back, so this process has one thread, and
what it loads may start none.
"""

import gc
import os
import selectors
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path

from setproctitle import setproctitle

from anlan.server.heartbeat import INTERVAL_S, Heartbeat
from anlan.server.supervisor.spawn import dies_with_parent

NURSERY = "nursery"
_REQUEST_S = 5.0
_LONGEST_NAME = 64


def nursery_socket(run: Path) -> Path:
    """Where the nursery of the system with the runtime folder *run* is asked."""
    return run / "nursery.sock"


class Nursery:
    """Forks the processes *names* on request; one that is forked leaves `serve` with its own."""

    def __init__(self, run: Path, names: Sequence[str]) -> None:
        self._run = run
        self._names = names
        self._listener = socket.socket(socket.AF_UNIX)
        self._selector = selectors.DefaultSelector()
        self._living: dict[int, tuple[int, socket.socket]] = {}
        """By pidfd: the process's number, and who waits for its end."""

    def load(self, modules: Sequence[str]) -> None:
        """Load *modules*, and keep the collector from writing into what they leave, now and in the forked."""
        for module in modules:
            import_module(module)
        gc.collect()
        gc.freeze()

    def serve(self) -> str:
        """Fork whoever is asked for, for ever; returns in each forked process, with its name."""
        path = nursery_socket(self._run)
        path.unlink(missing_ok=True)
        self._listener.bind(str(path))
        self._listener.listen()
        self._selector.register(self._listener, selectors.EVENT_READ)
        beat = Heartbeat(NURSERY, lambda: {"processes": len(self._living)}, self._run)
        while True:
            with suppress(OSError):  # a full disk
                beat.write()
            for key, _ in self._selector.select(INTERVAL_S):
                if key.fileobj is not self._listener:
                    self._tell_end(key.fd)
                elif name := self._asked():
                    return name

    def _asked(self) -> str:
        """Answer one request; in the forked process its name, here nothing."""
        with suppress(OSError), ExitStack() as closing:
            asker, _ = self._listener.accept()
            closing.callback(asker.close)
            asker.settimeout(_REQUEST_S)
            said, outputs, *_ = socket.recv_fds(asker, _LONGEST_NAME, 1)
            for output in outputs:
                closing.callback(os.close, output)
            name = said.decode(errors="replace")
            if name not in self._names or len(outputs) != 1:
                return ""
            tie = dies_with_parent(signal.SIGTERM)
            pid = os.fork()
            if pid == 0:
                self._leave(name, outputs[0])
                tie()
                return name
            self._keep(pid, asker.dup())
        return ""

    def _leave(self, name: str, output: int) -> None:
        """Become the process *name*: a session of its own, its output, and nothing of the nursery's."""
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        self._selector.close()
        self._listener.close()
        for handle, (_, asker) in self._living.items():
            os.close(handle)
            asker.close()
        setproctitle(f"anlan run {name}")

    def _keep(self, pid: int, asker: socket.socket) -> None:
        handle = os.pidfd_open(pid)
        self._living[handle] = pid, asker
        self._selector.register(handle, selectors.EVENT_READ)
        socket.send_fds(asker, [str(pid).encode()], [handle])

    def _tell_end(self, handle: int) -> None:
        """Bury the process behind the pidfd *handle* and tell who waits for it how it ended."""
        pid, asker = self._living.pop(handle)
        self._selector.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(pid, 0)
        with asker, suppress(OSError):  # who has asked may be gone
            asker.send(str(os.waitstatus_to_exitcode(status)).encode())
