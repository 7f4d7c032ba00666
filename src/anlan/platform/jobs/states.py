"""The state table of a job, as far as people have a hand in it."""

from typing import Any

from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.text import Text
from anlan.platform.jobs.contracts import JobState
from anlan.platform.jobs.permissions import REQUEST
from anlan.platform.workflow import Transition, Workflow


def _not_asked_already(job: Any) -> Problem | None:
    if job.cancel_requested:
        return Conflict(Text("已在取消中", "It is being cancelled already"))
    return None


JOB_WORKFLOW = Workflow(
    JobState,
    [
        Transition(
            event="cancel",
            source=frozenset({JobState.QUEUED.value, JobState.RUNNING.value}),
            target=JobState.CANCELLED.value,
            label=Text("取消任务", "Cancel"),
            permission=REQUEST,
            guard=_not_asked_already,
            confirm=Text("取消后需重新提交。", "It will have to be asked for again."),
        )
    ],
)
