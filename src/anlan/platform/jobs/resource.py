"""Jobs on the generic screens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from anlan.kernel.text import Text
from anlan.platform.jobs import permissions
from anlan.platform.jobs.contracts import JobState
from anlan.platform.jobs.services import cancel_job
from anlan.platform.jobs.states import JOB_WORKFLOW
from anlan.platform.resources import Column, Filter, Group, Resource, labelled, register
from anlan.platform.resources.common import REGION, REGION_FILTER


class JobOut(Schema):
    """A job as a row."""

    id: UUID
    zh: str
    kind: str
    state: JobState
    share: float | None = labelled("进度", "Progress")
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    subject_kind: str | None
    subject_id: UUID | None
    region: str
    exercise: bool

    @staticmethod
    def resolve_share(job: object) -> float | None:
        """How far the job is, where it has said so."""
        progress = getattr(job, "progress", None)
        return None if progress is None else round(float(progress.share), 3)


class JobDetail(JobOut):
    """A job with what it is doing and what it came to."""

    doing: str | None = labelled("正在进行", "Doing")
    attempts: int = labelled("执行次数", "Attempts")
    cancel_requested: bool = labelled("已请求取消", "Cancellation asked for")
    result: dict[str, Any] | None
    problem: dict[str, Any] | None

    @staticmethod
    def resolve_doing(job: object) -> str | None:
        """The words of its last report."""
        progress = getattr(job, "progress", None)
        return None if progress is None else str(progress.zh)


def register_all() -> None:
    """Declare permissions and the resource."""
    from anlan.platform.jobs.models import Job

    permissions.register_all()
    register(
        Resource(
            name="job",
            plural="jobs",
            title=Text("后台任务", "Jobs"),
            model=Job,
            queryset=lambda: Job.objects.select_related("progress"),
            out=JobOut,
            detail=JobDetail,
            icon="run",
            read_permission=permissions.READ,
            order=("-requested_at", "id"),
            columns=(
                Column("zh", Text("任务", "Job")),
                Column("state", Text("状态", "State"), kind="enum", enum=JobState, width=110),
                Column("share", Text("进度", "Progress"), kind="number", width=90),
                Column("requested_at", Text("提交时间", "Asked for"), kind="time", width=170, sortable=True),
                Column("started_at", Text("开始", "Began"), kind="time", width=170),
                Column("ended_at", Text("结束", "Ended"), kind="time", width=170),
                REGION,
                Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            ),
            filters=(
                Filter("state", Text("状态", "State"), kind="enum", enum=JobState),
                REGION_FILTER,
                Filter("subject_id", Text("对象", "Subject"), kind="link"),
            ),
            detail_groups=(
                Group(Text("任务", "Job"), ("zh", "state", "share", "doing", "attempts", "cancel_requested")),
                Group(Text("时间", "Times"), ("requested_at", "started_at", "ended_at")),
                Group(Text("范围", "Place"), ("region", "exercise")),
            ),
            actions=JOB_WORKFLOW,
            handlers={"cancel": cancel_job},
        )
    )
