"""Slopes and ponds on the generic screens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from ninja import Schema

from anlan.domains.monitoring.structures import permissions, services
from anlan.domains.monitoring.structures.states import Outcome, PondItem, StructureKind
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC
from anlan.platform.workflow import Transition, Workflow

GROUP = Text("边坡与尾矿库", "Slopes and ponds")
LEVEL = Column("level", Text("预警级别", "Level"), kind="level", enum=WarningLevel, width=110, sortable=True)
STRUCTURE = Column(
    "structure_name", Text("边坡或尾矿库", "Structure"), kind="link", link="structure", link_id="structure_id"
)

STRUCTURE_WORKFLOW = Workflow(
    Outcome,
    (
        Transition(
            event="judge",
            source=frozenset(Outcome),
            target=None,
            label=Text("立即研判", "Judge now"),
            permission=permissions.JUDGE,
        ),
    ),
    field="outcome",
)


class Levelled(Schema):
    """A row with the colour of its last judgement."""

    level: WarningLevel | None
    judged_at: datetime | None

    @staticmethod
    def resolve_level(row: Any) -> str | None:
        """The colour, once something was reached."""
        return row.level or None


class StructureOut(Levelled):
    """A structure as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    kind: StructureKind
    code: str = labelled("编号", "Code")
    name: str
    height_m: float | None = labelled("高度", "Height", unit="m")
    outcome: Outcome
    failure_at: datetime | None
    failure_early_at: datetime | None = labelled("最早", "At the earliest")
    failure_late_at: datetime | None = labelled("最晚", "At the latest")
    run: UUID | None
    region: str
    zone: str | None = labelled("功能区", "Functional zone", widget="zone")
    synthetic: bool
    version: int


