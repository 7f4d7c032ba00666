"""The life of a shelving (搁置) and of a maintenance window (检修窗口), as tables."""

from typing import Protocol
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime

from anlan.domains.monitoring.alarms.states import Suppression
from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

SHELVE = "alarms.shelve"
SHELVE_FIRST = "alarms.shelve_first"
MAINTAIN = "alarms.maintain"


class ShelvingState(LabelledEnum):
    """Where a shelving stands; a first-level alarm's waits for a second person."""

    REQUESTED = "requested", "待批准", "Waits for approval"
    ACTIVE = "active", "搁置中", "Shelved"
    REFUSED = "refused", "未批准", "Refused"
    ENDED = "ended", "已结束", "Ended"


class MaintenanceState(LabelledEnum):
    """Whether a declared window still stands."""

    DECLARED = "declared", "已申报", "Declared"
    ENDED = "ended", "已结束", "Ended"


class ShelvingForm(Schema):
    """What shelving an alarm needs: for how long, and why."""

    minutes: int = labelled("搁置时长", "For how long", unit="min", ge=1, le=100_000)
    reason: str = labelled("原因", "Reason", min_length=2, max_length=500, widget="textarea")


class NoteForm(Schema):
    """A reason for ending or refusing."""

    note: str = labelled("说明", "Note", min_length=2, max_length=500, widget="textarea")


class MaintenanceForm(Schema):
    """A declared maintenance window: of an enterprise, of a unit of it, or of points of it."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    process_unit_id: UUID | None = labelled("装置单元", "Unit", default=None, link="process_unit")
    point_tags: str = labelled(
        "监测点位号",
        "Tags of points",
        default="",
        max_length=4000,
        help=Text(
            "以逗号分隔；一级报警只在写明位号时才抑制",
            "Separated by commas; a first-level alarm is silenced only where its tag is named",
        ),
    )
    starts_at: AwareDatetime = labelled("开始", "From")
    ends_at: AwareDatetime = labelled("结束", "To")
    reason: str = labelled("检修内容", "What is done", min_length=2, max_length=500, widget="textarea")


class Shelvable(Protocol):
    """What shelving looks at."""

    suppression: str


def may_shelve(alarm: Shelvable) -> Problem | None:
    """A shelved alarm is not shelved once more."""
    if alarm.suppression != Suppression.SHELVED:
        return None
    return Conflict(
        Text("该报警已搁置", "It is shelved already"),
        next_step=Text("请先结束现有搁置", "End the shelving that stands first"),
    )


SHELVING_WORKFLOW = Workflow(
    ShelvingState,
    (
        Transition(
            event="approve",
            source=frozenset({ShelvingState.REQUESTED}),
            target=ShelvingState.ACTIVE,
            label=Text("批准搁置", "Approve"),
            permission=SHELVE_FIRST,
            confirm=Text("批准搁置一级报警？", "Approve the shelving of a first-level alarm?"),
        ),
        Transition(
            event="refuse",
            source=frozenset({ShelvingState.REQUESTED}),
            target=ShelvingState.REFUSED,
            label=Text("不批准", "Refuse"),
            permission=SHELVE_FIRST,
            form=NoteForm,
        ),
        Transition(
            event="end",
            source=frozenset({ShelvingState.ACTIVE, ShelvingState.REQUESTED}),
            target=ShelvingState.ENDED,
            label=Text("结束搁置", "Unshelve"),
            permission=SHELVE,
            form=NoteForm,
        ),
    ),
)

MAINTENANCE_WORKFLOW = Workflow(
    MaintenanceState,
    (
        Transition(
            event="end",
            source=frozenset({MaintenanceState.DECLARED}),
            target=MaintenanceState.ENDED,
            label=Text("结束检修", "End maintenance"),
            permission=MAINTAIN,
            form=NoteForm,
        ),
    ),
)
