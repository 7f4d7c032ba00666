"""Points: record one or many, and change what may change."""

import math
from collections.abc import Mapping, Sequence
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.contracts import ProcessUnitView
from anlan.domains.monitoring.enterprises.queries import process_units_of
from anlan.domains.monitoring.points.contracts import PointSpec, PointView
from anlan.domains.monitoring.points.events import POINT_TOPIC
from anlan.domains.monitoring.points.models import Gateway, Point
from anlan.domains.monitoring.points.permissions import READ, WRITE
from anlan.domains.monitoring.points.queries import point_view
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.platform.commands import decide_there, service
from anlan.platform.scope.reading import visible

EDITABLE = (
    "name",
    "range_low",
    "range_high",
    "lon",
    "lat",
    "sampling_s",
    "stale_after_s",
    "source",
    "enabled",
)
STALE_INTERVALS = 5.0


@service("points.create", permission=WRITE)
def create_point(
    *,
    gateway_id: UUID,
    tag: str,
    name: str,
    unit: str,
    kind: PointKind,
    sampling_s: float,
    stale_after_s: float | None = None,
    range_low: float | None = None,
    range_high: float | None = None,
    process_unit_id: UUID | None = None,
    source: str = "",
    lon: float | None = None,
    lat: float | None = None,
) -> PointView:
    """Record a point of a gateway, in the area of its enterprise; *lon*, *lat* (WGS-84) where its own place is known.

    Without *stale_after_s* a value is stale after five sampling intervals.
    """
    spec = PointSpec(
        tag=tag.strip(),
        name=name.strip(),
        unit=unit,
        kind=PointKind(kind),
        sampling_s=sampling_s,
        stale_after_s=stale_after_s,
        range_low=range_low,
        range_high=range_high,
        process_unit_id=process_unit_id,
        source=source,
        lon=lon,
        lat=lat,
    )
    (point,) = _create(gateway_id, [spec])
    announce(POINT_TOPIC, point, READ)
    return point_view(point)


@service("points.create_many", permission=WRITE)
def create_points(gateway_id: UUID, specs: Sequence[PointSpec]) -> list[PointView]:
    """Record many points of one gateway with one insert; in the order given."""
    return [point_view(point) for point in _create(gateway_id, specs)]


@service("points.update", permission=WRITE)
def update_point(point_id: UUID, *, version: int, changes: Mapping[str, object]) -> PointView:
    """Change the descriptive fields of a point; gateway, tag, unit and kind stay."""
    point = locked(Point, point_id, WRITE)

    def check() -> None:
        require_text("name", point.name)
        _check_times(point.sampling_s, point.stale_after_s)
        _check_range(point.range_low, point.range_high)
        _check_place(point.lon, point.lat)

    edit(point, version, changes, EDITABLE, check)
    announce(POINT_TOPIC, point, READ)
    return point_view(point)


def _create(gateway_id: UUID, specs: Sequence[PointSpec]) -> list[Point]:
    gateway = visible(Gateway.objects.all(), gateway_id)
    decide_there(WRITE, gateway.region, gateway.zone)
    units = {unit.id: unit for unit in process_units_of(gateway.enterprise_id)}
    for spec in specs:
        _check_spec(spec, units)
    tags = [spec.tag for spec in specs]
    taken = set(Point.objects.filter(gateway=gateway, tag__in=tags).values_list("tag", flat=True))
    taken |= {tag for tag in tags if tags.count(tag) > 1} if len(set(tags)) < len(tags) else set()
    if taken:
        listed = "、".join(sorted(taken)[:5])
        raise Conflict(
            Text(f"该网关已有位号：{listed}", f"The gateway already has these tags: {listed}"),
            facts={"field": "tag", "tags": sorted(taken)},
        )
    return Point.objects.bulk_create([_new_point(gateway, spec, units) for spec in specs])


def _new_point(gateway: Gateway, spec: PointSpec, units: Mapping[UUID, ProcessUnitView]) -> Point:
    unit = units[spec.process_unit_id] if spec.process_unit_id else None
    return Point(
        id=new_id(),
        tag=spec.tag,
        name=spec.name,
        unit=spec.unit,
        kind=spec.kind.value,
        range_low=spec.range_low,
        range_high=spec.range_high,
        sampling_s=spec.sampling_s,
        stale_after_s=spec.stale_after_s or STALE_INTERVALS * spec.sampling_s,
        simulated=spec.simulated,
        synthetic=spec.synthetic,
        source=spec.source,
        lon=spec.lon,
        lat=spec.lat,
        gateway=gateway,
        enterprise_id=gateway.enterprise_id,
        enterprise_name=gateway.enterprise_name,
        process_unit_id=unit.id if unit else None,
        process_unit_name=unit.name if unit else "",
        region=gateway.region,
        zone=gateway.zone,
    )


def _check_spec(spec: PointSpec, units: Mapping[UUID, ProcessUnitView]) -> None:
    if not spec.tag or len(spec.tag) > 80:
        raise refuse_field("tag", "请填写位号，最多 80 个字符", "A tag is needed, at most 80 characters")
    require_text("name", spec.name)
    if spec.unit not in UNITS:
        raise refuse_field("unit", f"未知的计量单位“{spec.unit}”", f"Unknown unit {spec.unit!r}")
    if spec.process_unit_id is not None and spec.process_unit_id not in units:
        raise refuse_field("process_unit_id", "该企业没有此单元", "The enterprise has no such unit")
    _check_times(spec.sampling_s, spec.stale_after_s)
    _check_range(spec.range_low, spec.range_high)
    _check_place(spec.lon, spec.lat)


def _check_times(sampling_s: float, stale_after_s: float | None) -> None:
    for field, figure in (("sampling_s", sampling_s), ("stale_after_s", stale_after_s)):
        if figure is not None and not (math.isfinite(figure) and figure > 0):
            raise refuse_field(field, "应为正数（秒）", "This must be a positive number of seconds")


def _check_range(low: float | None, high: float | None) -> None:
    if any(end is not None and not math.isfinite(end) for end in (low, high)):
        raise refuse_field("range_high", "量程应为数字", "The range must be numbers")
    if low is not None and high is not None and not low < high:
        raise refuse_field("range_high", "量程上限须大于下限", "The range must end above its start")


def _check_place(lon: float | None, lat: float | None) -> None:
    if (lon is None) != (lat is None):
        raise refuse_field(
            "lat" if lat is None else "lon", "经度和纬度须同时填写", "Give longitude and latitude"
        )
    for field, degrees, most in (("lon", lon, 180.0), ("lat", lat, 90.0)):
        if degrees is not None and not abs(degrees) <= most:
            raise refuse_field(field, f"应在 ±{most:g}° 之内", f"This must lie within ±{most:g}°")