class StructureForm(Schema):
    """What recording a structure needs."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    kind: StructureKind = labelled("类型", "Kind")
    code: str = labelled("编号", "Code", min_length=1, max_length=40)
    name: str = labelled("名称", "Name", min_length=2, max_length=120)
    height_m: float | None = labelled("高度", "Height", default=None, unit="m", gt=0, le=2_000)


class PartOut(Levelled):
    """What stations and points of ponds have in common."""

    id: UUID
    structure_id: UUID
    structure_name: str
    blue: float | None
    yellow: float | None
    orange: float | None
    red: float | None
    filed_in: str = labelled("报备文件", "Filed in")
    region: str
    version: int

    @staticmethod
    def resolve_structure_name(row: Any) -> str:
        """Which structure it belongs to."""
        return str(row.structure.name)


class StationOut(PartOut):
    """A station of a slope."""

    name: str
    position_sd_mm: float = labelled("定位误差", "Standard deviation", unit="mm")
    displacement_mm: float | None
    velocity_mm_d: float | None
    tangent_angle_deg: float | None


class PondPointOut(PartOut):
    """A point of a pond."""

    item: PondItem
    point_id: UUID
    point_label: str
    unit: str
    value: float | None


class ScaleForm(Schema):
    """The filed values."""

    blue: float | None = labelled("蓝色阈值", "Blue", default=None)
    yellow: float | None = labelled("黄色阈值", "Yellow", default=None)
    orange: float | None = labelled("橙色阈值", "Orange", default=None)
    red: float | None = labelled("红色阈值", "Red", default=None)
    filed_in: str = labelled("报备文件", "Filed in", default="", max_length=200)


class StationForm(ScaleForm):
    """What recording a station needs; the filed values are velocities in mm/d."""

    structure_id: UUID = labelled("边坡", "Slope", link="structure")
    name: str = labelled("测站", "Station", min_length=1, max_length=80)
    east_id: UUID = labelled("东向位移测点", "East", link="point")
    north_id: UUID = labelled("北向位移测点", "North", link="point")
    up_id: UUID = labelled("垂直位移测点", "Up", link="point")
    position_sd_mm: float = labelled("定位误差", "Standard deviation", default=3.0, unit="mm", ge=0.1, le=50)


class PondPointForm(ScaleForm):
    """What recording a point of a pond needs; the filed values are in its unit."""

    structure_id: UUID = labelled("尾矿库", "Pond", link="structure")
    item: PondItem = labelled("监测项目", "Item")
    point_id: UUID = labelled("监测点", "Point", link="point")


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    for resource in (_structures(), _stations(), _pond_points()):
        register(resource)


def _structures() -> Resource:
    from anlan.domains.monitoring.structures.models import Structure

    return Resource(
        name="structure",
        plural="structures",
        title=Text("边坡与尾矿库", "Slopes and ponds"),
        model=Structure,
        out=StructureOut,
        icon="hazard",
        group=GROUP,
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("enterprise_name", "code"),
        columns=(
            LEVEL,
            Column("name", Text("名称", "Name"), sortable=True),
            Column("kind", Text("类型", "Kind"), kind="enum", enum=StructureKind, width=140),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            Column("outcome", Text("研判", "Judgement"), kind="enum", enum=Outcome, width=110),
            Column("judged_at", Text("研判时间", "Judged"), kind="time", width=170, sortable=True),
            Column("failure_at", Text("外推破坏时间", "Extrapolated failure"), kind="time", width=170),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("level", Text("预警级别", "Level"), kind="enum", enum=WarningLevel),
            Filter("kind", Text("类型", "Kind"), kind="enum", enum=StructureKind),
            REGION_FILTER,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
        ),
        search=("name", "code", "enterprise_name"),
        detail_groups=(
            Group(
                Text("对象", "Structure"), ("name", "code", "kind", "enterprise_name", "height_m", "region")
            ),
            Group(Text("研判", "Judgement"), ("level", "outcome", "judged_at")),
            Group(
                Text("外推破坏时间", "Extrapolated failure"),
                ("failure_at", "failure_early_at", "failure_late_at"),
            ),
        ),
        related=(
            Related("slope_station", "structure_id", Text("测站", "Stations")),
            Related("pond_point", "structure_id", Text("测点", "Points")),
            Related("run", "subject_id", Text("计算记录", "Runs")),
        ),
        form=StructureForm,
        create=services.create_structure,
        actions=STRUCTURE_WORKFLOW,
        handlers={"judge": services.judge_structure},
    )


def _stations() -> Resource:
    from anlan.domains.monitoring.structures.models import SlopeStation

    def rows() -> "QuerySet[SlopeStation]":
        return SlopeStation.objects.select_related("structure")

    return Resource(
        name="slope_station",
        plural="slope-stations",
        title=Text("边坡测站", "Stations of slopes"),
        model=SlopeStation,
        queryset=rows,
        out=StationOut,
        icon="point",
        group=GROUP,
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("structure__name", "name"),
        columns=(
            LEVEL,
            Column("name", Text("测站", "Station"), sortable=True),
            STRUCTURE,
            Column("displacement_mm", Text("累计位移", "Displacement"), kind="number", unit="mm", width=110),
            Column("velocity_mm_d", Text("速度", "Velocity"), kind="number", unit="mm/d", width=110),
            Column("tangent_angle_deg", Text("切线角", "Tangent angle"), kind="number", unit="°", width=100),
            *_filed("mm/d"),
            Column("judged_at", Text("研判时间", "Judged"), kind="time", width=170),
            SORTED_REGION,
        ),
        filters=(
            Filter("structure_id", Text("边坡", "Slope"), kind="link", link="structure"),
            Filter("level", Text("预警级别", "Level"), kind="enum", enum=WarningLevel),
            REGION_FILTER,
        ),
        search=("name", "structure__name"),
        related=(Related("run", "subject_id", Text("计算记录", "Runs")),),
        form=StationForm,
        edit_form=ScaleForm,
        create=services.add_slope_station,
        update=services.file_station_scale,
    )


def _pond_points() -> Resource:
    from anlan.domains.monitoring.structures.models import PondPoint

    def rows() -> "QuerySet[PondPoint]":
        return PondPoint.objects.select_related("structure")

    return Resource(
        name="pond_point",
        plural="pond-points",
        title=Text("尾矿库测点", "Points of ponds"),
        model=PondPoint,
        queryset=rows,
        out=PondPointOut,
        icon="point",
        group=GROUP,
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("structure__name", "item", "point_label"),
        columns=(
            LEVEL,
            Column("item", Text("监测项目", "Item"), kind="enum", enum=PondItem, width=120, sortable=True),
            Column("point_label", Text("监测点", "Point"), kind="link", link="point", link_id="point_id"),
            STRUCTURE,
            Column("value", Text("研判所用值", "Value judged"), kind="number", width=110),
            Column("unit", Text("单位", "Unit"), width=80),
            *_filed(None),
            Column("judged_at", Text("研判时间", "Judged"), kind="time", width=170),
            SORTED_REGION,
        ),
        filters=(
            Filter("structure_id", Text("尾矿库", "Pond"), kind="link", link="structure"),
            Filter("item", Text("监测项目", "Item"), kind="enum", enum=PondItem),
            Filter("level", Text("预警级别", "Level"), kind="enum", enum=WarningLevel),
            REGION_FILTER,
        ),
        search=("point_label", "structure__name"),
        form=PondPointForm,
        edit_form=ScaleForm,
        create=services.add_pond_point,
        update=services.file_pond_scale,
    )


def _filed(unit: str | None) -> tuple[Column, ...]:
    """The four filed values, in *unit* where it is the same for all rows."""
    return tuple(
        Column(name, title, kind="number", unit=unit, width=80)
        for name, title in (
            ("blue", Text("蓝", "Blue")),
            ("yellow", Text("黄", "Yellow")),
            ("orange", Text("橙", "Orange")),
            ("red", Text("红", "Red")),
        )
    )
