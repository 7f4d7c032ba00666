"""Where long computations run: beside the process that asked, in others on the machine, or on a cluster."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text

Result = TypeVar("Result")
Report = Callable[[float, Text], None]
"""Hears the share done (0 to 1) and what is being done; stops the work by raising."""


class WorkLost(Problem):
    """The process that computed ended before it was done: out of memory, or killed."""

    code = "work_lost"
    status = 500
    title = Text("计算进程意外结束", "The computing process ended before it was done")
    next_step = Text(
        "可能是内存不足：请减小网格或成员数后重试",
        "It may have been short of memory: ask for less and try again",
    )


class Executor(Protocol):
    """Runs functions somewhere else. Safe to be called from several threads."""

    def run(self, work: Callable[..., Result], report: Report, **arguments: Any) -> Result:
        """What ``work(report, **arguments)`` gives, computed elsewhere while the caller waits.

        *work* is a function of a module, it and *arguments* go there as a copy. Its reports come to *report* here, at
        least once a second; what that raises ends the work and is raised here, and so is what the work raises.
        Raises `WorkLost`.
        """
        ...

    def close(self) -> None:
        """End what is under way, and every process."""
        ...
