"""Running jobs: each in a thread, as the person who asked for it."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from anlan.kernel.errors import NotSignedIn, Problem
from anlan.kernel.text import NO_WORDS, Text
from anlan.platform.commands import (
    Principal,
    acting_as,
    principal_of_user,
    read_scope,
    service_principal,
)
from anlan.platform.jobs.contracts import JobCancelled, kind_of
from anlan.platform.jobs.models import Job
from anlan.platform.jobs.services import begin_job, fail_job, finish_job, note_progress, requeue_job
from anlan.ports.executor import Executor, Report, Result

log = logging.getLogger(__name__)

TASK = "anlan.run_job"
LOST_AFTER_S = 30.0
_REPORT_S = 0.5


class WorkerStopping(Exception):
    """The worker has been told to stop; the job goes back to the queue."""


class Handle:
    """The `JobHandle` of one run."""

    def __init__(self, id: UUID, stopping: threading.Event, executor: Executor | None = None) -> None:
        self._id, self._stopping, self._executor = id, stopping, executor
        self._reported = 0.0

    @property
    def id(self) -> UUID:
        return self._id

    def progress(self, share: float, words: Text) -> None:
        """Report at most twice a second, and always the end; see `JobHandle`."""
        if self._stopping.is_set():
            raise WorkerStopping
        at = time.monotonic()
        if at - self._reported < _REPORT_S and share < 1.0:
            return
        self._reported = at
        if not note_progress(self._id, share, words):
            raise JobCancelled

    def compute(self, work: Callable[..., Result], report: Report, **arguments: Any) -> Result:
        """By the executor; here, where the worker has none. See `JobHandle`."""
        if self._executor is None:
            return work(report, **arguments)
        return self._executor.run(work, report, **arguments)


class Runner:
    """Runs the jobs of one worker process; `stop` lets those under way go back to the queue.

    Their long computations are left to *executor*, where there is one.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor
        self._stopping = threading.Event()
        self._running: set[UUID] = set()
        self._done = 0
        self._failed = 0

    def health(self) -> dict[str, object]:
        """What is being done, and what has been."""
        return {"running": sorted(map(str, self._running)), "done": self._done, "failed": self._failed}

    def stop(self) -> None:
        """Ask every job under way to stop at its next report."""
        self._stopping.set()

    async def run(self, job_id: str) -> None:
        """Do one job; every failure is the job's, none the worker's."""
        await asyncio.to_thread(self._run, UUID(job_id))

    def _run(self, job_id: UUID) -> None:
        from django.db import connection

        worker = service_principal("worker")
        self._running.add(job_id)
        try:
            with acting_as(worker):
                if not begin_job(job_id):
                    return
                with read_scope():
                    job = Job.objects.get(id=job_id)
            self._do(job, worker)
        finally:
            self._running.discard(job_id)
            connection.close()

    def _do(self, job: Job, worker: Principal) -> None:
        try:
            with acting_as(_requester(job)):
                handle = Handle(job.id, self._stopping, self._executor)
                handle.progress(0.0, NO_WORDS)
                result = dict(kind_of(job.kind).run(handle, **job.arguments))
        except WorkerStopping:
            with acting_as(worker):
                requeue_job(job.id)
        except JobCancelled:
            with acting_as(worker):
                fail_job(job.id, _said(_CANCELLED), cancelled=True)
        except Problem as problem:
            self._failed += 1
            with acting_as(worker):
                fail_job(job.id, _said(problem))
        except Exception as error:
            self._failed += 1
            log.exception("job %s (%s) failed", job.id, job.kind)
            with acting_as(worker):
                fail_job(job.id, _said(_unforeseen(error)))
        else:
            self._done += 1
            with acting_as(worker):
                finish_job(job.id, result)


_CANCELLED = Problem(Text("已取消", "Cancelled"))


def _requester(job: Job) -> Principal:
    """The principal who asked: with the permissions that they hold now, not those of then."""
    from anlan.platform.identity.models import User

    kind, _, name = job.requested_by.partition(":")
    if kind == "service":
        return service_principal(name)
    user = User.objects.filter(id=UUID(name)).first()
    if user is None:
        raise NotSignedIn
    return principal_of_user(user)


def _unforeseen(error: Exception) -> Problem:
    return Problem(
        Text("计算出错，未能完成", "The work failed"),
        next_step=Text("请查看 worker 日志", "See the worker's log"),
        facts={"error": type(error).__name__},
    )


def _said(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "title": problem.title._asdict(),
        "next_step": problem.next_step._asdict(),
        "facts": problem.facts,
    }
