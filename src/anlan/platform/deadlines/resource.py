"""Deadlines on the generic screens."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.kernel.text import Text
from anlan.platform.deadlines import permissions
from anlan.platform.deadlines.contracts import DeadlineState, kind_of
from anlan.platform.resources import Column, Filter, Group, Resource, labelled, register
from anlan.platform.resources.common import REGION, REGION_FILTER


class DeadlineOut(Schema):
    """A deadline as a row and as a detail."""

    id: UUID
    title: str
    subject_kind: str
    subject_id: UUID
    thread: UUID | None
    state: DeadlineState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    step: int = labelled("已升级次数", "Steps taken")
    basis: str = labelled("依据", "Basis")
    region: str
    exercise: bool

    @staticmethod
    def resolve_title(deadline: object) -> str:
        """The kind's Chinese words."""
        return kind_of(deadline.kind).title.zh  # type: ignore[attr-defined]


def register_all() -> None:
    """Declare permissions and the resource."""
    from anlan.platform.deadlines.models import Deadline

    permissions.register_all()
    register(
        Resource(
            name="deadline",
            plural="deadlines",
            title=Text("时限", "Deadlines"),
            model=Deadline,
            out=DeadlineOut,
            icon="clock",
            read_permission=permissions.READ,
            order=("due_at", "id"),
            columns=(
                Column("title", Text("事项", "What")),
                Column("state", Text("状态", "State"), kind="enum", enum=DeadlineState, width=110),
                Column("started_at", Text("起算", "Began"), kind="time", width=170, sortable=True),
                Column("due_at", Text("时限", "Due"), kind="time", width=170, sortable=True),
                Column("ended_at", Text("结束", "Ended"), kind="time", width=170, sortable=True),
                REGION,
                Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            ),
            filters=(
                Filter("state", Text("状态", "State"), kind="enum", enum=DeadlineState),
                REGION_FILTER,
                Filter("due_at", Text("时限", "Due"), kind="time"),
                Filter("subject_id", Text("对象", "Subject"), kind="link"),
            ),
            detail_groups=(
                Group(Text("时限", "Deadline"), ("title", "state", "basis", "step")),
                Group(Text("时间", "Times"), ("started_at", "due_at", "ended_at")),
                Group(Text("范围", "Place"), ("region", "exercise")),
            ),
        )
    )
