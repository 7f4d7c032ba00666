"""Structures, their stations and points, and the values that the mine has filed for them."""

from collections.abc import Mapping
from itertools import pairwise
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, insert_once, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.queries import find_point
from anlan.domains.monitoring.structures.contracts import FiledScale, PartView, StructureView
from anlan.domains.monitoring.structures.models import PondPoint, Scale, SlopeStation, Structure
from anlan.domains.monitoring.structures.permissions import READ, WRITE
from anlan.domains.monitoring.structures.queries import structure_view
from anlan.domains.monitoring.structures.states import PondItem, StructureKind
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.platform.commands import decide_there, service

TOPIC = "structure"
COLOURS = ("blue", "yellow", "orange", "red")


@service("structures.create", permission=WRITE)
def create_structure(
    *, enterprise_id: UUID, kind: StructureKind, code: str, name: str, height_m: float | None = None
) -> StructureView:
    """Record a slope or a pond at the place of its enterprise."""
    enterprise = find_enterprise(enterprise_id)
    decide_there(WRITE, enterprise.region, enterprise.zone)
    if height_m is not None and not height_m > 0:
        raise refuse_field("height_m", "高度须为正数", "The height must be positive")
    structure = Structure(
        id=new_id(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        kind=StructureKind(kind).value,
        code=require_text("code", code),
        name=require_text("name", name, 2),
        height_m=height_m,
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    insert_once(
        structure, "code", Text("该企业已有同编号的边坡或尾矿库", "The enterprise has one of this code")
    )
    announce(TOPIC, structure, READ)
    return structure_view(structure)


@service("structures.add_station", permission=WRITE)
def add_slope_station(
    *,
    structure_id: UUID,
    name: str,
    east_id: UUID,
    north_id: UUID,
    up_id: UUID,
    position_sd_mm: float = 3.0,
    blue: float | None = None,
    yellow: float | None = None,
    orange: float | None = None,
    red: float | None = None,
    filed_in: str = "",
) -> PartView:
    """Record a GNSS station of a slope; the filed velocities are in mm/d.

    Raises `Invalid` for points that are no displacements of this enterprise, or one of them twice.
    """
    structure = _of_kind(structure_id, StructureKind.PIT_SLOPE)
    for field, point_id in (("east_id", east_id), ("north_id", north_id), ("up_id", up_id)):
        point = _own_point(field, point_id, structure)
        if UNITS[point.unit].dimension != "length":
            raise refuse_field(field, "位移测点的单位须为长度", "A displacement is measured as a length")
    if len({east_id, north_id, up_id}) < 3:
        raise refuse_field("up_id", "三个方向须为不同测点", "The three directions need points of their own")
    if not 0.1 <= position_sd_mm <= 50:
        raise refuse_field("position_sd_mm", "定位误差应在 0.1–50 mm", "Between 0.1 and 50 mm")
    scale = _checked(FiledScale(blue, yellow, orange, red, filed_in.strip()))
    if scale.by_level() and min(scale.by_level().values()) <= 0:
        raise refuse_field("blue", "速度阈值须为正数", "Velocities must be positive")
    station = SlopeStation(
        id=new_id(),
        structure=structure,
        name=require_text("name", name),
        east_id=east_id,
        north_id=north_id,
        up_id=up_id,
        position_sd_mm=position_sd_mm,
        region=structure.region,
        zone=structure.zone,
        **vars(scale),
    )
    insert_once(station, "name", Text("该边坡已有同名测站", "The slope has a station of this name"))
    return _told(structure, station)


@service("structures.add_pond_point", permission=WRITE)
def add_pond_point(
    *,
    structure_id: UUID,
    item: PondItem,
    point_id: UUID,
    blue: float | None = None,
    yellow: float | None = None,
    orange: float | None = None,
    red: float | None = None,
    filed_in: str = "",
) -> PartView:
    """Record a point of a pond; the filed values are in its unit and rise, or fall, from blue to red."""
    structure = _of_kind(structure_id, StructureKind.TAILINGS_POND)
    point = _own_point("point_id", point_id, structure)
    scale = _checked(FiledScale(blue, yellow, orange, red, filed_in.strip()))
    part = PondPoint(
        id=new_id(),
        structure=structure,
        item=PondItem(item).value,
        point_id=point.id,
        point_label=f"{point.tag} {point.name}",
        unit=point.unit,
        region=structure.region,
        zone=structure.zone,
        **vars(scale),
    )
    insert_once(part, "point_id", Text("该测点已登记在此尾矿库", "The pond has this point"))
    return _told(structure, part)


@service("structures.file_station_scale", permission=WRITE)
def file_station_scale(station_id: UUID, *, version: int, changes: Mapping[str, object]) -> PartView:
    """File other velocities for a station; what was judged before stays as it was judged."""
    return _refiled(locked(SlopeStation, station_id, WRITE), version, changes)


@service("structures.file_pond_scale", permission=WRITE)
def file_pond_scale(point_id: UUID, *, version: int, changes: Mapping[str, object]) -> PartView:
    """File other values for a point of a pond."""
    return _refiled(locked(PondPoint, point_id, WRITE), version, changes)


def _refiled(part: SlopeStation | PondPoint, version: int, changes: Mapping[str, object]) -> PartView:
    edit(part, version, changes, (*COLOURS, "filed_in"), lambda: _check_of(part))
    return _told(part.structure, part)


def _check_of(part: Scale) -> None:
    _checked(FiledScale(part.blue, part.yellow, part.orange, part.red, part.filed_in))


def _checked(scale: FiledScale) -> FiledScale:
    """Values that rise or fall strictly from blue to red; with a document where there are any."""
    values = list(scale.by_level().values())
    steps = [after - before for before, after in pairwise(values)]
    if steps and not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        raise refuse_field(
            "red", "阈值须从蓝到红单调递增或递减", "The values must rise, or fall, from blue to red"
        )
    if len(values) == 1:
        raise refuse_field(
            "red", "至少填写两级阈值，以判断升降方向", "File at least two, so that the direction is known"
        )
    if values and not scale.filed_in:
        raise refuse_field("filed_in", "请填写报备文件名称", "Name the document in which they are filed")
    return scale


def _of_kind(structure_id: UUID, kind: StructureKind) -> Structure:
    structure = locked(Structure, structure_id, WRITE)
    if structure.kind != kind.value:
        raise Conflict(
            Text(f"该对象不是{kind.label.zh}", f"This is no {kind.label.en.lower()}"),
            facts={"kind": structure.kind},
        )
    return structure


def _own_point(field: str, point_id: UUID, structure: Structure) -> PointView:
    point = find_point(point_id)
    if point.enterprise_id != structure.enterprise_id:
        raise refuse_field(field, "该监测点不属于本企业", "The point belongs to another enterprise")
    return point


def _told(structure: Structure, part: SlopeStation | PondPoint) -> PartView:
    announce(TOPIC, structure, READ)
    return PartView(part.id, structure.id, part.version)
