"""Major hazards, what they hold, stock movements and sites on the generic screens."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.hazards import permissions
from anlan.domains.monitoring.hazards.services import move_stock, update_hazard
from anlan.domains.monitoring.hazards.states import HazardLevel, MovementKind, SiteKind
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC

GROUP = Text("重大危险源", "Major hazards")


class MajorHazardOut(Schema):
    """A unit as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    code: str
    name: str
    kind: ProcessUnitKind
    level: HazardLevel
    s: float | None
    r: float | None
    live_level: HazardLevel
    live_s: float | None = labelled("S（现有存量）", "S (stock of now)")
    live_r: float | None = labelled("R（现有存量）", "R (stock of now)")
    alpha: float | None = labelled("校正系数 α", "Correction α")
    exposed_persons: int = labelled("厂界外 500 m 常住人口", "Residents within 500 m", unit="人")
    principal: str = labelled("主要负责人", "Principal")
    technical_lead: str = labelled("技术负责人", "Technical lead")
    operations_lead: str = labelled("操作负责人", "Operations lead")
    run: UUID | None
    live_run: UUID | None
    graded_at: datetime | None
    lon: float = labelled("经度", "Longitude", unit="°")
    lat: float = labelled("纬度", "Latitude", unit="°")
    region: str
    zone: str | None = labelled("功能区", "Functional zone", widget="zone")
    synthetic: bool
    source: str = labelled("数据来源", "Source of the record")
    version: int

    @staticmethod
    def resolve_lon(row: object) -> float:
        """Degrees east of the unit."""
        return float(row.geometry.x)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_lat(row: object) -> float:
        """Degrees north of the unit."""
        return float(row.geometry.y)  # type: ignore[attr-defined]


class MajorHazardEdit(Schema):
    """What may be changed later."""

    name: str = labelled("名称", "Name", min_length=2, max_length=120)
    exposed_persons: int = labelled("厂界外 500 m 常住人口", "Residents within 500 m", ge=0, le=1_000_000)
    principal: str = labelled("主要负责人", "Principal", default="", max_length=40)
    technical_lead: str = labelled("技术负责人", "Technical lead", default="", max_length=40)
    operations_lead: str = labelled("操作负责人", "Operations lead", default="", max_length=40)


class HoldingOut(Schema):
    """A substance of a unit."""

    id: UUID
    hazard_id: UUID
    hazard_name: str
    equipment: str
    substance: str
    cas: str
    row: str = labelled("表 1 序号", "Row of table 1")
    hazard_class: str = labelled("危险性类别", "Hazard class")
    design_max_t: float
    stock_t: float
    region: str
    synthetic: bool

    @staticmethod
    def resolve_hazard_name(row: object) -> str:
        """The name of the unit."""
        return str(row.hazard.name)  # type: ignore[attr-defined]


class StockMovementOut(Schema):
    """One movement of stock."""

    id: UUID
    holding_id: UUID
    equipment: str
    substance: str
    kind: MovementKind
    quantity_t: float
    stock_t: float
    at: datetime
    actor: str
    note: str
    region: str
    synthetic: bool

    @staticmethod
    def resolve_equipment(row: object) -> str:
        """Into or out of which tank or store."""
        return str(row.holding.equipment)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_substance(row: object) -> str:
        """What moved."""
        return str(row.holding.substance)  # type: ignore[attr-defined]


class StockMovementForm(Schema):
    """What recording a movement needs."""

    holding_id: UUID = labelled("物质与设备", "Substance and tank", link="holding")
    kind: MovementKind = labelled("类型", "Kind")
    quantity_t: float = labelled(
        "数量",
        "Quantity",
        unit="t",
        ge=0,
        help=Text("盘点更正时填写盘点所得存量", "For a stocktaking, the stock that was found"),
    )
    note: str = labelled("说明", "Note", default="", max_length=200)


class SiteOut(Schema):
    """A protected site or a helping one."""

    id: UUID
    code: str
    name: str
    kind: SiteKind
    persons: int | None
    lon: float = labelled("经度", "Longitude", unit="°")
    lat: float = labelled("纬度", "Latitude", unit="°")
    contact: str = labelled("联系人", "Contact")
    region: str
    synthetic: bool
    source: str = labelled("数据来源", "Source of the record")

    @staticmethod
    def resolve_lon(row: object) -> float:
        """Degrees east of the site."""
        return float(row.geometry.x)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_lat(row: object) -> float:
        """Degrees north of the site."""
        return float(row.geometry.y)  # type: ignore[attr-defined]


def register_all() -> None:
    """Declare permissions and resources of this app."""
    permissions.register_all()
    for resource in (_hazards(), _holdings(), _movements(), _sites()):
        register(resource)


