"""The kinds of jobs that apps declare, and what a job is given to work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from anlan.kernel.text import LabelledEnum, Text
from anlan.ports.executor import Report, Result


class JobState(LabelledEnum):
    """What has become of a job."""

    QUEUED = "queued", "排队中", "Queued"
    RUNNING = "running", "运行中", "Running"
    DONE = "done", "已完成", "Done"
    FAILED = "failed", "失败", "Failed"
    CANCELLED = "cancelled", "已取消", "Cancelled"


class JobCancelled(Exception):
    """The person has cancelled the job; raised by `JobHandle.progress` and to be let through."""


class JobHandle(Protocol):
    """What a running job is given."""

    @property
    def id(self) -> UUID: ...

    def progress(self, share: float, words: Text) -> None:
        """Say how far the work is (0 to 1) and what is being done; often is fine, few are written.

        Raises `JobCancelled` once somebody has cancelled the job.
        """

    def compute(self, work: Callable[..., Result], report: Report, **arguments: Any) -> Result:
        """What ``work(report, **arguments)`` gives: in another process, or on a cluster, where the worker has either.

        *report* is called in this process and may raise, as `progress` does. See `Executor.run`.
        """


@dataclass(frozen=True)
class JobKind:
    """A kind of job: *run* is called as ``run(handle, **arguments)`` as the person who asked.

    It returns a JSON-able mapping. *permission* is needed to ask for it.
    """

    code: str
    title: Text
    permission: str
    run: Callable[..., Mapping[str, Any]]


@dataclass(frozen=True)
class JobPlace:
    """Where a job belongs: region and zone, what it is about, and its thread and timeline."""

    region: str
    zone: str | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False


_kinds: dict[str, JobKind] = {}


def register_job(kind: JobKind) -> None:
    """Declare *kind*; call it in `AppConfig.ready`. The same code twice is refused."""
    if kind.code in _kinds:
        raise ValueError(f"job {kind.code} is declared twice")
    _kinds[kind.code] = kind


def kind_of(code: str) -> JobKind:
    """The declared kind. Raises `KeyError`."""
    return _kinds[code]
