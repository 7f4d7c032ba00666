"""The life of an incident, as a table."""

from ninja import Schema

from anlan.kernel.levels import IncidentGrade
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "incidents.read"
OPEN = "incidents.open"
HANDLE = "incidents.handle"


class IncidentKind(LabelledEnum):
    """What kind of thing has happened (after GB/T 35561-2017, as far as the engines reach)."""

    TOXIC_RELEASE = "toxic_release", "有毒物质泄漏", "Toxic release"
    FLAMMABLE_RELEASE = "flammable_release", "易燃物质泄漏", "Flammable release"
    FIRE = "fire", "火灾", "Fire"
    EXPLOSION = "explosion", "爆炸", "Explosion"
    OTHER_ACCIDENT = "other_accident", "其他生产安全事故", "Other work accident"
    FLOOD = "flood", "洪涝灾害", "Flood"
    EARTHQUAKE = "earthquake", "地震灾害", "Earthquake"
    WILDFIRE = "wildfire", "森林草原火灾", "Wildfire"
    GEOLOGICAL = "geological", "地质灾害", "Landslide or debris flow"


class IncidentState(LabelledEnum):
    """Where an incident stands."""

    REPORTED = "reported", "已接报", "Reported"
    HANDLING = "handling", "处置中", "Being handled"
    ENDED = "ended", "已结束", "Ended"


class EntryKind(LabelledEnum):
    """What an entry of the time line tells."""

    OPENED = "opened", "接报立案", "Opened"
    FACTS = "facts", "情况更新", "Facts"
    FOOTPRINT = "footprint", "影响范围", "Footprint"
    GRADED = "graded", "等级变化", "Grade"
    NOTE = "note", "记录", "Note"
    HANDLING = "handling", "开始处置", "Handling begins"
    ESCALATED = "escalated", "超时升级", "Escalated"
    ENDED = "ended", "结束", "Ended"


class OpenForm(Schema):
    """What opening an incident from an alarm needs."""

    kind: IncidentKind = labelled("事件类型", "Kind")
    note: str = labelled("情况说明", "What is known", default="", max_length=500, widget="textarea")


class NoteForm(Schema):
    """A note on the time line."""

    note: str = labelled("记录", "Note", min_length=1, max_length=1000, widget="textarea")


class FactsForm(Schema):
    """The figures of an incident; all of them are totals so far."""

    dead: int = labelled("死亡", "Dead", default=0, ge=0, le=1_000_000)
    missing: int = labelled("失踪", "Missing", default=0, ge=0, le=1_000_000)
    seriously_injured: int = labelled(
        "重伤（含急性工业中毒）", "Seriously injured", default=0, ge=0, le=1_000_000
    )
    lightly_injured: int = labelled("轻伤", "Lightly injured", default=0, ge=0, le=1_000_000)
    trapped: int = labelled("被困", "Trapped", default=0, ge=0, le=1_000_000)
    loss_yuan: float = labelled("直接经济损失（元）", "Direct loss (yuan)", default=0.0, ge=0, le=1e12)
    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class EndForm(Schema):
    """What ending an incident needs."""

    note: str = labelled("结束说明", "Closing note", min_length=2, max_length=1000, widget="textarea")


_GOING_ON = frozenset({IncidentState.REPORTED, IncidentState.HANDLING})

INCIDENT_WORKFLOW = Workflow(
    IncidentState,
    (
        Transition(
            event="handle",
            source=frozenset({IncidentState.REPORTED}),
            target=IncidentState.HANDLING,
            label=Text("开始处置", "Begin handling"),
            permission=HANDLE,
            form=NoteForm,
        ),
        Transition(
            event="facts",
            source=_GOING_ON,
            target=None,
            label=Text("更新伤亡与损失", "Update casualties and loss"),
            permission=HANDLE,
            form=FactsForm,
        ),
        Transition(
            event="note",
            source=frozenset(IncidentState),
            target=None,
            label=Text("追加记录", "Add a note"),
            permission=HANDLE,
            form=NoteForm,
        ),
        Transition(
            event="end",
            source=frozenset({IncidentState.HANDLING}),
            target=IncidentState.ENDED,
            label=Text("结束事件", "End the incident"),
            permission=HANDLE,
            form=EndForm,
            confirm=Text("确定结束该事件？", "End this incident?"),
        ),
    ),
)


def graded(dead_or_missing: int, seriously_injured: int, loss_yuan: float) -> IncidentGrade | None:
    """The grade of a work accident by its gravest figure; None while nothing reaches the lowest.

    State Council order 493 (2007), article 3; “以上” includes the number. The order counts deaths; the missing
    count with them here as in the emergency plans' own ladders, so that a grade never waits for a body.

    >>> graded(3, 0, 0.0).value, graded(2, 0, 0.0).value, graded(0, 0, 0.0)
    ('relatively_serious', 'ordinary', None)
    """
    for grade, deaths, injuries, loss in _LADDER:
        if dead_or_missing >= deaths or seriously_injured >= injuries or loss_yuan >= loss:
            return grade
    return None


_LADDER = (
    (IncidentGrade.EXTREMELY_SERIOUS, 30, 100, 100e6),
    (IncidentGrade.SERIOUS, 10, 50, 50e6),
    (IncidentGrade.RELATIVELY_SERIOUS, 3, 10, 10e6),
    (IncidentGrade.ORDINARY, 1, 1, 1.0),
)
"""Sure (order 493): figures of the ladder itself; order 493 counts deaths, not the missing."""
