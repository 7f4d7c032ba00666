"""Bringing in the mine, as the demonstration's own principal. Safe to repeat after any failure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from anlan.demo.mine import motion
from anlan.demo.mine.motion import Gauge
from anlan.domains.monitoring.access.services import apply_for_connection, match_points
from anlan.domains.monitoring.access.states import Family
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.credit_code import check_digit
from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code
from anlan.domains.monitoring.enterprises.services import create_enterprise
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.points.contracts import PointSpec
from anlan.domains.monitoring.points.queries import find_gateway, points_of_gateway
from anlan.domains.monitoring.points.services import create_points, register_gateway, rotate_gateway_key
from anlan.domains.monitoring.structures.queries import structures_of
from anlan.domains.monitoring.structures.services import add_pond_point, add_slope_station, create_structure
from anlan.domains.monitoring.structures.states import PondItem, StructureKind
from anlan.platform.commands import read_scope

SOURCE = "synthetic-mine"
_CODE = "91640202MADEM0003"
_FILED = "演示取值，非任何矿山的报备值"
_SLOPE_MM_D = {"blue": 2.0, "yellow": 5.0, "orange": 10.0, "red": 30.0}
_POND = (
    (PondItem.PHREATIC_LINE, motion.PHREATIC, (8.0, 6.0, 4.0, 2.0)),
    (PondItem.BEACH, (motion.BEACH,), (150.0, 120.0, 100.0, 70.0)),
    (PondItem.POOL_LEVEL, (motion.POOL,), (1187.0, 1187.5, 1188.0, 1188.5)),
    (PondItem.RAIN, (motion.RAIN,), (20.0, 30.0, 50.0, 80.0)),
)


def load_mine() -> dict[str, str]:
    """The mine with its gateway, points, slope and pond; the gateway's key by its source, a new one."""
    enterprise = _enterprise()
    with read_scope():
        found = find_gateway(SOURCE)
    made = (
        rotate_gateway_key(found.id)
        if found
        else register_gateway(source=SOURCE, name="矿山监测网关（合成）", enterprise_id=enterprise.id)
    )
    with read_scope():
        known = points_of_gateway(made.gateway.id)
        standing = structures_of(enterprise.id)
    points = known or create_points(made.gateway.id, [_point(gauge) for gauge in motion.GAUGES])
    if not standing:
        _structures(enterprise.id, {point.tag: point.id for point in points})
    return {SOURCE: made.key}


def _enterprise() -> EnterpriseView:
    code = _CODE + check_digit(_CODE)
    with read_scope():
        known = find_enterprise_by_code(code)
    return known or create_enterprise(
        code=code,
        name="安澜演示：露天矿山（合成）",
        short_name="演示矿山",
        region="640202",
        kind=EnterpriseKind.MINE,
        lon=106.29,
        lat=39.05,
        synthetic=True,
        source=motion.source_of(),
    )


def _point(gauge: Gauge) -> PointSpec:
    return PointSpec(
        tag=gauge.tag,
        name=gauge.name,
        unit=gauge.unit,
        kind=gauge.kind,
        sampling_s=motion.SAMPLING.total_seconds(),
        simulated=True,
        synthetic=True,
        source=motion.source_of(),
    )


def _structures(enterprise_id: UUID, points: Mapping[str, UUID]) -> None:
    slope = create_structure(
        enterprise_id=enterprise_id,
        kind=StructureKind.PIT_SLOPE,
        code="B-01",
        name="北帮边坡（合成）",
        height_m=210.0,
    )
    for name, axes in (("1 号测站", motion.QUIET), ("2 号测站", motion.RUNAWAY)):
        _station(slope.id, name, axes, points)
    pond = create_structure(
        enterprise_id=enterprise_id, kind=StructureKind.TAILINGS_POND, code="W-01", name="一号尾矿库（合成）"
    )
    for item, gauges, filed in _POND:
        for gauge in gauges:
            blue, yellow, orange, red = filed
            add_pond_point(
                structure_id=pond.id,
                item=item,
                point_id=points[gauge.tag],
                blue=blue,
                yellow=yellow,
                orange=orange,
                red=red,
                filed_in=_FILED,
            )
    for family, name in ((Family.PIT_SLOPE, "北帮边坡（合成）"), (Family.TAILINGS, "一号尾矿库（合成）")):
        connection = apply_for_connection(enterprise_id=enterprise_id, family=family, name=name)
        match_points(connection.id)


def _station(slope: UUID, name: str, axes: Sequence[Gauge], points: Mapping[str, UUID]) -> None:
    east, north, up = (points[gauge.tag] for gauge in axes)
    add_slope_station(
        structure_id=slope,
        name=name,
        east_id=east,
        north_id=north,
        up_id=up,
        position_sd_mm=axes[0].noise,
        filed_in=_FILED,
        **_SLOPE_MM_D,
    )
