"""Long work: queued with its transaction, done once as the person who asked, stopped when told."""

import asyncio
import threading
import time
from contextlib import asynccontextmanager, suppress

import pytest
from tests.server.world import in_thread

from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.text import Text
from anlan.platform.commands import (
    acting_as,
    current_principal,
    read_scope,
    service_principal,
    transaction_as,
)
from anlan.platform.jobs import JobKind, JobState, register_job
from anlan.platform.jobs.contracts import JobPlace

PLACE = JobPlace("640181")
gate = threading.Event()


def _double(handle, *, number):
    for step in range(number):
        handle.progress(step / number, Text("计算中", "Computing"))
    return {"twice": 2 * number, "by": current_principal().key}


def _refuse(handle):
    raise Invalid(Text("风速不能为负", "The wind cannot be negative"))


def _break(handle):
    raise ZeroDivisionError


def _wait(handle):
    """Goes on until it is cancelled or stopped."""
    gate.set()
    while True:
        handle._reported = 0.0
        handle.progress(0.5, Text("等待", "Waiting"))
        time.sleep(0.05)


@pytest.fixture(scope="module", autouse=True)
def kinds():
    from anlan.platform.jobs import contracts

    made = {"test.double": _double, "test.refuse": _refuse, "test.break": _break, "test.wait": _wait}
    for code, run in made.items():
        register_job(JobKind(code, Text(code, code), "jobs.request", run))
    yield
    for code in made:
        del contracts._kinds[code]


@pytest.fixture(autouse=True)
def shut():
    gate.clear()


def request(kind, by="demo", **arguments):
    from anlan.platform.jobs.services import request_job

    with acting_as(service_principal(by)):
        return request_job(kind, arguments, PLACE)


def cancel(job):
    from anlan.platform.jobs.services import cancel_job

    with acting_as(service_principal("demo")):
        cancel_job(job)


def seen(job):
    from anlan.platform.jobs.models import Job

    with acting_as(service_principal("worker")), read_scope():
        return Job.objects.select_related("progress").get(id=job)


@asynccontextmanager
async def working(executor=None):
    from anlan.platform.jobs.worker import Worker

    stop = asyncio.Event()
    worker = Worker(executor=executor)  # as in the process: within the event loop
    task = asyncio.create_task(worker.run(stop))
    try:
        yield worker
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)


async def until(job, *states, seconds=90):
    async with asyncio.timeout(seconds):
        while True:
            found = await asyncio.to_thread(in_thread, seen, job)
            if found.state in states:
                return found
            await asyncio.sleep(0.05)


async def call(work, *arguments, **named):
    return await asyncio.to_thread(in_thread, work, *arguments, **named)


async def test_a_job_is_done_as_the_one_who_asked(db):
    job = await call(request, "test.double", number=21)
    async with working():
        done = await until(job, JobState.DONE)
    assert done.result == {"twice": 42, "by": "service:demo"}
    assert done.attempts == 1 and done.ended_at >= done.started_at


async def test_a_refusal_and_a_crash_are_the_jobs_own(db):
    refused, broken = await call(request, "test.refuse"), await call(request, "test.break")
    after = await call(request, "test.double", number=1)
    async with working():
        assert (await until(refused, JobState.FAILED)).problem["title"]["zh"] == "风速不能为负"
        assert (await until(broken, JobState.FAILED)).problem["facts"] == {"error": "ZeroDivisionError"}
        await until(after, JobState.DONE)


async def test_what_waits_is_cancelled_at_once_and_never_done(db):
    job = await call(request, "test.double", number=1)
    await call(cancel, job)
    later = await call(request, "test.double", number=1)
    async with working():
        await until(later, JobState.DONE)
    found = await call(seen, job)
    assert found.state == JobState.CANCELLED.value and found.attempts == 0


async def test_what_runs_stops_at_its_next_report(db):
    job = await call(request, "test.wait")
    async with working():
        await asyncio.to_thread(gate.wait, 20)
        await call(cancel, job)
        with pytest.raises(Conflict, match="already"):
            await call(cancel, job)
        found = await until(job, JobState.CANCELLED)
    assert found.progress.share == 0.5 and found.progress.en == "Waiting"


async def test_a_worker_told_to_stop_gives_its_job_back(db):
    """A restart of the machine is no attempt, and the next worker does the job."""
    job = await call(request, "test.wait")
    async with working():
        await asyncio.to_thread(gate.wait, 20)
    found = await call(seen, job)
    assert (found.state, found.attempts) == (JobState.QUEUED.value, 0)
    gate.clear()
    async with working():
        assert await asyncio.to_thread(gate.wait, 20), "it is under way again"
        await call(cancel, job)
        await until(job, JobState.CANCELLED)


def test_a_job_that_kills_its_workers_is_given_up(db):
    from anlan.platform.jobs.services import MAX_ATTEMPTS, begin_job

    job = request("test.double", number=1)
    with acting_as(service_principal("worker")):
        assert all(begin_job(job) for _ in range(MAX_ATTEMPTS))
        assert not begin_job(job)
    found = seen(job)
    assert found.state == JobState.FAILED.value and found.problem["code"] == "lost"


def test_a_request_that_is_rolled_back_was_never_made(db, superuser):
    from anlan.platform.jobs.services import request_job

    with (
        pytest.raises(RuntimeError, match="after all not"),
        transaction_as(service_principal("demo")),
    ):
        request_job("test.double", {"number": 1}, PLACE)
        raise RuntimeError("after all not")
    assert superuser.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
    assert superuser.execute("SELECT count(*) FROM jobs_job").fetchone() == (0,)


def test_who_may_not_ask_is_refused(db):
    with pytest.raises(Forbidden):
        request("test.double", by="evaluator", number=1)
