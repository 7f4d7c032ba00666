"""Points on the generic screens, each with its newest reading."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from ninja import Schema

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.resource.common import ENTERPRISE, ENTERPRISE_FILTER
from anlan.domains.monitoring.points.services import create_point, update_point
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


class PointOut(Schema):
    """A point as a row: what it measures and the newest reading, null before the first one.

    ``latest_quality`` is a code of the kernel's quality table, ``latest_at``
    event time and ``latest_arrived_at`` the live clock at the door.
    """

    id: UUID
    number: int
    tag: str
    name: str
    unit: str
    kind: PointKind
    latest_value: float | None
    latest_at: datetime | None
    latest_arrived_at: datetime | None
    latest_quality: int | None
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    gateway_id: UUID
    gateway_source: str
    region: str
    zone: str | None
    enabled: bool
    simulated: bool
    synthetic: bool
    version: int


class PointDetail(PointOut):
    """A point with its range, times and origin."""

    range_low: float | None = labelled("量程下限", "Range from")
    range_high: float | None = labelled("量程上限", "Range to")
    lon: float | None = labelled("经度（WGS-84）", "Longitude (WGS-84)", unit="°")
    lat: float | None = labelled("纬度（WGS-84）", "Latitude (WGS-84)", unit="°")
    sampling_s: float = labelled("采样间隔", "Sampling interval", unit="s")
    stale_after_s: float = labelled("失效时长", "Stale after", unit="s")
    source: str = labelled("数据来源", "Source of the data")
    timeline: UUID | None
    exercise: bool


class PointEdit(Schema):
    """What may be changed later."""

    name: str = labelled("名称", "Name", min_length=1, max_length=120)
    range_low: float | None = labelled("量程下限", "Range from", default=None)
    range_high: float | None = labelled("量程上限", "Range to", default=None)
    sampling_s: float = labelled("采样间隔", "Sampling interval", unit="s", gt=0)
    stale_after_s: float | None = labelled(
        "失效时长",
        "Stale after",
        default=None,
        unit="s",
        gt=0,
        help=Text("留空为采样间隔的五倍", "Five sampling intervals when left empty"),
    )
    lon: float | None = labelled(
        "经度（WGS-84）", "Longitude (WGS-84)", unit="°", default=None, ge=-180, le=180
    )
    lat: float | None = labelled("纬度（WGS-84）", "Latitude (WGS-84)", unit="°", default=None, ge=-90, le=90)
    source: str = labelled("数据来源", "Source of the data", default="", max_length=300)


class PointChange(PointEdit):
    """What may be changed of a recorded point."""

    stale_after_s: float = labelled("失效时长", "Stale after", unit="s", gt=0)
    enabled: bool = labelled("启用", "In use", default=True)


class PointForm(PointEdit):
    """What recording a point needs."""

    gateway_id: UUID = labelled("网关", "Gateway", link="gateway")
    tag: str = labelled("位号", "Tag", min_length=1, max_length=80)
    kind: PointKind = labelled("监测类型", "Kind")
    unit: str = labelled("计量单位", "Unit", widget="unit", max_length=16)
    process_unit_id: UUID | None = labelled("工艺单元", "Process unit", default=None, link="process_unit")


def point_rows() -> "QuerySet[Any]":
    """All visible points with the newest reading and the gateway beside each."""
    from anlan.domains.monitoring.points.models import LatestValue, Point

    latest = LatestValue.objects.filter(point_number=OuterRef("number"))
    return Point.objects.annotate(
        latest_value=Subquery(latest.values("value")),
        latest_at=Subquery(latest.values("event_at")),
        latest_arrived_at=Subquery(latest.values("arrived_at")),
        latest_quality=Subquery(latest.values("quality")),
        gateway_source=F("gateway__source"),
        timeline=F("gateway__timeline"),
        exercise=F("gateway__exercise"),
    )


def point_resource() -> Resource:
    """The resource ``point``."""
    from anlan.domains.monitoring.points.models import Point

    return Resource(
        name="point",
        plural="points",
        title=Text("监测点", "Points"),
        model=Point,
        queryset=point_rows,
        out=PointOut,
        detail=PointDetail,
        icon="point",
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("number",),
        columns=(
            Column("tag", Text("位号", "Tag"), width=150, sortable=True),
            Column("name", Text("名称", "Name"), sortable=True),
            Column("latest_value", Text("最新值", "Latest value"), kind="number", width=110),
            Column("unit", Text("单位", "Unit"), width=80),
            Column(
                "latest_at", Text("数据时间", "Time of the reading"), kind="time", width=170, sortable=True
            ),
            Column("kind", Text("监测类型", "Kind"), kind="enum", enum=PointKind, width=110),
            ENTERPRISE,
            Column("process_unit_name", Text("工艺单元", "Process unit"), width=150),
            REGION,
            Column("enabled", Text("启用", "In use"), kind="bool", width=80),
            Column("simulated", Text("模拟器数据", "Simulator’s output"), kind="bool", width=110),
            SYNTHETIC,
        ),
        filters=(
            ENTERPRISE_FILTER,
            Filter("process_unit_id", Text("工艺单元", "Process unit"), kind="link", link="process_unit"),
            Filter("gateway_id", Text("网关", "Gateway"), kind="link", link="gateway"),
            Filter("kind", Text("监测类型", "Kind"), kind="enum", enum=PointKind),
            REGION_FILTER,
            Filter("enabled", Text("启用", "In use"), kind="bool"),
        ),
        search=("tag", "name", "enterprise_name"),
        detail_groups=(
            Group(Text("监测", "Measurement"), ("tag", "name", "kind", "unit", "range_low", "range_high")),
            Group(
                Text("归属", "Belongs to"), ("enterprise_name", "process_unit_name", "region", "lon", "lat")
            ),
            Group(
                Text("数据说明", "About the data"),
                ("sampling_s", "stale_after_s", "source", "simulated", "synthetic", "enabled"),
            ),
        ),
        related=(
            Related("limit", "point_id", Text("报警限值", "Limits")),
            Related("alarm", "point_id", Text("报警", "Alarms")),
        ),
        form=PointForm,
        edit_form=PointChange,
        create=create_point,
        update=update_point,
    )
