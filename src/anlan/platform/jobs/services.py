"""The only writers of jobs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.text import NO_WORDS, Text
from anlan.platform.commands import (
    current_principal,
    decide,
    decide_there,
    record_thread,
    service,
    service_principal,
    transaction_as,
)
from anlan.platform.jobs.contracts import JobPlace, JobState, kind_of
from anlan.platform.jobs.models import Job, Progress
from anlan.platform.jobs.permissions import READ, REQUEST, RUN
from anlan.platform.jobs.states import JOB_WORKFLOW
from anlan.platform.outbox import emit
from anlan.platform.resources.editing import locked

TOPIC = "job"
MAX_ATTEMPTS = 3


@service("jobs.request", permission=REQUEST)
def request_job(kind: str, arguments: dict[str, Any], place: JobPlace, title: Text = NO_WORDS) -> UUID:
    """Ask for a job; it is queued when this transaction commits, and not otherwise."""
    declared = kind_of(kind)
    decide(current_principal(), declared.permission)
    decide_there(declared.permission, place.region, place.zone)
    words = title if title.zh else declared.title
    job = Job.objects.create(
        id=new_id(),
        kind=kind,
        zh=words.zh[:200],
        en=words.en[:200],
        arguments=arguments,
        requested_by=current_principal().key,
        requested_at=now(),
        subject_kind=place.subject_kind,
        subject_id=place.subject_id,
        thread=place.thread,
        timeline=place.timeline,
        exercise=place.exercise,
        region=place.region,
        zone=place.zone,
    )
    if place.thread is not None:
        record_thread(place.thread)
    _queue(job)
    _tell(job)
    return job.id


@service("jobs.cancel", permission=REQUEST)
def cancel_job(job_id: UUID) -> None:
    """Cancel a job: at once when it still waits, at its next report of progress when it runs."""
    job = locked(Job, job_id)
    JOB_WORKFLOW.require("cancel", job, current_principal())
    job.cancel_requested = True
    if job.state == JobState.QUEUED.value:
        job.state, job.ended_at = JobState.CANCELLED.value, now()
    job.save()
    _tell(job)


@service("jobs.begin", permission=RUN)
def begin_job(job_id: UUID) -> bool:
    """Take up a job; false when it needs no doing (any more).

    A job that was under way when its worker died comes again; after `MAX_ATTEMPTS` it has failed.
    """
    job = locked(Job, job_id)
    if job.state not in (JobState.QUEUED.value, JobState.RUNNING.value):
        return False
    job.attempts += 1
    if job.attempts > MAX_ATTEMPTS:
        _end(job, JobState.FAILED, problem=_LOST)
        return False
    job.state, job.started_at = JobState.RUNNING.value, now()
    job.save()
    _tell(job)
    return True


@service("jobs.finish", permission=RUN)
def finish_job(job_id: UUID, result: dict[str, Any]) -> None:
    """Keep what a job came to."""
    _end(locked(Job, job_id), JobState.DONE, result=to_jsonable_python(result, inf_nan_mode="null"))


@service("jobs.fail", permission=RUN)
def fail_job(job_id: UUID, problem: dict[str, Any], *, cancelled: bool = False) -> None:
    """Keep why a job came to nothing."""
    _end(locked(Job, job_id), JobState.CANCELLED if cancelled else JobState.FAILED, problem=problem)


@service("jobs.requeue", permission=RUN)
def requeue_job(job_id: UUID) -> None:
    """Put back a job whose worker is told to stop; this was no attempt."""
    job = locked(Job, job_id)
    if job.state == JobState.RUNNING.value:
        job.state, job.attempts = JobState.QUEUED.value, max(0, job.attempts - 1)
        job.save()
        _queue(job)
        _tell(job)


def note_progress(job_id: UUID, share: float, words: Text) -> bool:
    """Write how far a job is; whether it shall go on. A measurement, not a command."""
    with transaction_as(service_principal("worker")):
        job = Job.objects.get(id=job_id)
        Progress.objects.update_or_create(
            job=job,
            defaults={
                "share": min(1.0, max(0.0, share)),
                "zh": words.zh[:200],
                "en": words.en[:200],
                "at": now(),
                "region": job.region,
                "zone": job.zone,
            },
        )
        _tell(job, share=share)
        return not job.cancel_requested


_LOST = {
    "code": "lost",
    "title": {"zh": "任务多次中断，已停止", "en": "The job was interrupted too often and given up"},
    "next_step": {
        "zh": "请查看 worker 日志后重新提交",
        "en": "See the worker's log, then ask for it again",
    },
}


def _queue(job: Job) -> None:
    from procrastinate.contrib.django import app

    app.configure_task("anlan.run_job").defer(job_id=str(job.id))


def _end(
    job: Job,
    state: JobState,
    *,
    result: Mapping[str, Any] | None = None,
    problem: Mapping[str, Any] | None = None,
) -> None:
    job.state, job.ended_at, job.result, job.problem = state.value, now(), result, problem
    job.save()
    _tell(job)


def _tell(job: Job, share: float | None = None) -> None:
    emit(
        TOPIC,
        {"id": job.id, "kind": job.kind, "state": job.state, "subject_id": job.subject_id, "share": share},
        thread=job.thread,
        region=job.region,
        zone=job.zone,
        permission=READ,
        timeline=job.timeline,
        exercise=job.exercise,
    )
