"""Incidents on the generic screens, the action on the alarm desk, and their map layers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from ninja import Schema

from anlan.domains.command.incidents import permissions
from anlan.domains.command.incidents.queries import incident_of_alarm
from anlan.domains.command.incidents.services import (
    add_note,
    begin_handling,
    end_incident,
    open_from_alarm,
    open_incident,
    update_facts,
)
from anlan.domains.command.incidents.states import (
    INCIDENT_WORKFLOW,
    OPEN,
    READ,
    EntryKind,
    IncidentKind,
    IncidentState,
    OpenForm,
)
from anlan.domains.monitoring.alarms.states import AlarmState
from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.levels import IncidentGrade
from anlan.kernel.text import Text
from anlan.platform.resources import (
    Column,
    Filter,
    Group,
    Related,
    Resource,
    add_action,
    labelled,
    register,
)
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC
from anlan.platform.workflow import Transition

GROUP = Text("指挥决策", "Command")


class IncidentOut(Schema):
    """An incident as a row."""

    id: UUID
    number: str
    title: str
    kind: IncidentKind
    state: IncidentState
    grade: IncidentGrade | None
    occurred_at: datetime
    opened_at: datetime
    opened_by: str = labelled("接报人", "Opened by")
    ended_at: datetime | None
    thread: UUID
    timeline: UUID | None
    alarm_id: UUID | None
    enterprise_id: UUID | None
    enterprise_name: str
    hazard_id: UUID | None
    substance: str = labelled("物质", "Substance")
    cas: str = labelled("CAS 号", "CAS number")
    place_note: str = labelled("地点", "Place")
    lon: float = labelled("经度", "Longitude", unit="°")
    lat: float = labelled("纬度", "Latitude", unit="°")
    dead: int = labelled("死亡", "Dead", unit="人")
    missing: int = labelled("失踪", "Missing", unit="人")
    seriously_injured: int = labelled("重伤", "Seriously injured", unit="人")
    lightly_injured: int = labelled("轻伤", "Lightly injured", unit="人")
    trapped: int = labelled("被困", "Trapped", unit="人")
    loss_yuan: float = labelled("直接经济损失", "Direct loss", unit="元")
    run: UUID | None
    people_run: UUID | None
    region: str
    zone: str | None
    exercise: bool
    synthetic: bool
    version: int

    @staticmethod
    def resolve_grade(row: object) -> str | None:
        """The grade, once figures reach one."""
        return getattr(row, "grade", None) or None

    @staticmethod
    def resolve_lon(row: object) -> float:
        """Degrees east of the place."""
        return float(row.geometry.x)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_lat(row: object) -> float:
        """Degrees north of the place."""
        return float(row.geometry.y)  # type: ignore[attr-defined]


class EntryOut(Schema):
    """One entry of a time line."""

    id: UUID
    incident_id: UUID
    kind: EntryKind
    at: datetime
    recorded_at: datetime
    actor: str
    note: str
    run: UUID | None
    facts: dict[str, Any]
    region: str


class IncidentDetail(IncidentOut):
    """An incident with its time line, oldest entry first."""

    entries: list[EntryOut]

    @staticmethod
    def resolve_entries(incident: Any) -> "QuerySet[Any]":
        """The entries of the time line."""
        entries: QuerySet[Any] = incident.entries.all()
        return entries


class IncidentForm(Schema):
    """What a reported incident needs."""

    kind: IncidentKind = labelled("事件类型", "Kind")
    title: str = labelled("标题", "Title", min_length=2, max_length=200)
    lon: float = labelled("经度（WGS-84）", "Longitude (WGS-84)", unit="°", ge=-180, le=180)
    lat: float = labelled("纬度（WGS-84）", "Latitude (WGS-84)", unit="°", ge=-85, le=85)
    region: str | None = labelled("行政区划", "Region", default=None, widget="region")
    cas: str = labelled("物质 CAS 号", "Substance (CAS number)", default="", max_length=12)
    note: str = labelled("情况说明", "What is known", default="", max_length=500, widget="textarea")


def register_all() -> None:
    """Declare permissions, resources, and what can be done with an alarm."""
    permissions.register_all()
    register(_incidents())
    register(_entries())
    add_action("alarm", _opening(), open_from_alarm)


def _opening() -> Transition:
    """接报立案, on the alarm desk."""
    return Transition(
        event="open_incident",
        source=frozenset({AlarmState.RAISED, AlarmState.CONFIRMED, AlarmState.HANDLING}),
        target=None,
        label=Text("接报立案", "Open incident"),
        permission=OPEN,
        guard=_has_none,
        form=OpenForm,
    )


def _has_none(alarm: Any) -> Problem | None:
    standing = incident_of_alarm(alarm.id)
    if standing is None:
        return None
    return Conflict(
        Text(f"该报警已立案：{standing.number}", f"This alarm has its incident: {standing.number}"),
        facts={"incident": str(standing.id), "number": standing.number},
    )


def _incidents() -> Resource:
    from anlan.domains.command.incidents.models import Incident

    return Resource(
        name="incident",
        plural="incidents",
        title=Text("事件", "Incidents"),
        model=Incident,
        queryset=lambda: Incident.objects.prefetch_related("entries"),
        out=IncidentOut,
        detail=IncidentDetail,
        icon="incident",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=OPEN,
        order=("-opened_at", "id"),
        columns=(
            Column("number", Text("编号", "Number"), width=170, sortable=True),
            Column("title", Text("标题", "Title")),
            Column("kind", Text("类型", "Kind"), kind="enum", enum=IncidentKind, width=140),
            Column("state", Text("状态", "State"), kind="enum", enum=IncidentState, width=100),
            Column("grade", Text("等级", "Grade"), kind="enum", enum=IncidentGrade, width=100),
            Column("occurred_at", Text("发生时间", "Occurred"), kind="time", width=170, sortable=True),
            Column("opened_at", Text("接报时间", "Opened"), kind="time", width=170, sortable=True),
            Column("ended_at", Text("结束时间", "Ended"), kind="time", width=170),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            SORTED_REGION,
            Column("exercise", Text("演练", "Exercise"), kind="bool", width=80),
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=IncidentState),
            Filter("kind", Text("类型", "Kind"), kind="enum", enum=IncidentKind),
            REGION_FILTER,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
            Filter("opened_at", Text("接报时间", "Opened"), kind="time"),
            Filter("exercise", Text("演练", "Exercise"), kind="bool"),
        ),
        search=("number", "title", "enterprise_name", "substance"),
        detail_groups=(
            Group(Text("事件", "Incident"), ("number", "title", "kind", "state", "grade")),
            Group(Text("时间", "Times"), ("occurred_at", "opened_at", "ended_at", "opened_by")),
            Group(Text("地点", "Place"), ("enterprise_name", "place_note", "region", "lon", "lat")),
            Group(Text("物质", "Substance"), ("substance", "cas")),
            Group(
                Text("伤亡与损失", "Casualties and loss"),
                ("dead", "missing", "seriously_injured", "lightly_injured", "trapped", "loss_yuan"),
            ),
        ),
        related=(
            Related("incident_entry", "incident_id", Text("时间线", "Time line")),
            Related("run", "subject_id", Text("计算记录", "Runs")),
            Related("deadline", "subject_id", Text("时限", "Deadlines")),
        ),
        form=IncidentForm,
        create=open_incident,
        actions=INCIDENT_WORKFLOW,
        handlers={
            "handle": begin_handling,
            "facts": update_facts,
            "note": add_note,
            "end": end_incident,
        },
    )


def _entries() -> Resource:
    from anlan.domains.command.incidents.models import Entry

    return Resource(
        name="incident_entry",
        plural="incident-entries",
        title=Text("事件时间线", "Time lines of incidents"),
        model=Entry,
        out=EntryOut,
        group=GROUP,
        read_permission=READ,
        order=("-recorded_at", "id"),
        columns=(
            Column("at", Text("时间", "At"), kind="time", width=170, sortable=True),
            Column("kind", Text("内容", "Entry"), kind="enum", enum=EntryKind, width=110),
            Column("actor", Text("人员", "By"), width=140),
            Column("note", Text("说明", "Note")),
            SORTED_REGION,
        ),
        filters=(
            Filter("incident_id", Text("事件", "Incident"), kind="link", link="incident"),
            Filter("kind", Text("内容", "Entry"), kind="enum", enum=EntryKind),
            REGION_FILTER,
        ),
        search=("note", "actor"),
    )
