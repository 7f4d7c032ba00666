"""A few processes that stay warm: an engine's libraries and compiled kernels are loaded once.

`concurrent.futures` has such a pool, but none whose running work can be ended, and with one process that dies there
all others lose their work.
"""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from queue import LifoQueue
from typing import Any

from anlan.adapters.processes.child import ANSWER, FAILURE, REPORT, STOP, serve
from anlan.kernel.text import NO_WORDS, Text
from anlan.ports.executor import Report, Result, WorkLost

_LOOK_S = 1.0
_GRACE_S = 3.0


class ProcessPool:
    """*count* works at a time, each in a process of its own; who asks for more waits."""

    def __init__(self, count: int = 1) -> None:
        self._free: LifoQueue[_Process | None] = LifoQueue()
        self._all: set[_Process] = set()
        for _ in range(max(count, 1)):
            self._free.put(None)

    def run(self, work: Callable[..., Result], report: Report, **arguments: Any) -> Result:
        """As `Executor.run`; a process that was lost or would not stop is replaced by a new one."""
        process = self._free.get() or self._started()
        try:
            return process.run(work, report, arguments)
        finally:
            if process.is_well:
                self._free.put(process)
            else:
                self._all.discard(process)
                self._free.put(None)

    def close(self) -> None:
        """End every process, whatever it does."""
        for process in tuple(self._all):
            process.end()

    def _started(self) -> "_Process":
        process = _Process()
        self._all.add(process)
        return process


class _Process:
    """One process with its pipe; used by one thread at a time."""

    def __init__(self) -> None:
        # spawned, not forked: a fork beside running threads may inherit a lock that nobody gives back
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._child = context.Process(target=serve, args=(other,), name="anlan-compute", daemon=True)
        self._child.start()
        other.close()
        self.is_well = True
        self._number = 0

    def run(self, work: Callable[..., Result], report: Report, arguments: dict[str, Any]) -> Result:
        """Send the work and wait for its answer, passing its reports on."""
        self._number += 1
        share, words = 0.0, NO_WORDS
        try:
            self._pipe.send((self._number, work, arguments))
            while True:
                # a silent work is asked for too: whoever waits may have had enough
                while not self._pipe.poll(_LOOK_S):
                    self._told(report, share, words)
                kind, said = self._pipe.recv()
                if kind == ANSWER:
                    answer: Result = said
                    return answer
                if kind == FAILURE:
                    raise said
                share, words = said
                self._told(report, share, words)
        except (EOFError, ConnectionError) as problem:
            self.end()
            raise WorkLost(facts={"exit": self._child.exitcode}) from problem

    def end(self) -> None:
        """Kill the process."""
        self.is_well = False
        self._child.kill()
        self._child.join()
        self._pipe.close()

    def _told(self, report: Report, share: float, words: Text) -> None:
        try:
            report(share, words)
        except BaseException:
            self._stopped()
            raise

    def _stopped(self) -> None:
        """Ask the work to stop at its next report; end the process when it does not."""
        with suppress(EOFError, ConnectionError):
            self._pipe.send((STOP, self._number, None))
            while self._pipe.poll(_GRACE_S):
                kind, _ = self._pipe.recv()
                if kind != REPORT:
                    return
        self.end()