def _hazards() -> Resource:
    from anlan.domains.monitoring.hazards.models import MajorHazard

    return Resource(
        name="major_hazard",
        plural="major-hazards",
        title=Text("重大危险源", "Major hazards"),
        model=MajorHazard,
        out=MajorHazardOut,
        icon="hazard",
        group=GROUP,
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.WRITE,
        order=("level", "enterprise_name", "code"),
        columns=(
            Column("level", Text("级别", "Level"), kind="enum", enum=HazardLevel, width=130, sortable=True),
            Column("name", Text("名称", "Name"), sortable=True),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            Column("kind", Text("单元类型", "Kind"), kind="enum", enum=ProcessUnitKind, width=110),
            Column("s", Text("辨识指标 S", "S"), kind="number", width=90, sortable=True),
            Column("r", Text("分级指标 R", "R"), kind="number", width=90, sortable=True),
            Column(
                "live_level", Text("按现有存量", "By stock of now"), kind="enum", enum=HazardLevel, width=130
            ),
            SORTED_REGION,
            Column("graded_at", Text("计算时间", "Graded"), kind="time", width=170),
            SYNTHETIC,
        ),
        filters=(
            Filter("level", Text("级别", "Level"), kind="enum", enum=HazardLevel),
            REGION_FILTER,
            Filter("kind", Text("单元类型", "Kind"), kind="enum", enum=ProcessUnitKind),
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
        ),
        search=("name", "code", "enterprise_name"),
        detail_groups=(
            Group(Text("危险源", "Unit"), ("name", "enterprise_name", "kind", "level", "s", "r", "alpha")),
            Group(Text("现有存量", "Stock of now"), ("live_level", "live_s", "live_r", "graded_at")),
            Group(
                Text("包保责任人", "Responsible persons"), ("principal", "technical_lead", "operations_lead")
            ),
            Group(
                Text("位置与暴露", "Place and exposure"), ("region", "zone", "lon", "lat", "exposed_persons")
            ),
            Group(Text("数据说明", "About the record"), ("synthetic", "source")),
        ),
        related=(
            Related("holding", "hazard_id", Text("物质与设备", "Substances")),
            Related("run", "subject_id", Text("计算记录", "Runs")),
        ),
        form=MajorHazardEdit,
        edit_form=MajorHazardEdit,
        update=update_hazard,
    )


def _holdings() -> Resource:
    from anlan.domains.monitoring.hazards.models import Holding

    return Resource(
        name="holding",
        plural="holdings",
        title=Text("物质与设备", "Substances of units"),
        model=Holding,
        queryset=lambda: Holding.objects.select_related("hazard"),
        out=HoldingOut,
        icon="tank",
        group=GROUP,
        synthetic="synthetic",
        read_permission=permissions.READ,
        order=("hazard__name", "equipment"),
        columns=(
            Column("equipment", Text("设备或库房", "Equipment"), width=140),
            Column("substance", Text("物质", "Substance")),
            Column("cas", Text("CAS 号", "CAS number"), width=120),
            Column("design_max_t", Text("设计最大量", "Design maximum"), kind="number", unit="t", width=130),
            Column("stock_t", Text("现有存量", "Stock"), kind="number", unit="t", width=110),
            Column(
                "hazard_name", Text("危险源", "Unit"), kind="link", link="major_hazard", link_id="hazard_id"
            ),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("hazard_id", Text("危险源", "Unit"), kind="link", link="major_hazard"),
            REGION_FILTER,
        ),
        search=("substance", "cas", "equipment"),
        related=(Related("stock_movement", "holding_id", Text("出入库", "Movements")),),
    )


def _movements() -> Resource:
    from django.db.models import F

    from anlan.domains.monitoring.hazards.models import StockMovement

    return Resource(
        name="stock_movement",
        plural="stock-movements",
        title=Text("出入库记录", "Stock movements"),
        model=StockMovement,
        # a movement is as real as the tank that it fills
        queryset=lambda: StockMovement.objects.select_related("holding").annotate(
            synthetic=F("holding__synthetic")
        ),
        out=StockMovementOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.MOVE_STOCK,
        order=("-at", "id"),
        columns=(
            Column("at", Text("时间", "At"), kind="time", width=170, sortable=True),
            Column("substance", Text("物质", "Substance")),
            Column("equipment", Text("设备或库房", "Equipment"), width=140),
            Column("kind", Text("类型", "Kind"), kind="enum", enum=MovementKind, width=110),
            Column("quantity_t", Text("数量", "Quantity"), kind="number", unit="t", width=110),
            Column("stock_t", Text("结存", "Stock after"), kind="number", unit="t", width=110),
            Column("actor", Text("经办人", "By"), width=120),
            Column("note", Text("说明", "Note")),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("holding_id", Text("物质", "Substance"), kind="link", link="holding"),
            Filter(
                "hazard_id",
                Text("危险源", "Unit"),
                kind="link",
                link="major_hazard",
                path="holding__hazard_id",
            ),
            REGION_FILTER,
            Filter("at", Text("时间", "At"), kind="time"),
        ),
        form=StockMovementForm,
        create=move_stock,
    )


def _sites() -> Resource:
    from anlan.domains.monitoring.hazards.models import Site

    return Resource(
        name="site",
        plural="sites",
        title=Text("防护目标与救援资源", "Protected sites and resources"),
        model=Site,
        out=SiteOut,
        icon="site",
        group=GROUP,
        synthetic="synthetic",
        read_permission=permissions.SITES_READ,
        order=("kind", "name"),
        columns=(
            Column("name", Text("名称", "Name"), sortable=True),
            Column("kind", Text("类型", "Kind"), kind="enum", enum=SiteKind, width=140),
            Column("persons", Text("人数", "Persons"), kind="number", width=100, sortable=True),
            SORTED_REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("kind", Text("类型", "Kind"), kind="enum", enum=SiteKind),
            REGION_FILTER,
        ),
        search=("name", "code"),
        detail_groups=(
            Group(Text("基本信息", "Basics"), ("name", "kind", "persons", "contact")),
            Group(Text("位置", "Place"), ("region", "lon", "lat")),
            Group(Text("数据说明", "About the record"), ("synthetic", "source")),
        ),
    )
