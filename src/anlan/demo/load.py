"""Loads the demonstration: plants, gateways, points, limits and users. Safe to repeat after any failure."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from anlan.demo.private import write_private
from anlan.demo.sources import (
    MACHINE,
    TENNESSEE_EASTMAN,
    Measurement,
    Statistics,
    machine_statistics,
    tennessee_eastman_statistics,
)
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.credit_code import check_digit
from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code, process_units_of
from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.domains.monitoring.points.contracts import GatewayView, LimitSpec, PointSpec
from anlan.domains.monitoring.points.queries import find_gateway, limits_of_point, points_of_gateway
from anlan.domains.monitoring.points.services import (
    create_points,
    register_gateway,
    rotate_gateway_key,
    set_limits,
)
from anlan.kernel.levels import Condition
from anlan.platform.accounts.services import create_organisation, create_user, grant_role, set_password
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.identity.queries import organisation_named, user_named
from anlan.platform.identity.roles import RoleCode
from anlan.platform.threads.queries import timeline_named
from anlan.platform.threads.services import create_timeline

RATE = 60.0
ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)
"""Where the replays' own time begins: clearly not the present."""


@dataclass(frozen=True)
class Plant:
    """A demonstration plant; ``sampling_s`` is the data's own interval, ``simulated`` a simulator's output."""

    source: str
    code: str
    name: str
    short_name: str
    region: str
    zone: str | None
    kind: EnterpriseKind
    unit_name: str
    unit_kind: ProcessUnitKind
    simulated: bool
    origin: str
    sampling_s: float
    measurements: Sequence[Measurement]
    basis: str


@dataclass(frozen=True)
class Person:
    """A demonstration user: account, name, role and reach."""

    username: str
    display_name: str
    role: RoleCode
    organisation: str
    region: str
    zone: str | None = None


PLANTS = (
    Plant(
        source="demo-tep",
        code="91640181MADEM0001",
        name="安澜演示：田纳西-伊斯曼化工装置（模拟器）",
        short_name="TE 模拟装置",
        region="640181",
        zone="ningdong",
        kind=EnterpriseKind.HAZCHEM,
        unit_name="反应与分离单元",
        unit_kind=ProcessUnitKind.PRODUCTION,
        simulated=True,
        origin="田纳西-伊斯曼过程模拟器（Chiang、Russell、Braatz 测试集），非真实装置",
        sampling_s=180.0,
        measurements=TENNESSEE_EASTMAN,
        basis="演示取值：无故障运行",
    ),
    Plant(
        source="demo-nab",
        code="91640221MADEM0002",
        name="安澜演示：机组温度（公开真实数据）",
        short_name="NAB 机组",
        region="640221",
        zone=None,
        kind=EnterpriseKind.OTHER,
        unit_name="机组",
        unit_kind=ProcessUnitKind.UTILITY,
        simulated=False,
        origin="Numenta Anomaly Benchmark machine_temperature_system_failure，真实数据；单位未注明",
        sampling_s=300.0,
        measurements=MACHINE,
        basis="演示取值：首周",
    ),
)
PEOPLE = (
    Person("zhiban", "值班员（全区）", RoleCode.DUTY_OFFICER, "安澜演示：自治区应急管理厅", "640000"),
    Person("weihua", "危化处（全区）", RoleCode.HAZCHEM_DIVISION, "安澜演示：自治区应急管理厅", "640000"),
    Person("kexin", "科信处（全区）", RoleCode.SCIENCE_DIVISION, "安澜演示：自治区应急管理厅", "640000"),
    Person("ningdong", "宁东管委会", RoleCode.PARK, "安澜演示：宁东管委会", "640181", "ningdong"),
    Person("pingluo", "平罗县局", RoleCode.LOCAL_BUREAU, "安澜演示：平罗县应急管理局", "640221"),
)


def load(data: Path) -> None:
    """Load everything; keys and passwords go to private files in ``data/demo``."""
    folder = data / "demo"
    with acting_as(service_principal("demo")):
        keys = {plant.source: _plant(plant) for plant in PLANTS}
        write_private(folder / "gateways.json", json.dumps(keys))
        logins = [_login(person) for person in PEOPLE]
    write_private(folder / "logins.txt", "\n".join(logins) + "\n")
    write_private(folder / "loaded", "")


def load_background(data: Path) -> None:
    """The region behind the plants: real reference data, generated enterprises, sites, weather and work, and a mine."""
    from anlan.demo.mine.load import load_mine
    from anlan.demo.reference import load_reference
    from anlan.demo.region import load_region
    from anlan.demo.region.load import REGION_KEYS
    from anlan.demo.region.work import load_circular, load_past_work, load_warning, load_work

    with acting_as(service_principal("demo")):
        load_reference()
        keys = {**load_region(), **load_mine()}
        load_past_work()
        load_work()
        load_circular()
        load_warning()
    write_private(data / "demo" / REGION_KEYS, json.dumps(keys))


def _plant(plant: Plant) -> str:
    """Make what is missing of *plant*; the key of its gateway, new at every load."""
    enterprise = _enterprise(plant)
    gateway, key = _gateway(plant, enterprise)
    with read_scope():
        known = points_of_gateway(gateway.id)
    if not known:
        unit = _process_unit(plant, enterprise)
        known = create_points(gateway.id, _points(plant, unit))
    with read_scope():
        limited = bool(known) and bool(limits_of_point(known[0].id))
    if not limited:
        set_limits(_limits(plant, [point.id for point in known]))
    return key


def _enterprise(plant: Plant) -> EnterpriseView:
    code = plant.code + check_digit(plant.code)
    with read_scope():
        found = find_enterprise_by_code(code)
    return found or create_enterprise(
        code=code,
        name=plant.name,
        short_name=plant.short_name,
        region=plant.region,
        zone=plant.zone,
        kind=plant.kind,
        synthetic=True,
        source="安澜演示数据：虚构的企业",
    )


def _process_unit(plant: Plant, enterprise: EnterpriseView) -> UUID:
    with read_scope():
        known = process_units_of(enterprise.id)
    if known:
        return known[0].id
    made = create_process_unit(
        enterprise_id=enterprise.id, code="U-01", name=plant.unit_name, kind=plant.unit_kind
    )
    return made.id


def _gateway(plant: Plant, enterprise: EnterpriseView) -> tuple[GatewayView, str]:
    with read_scope():
        found = find_gateway(plant.source)
    if found is not None:
        made = rotate_gateway_key(found.id)
        return made.gateway, made.key
    name = f"{plant.short_name} 回放"
    with read_scope():
        timeline = timeline_named(name)
    timeline = timeline or create_timeline(name, origin=ORIGIN, rate=RATE)
    made = register_gateway(
        source=plant.source,
        name=f"{plant.short_name} 回放网关",
        enterprise_id=enterprise.id,
        timeline=timeline.id,
    )
    return made.gateway, made.key


def _points(plant: Plant, unit: UUID) -> list[PointSpec]:
    return [
        PointSpec(
            tag=one.tag,
            name=one.name,
            unit=one.unit,
            kind=one.kind,
            sampling_s=plant.sampling_s / RATE,
            process_unit_id=unit,
            simulated=plant.simulated,
            source=plant.origin,
        )
        for one in plant.measurements
    ]


def _limits(plant: Plant, points: Sequence[UUID]) -> list[LimitSpec]:
    statistics = tennessee_eastman_statistics() if plant.simulated else machine_statistics()
    specs = [
        limit
        for point, known in zip(points, statistics, strict=True)
        for limit in _bounds(plant, point, known)
    ]
    silence = LimitSpec(points[0], Condition.NO_DATA, on_delay_s=60.0, note="演示取值：中断 60 秒")
    return [*specs, silence]


def _bounds(plant: Plant, point: UUID, known: Statistics) -> list[LimitSpec]:
    """Limits at four and six standard deviations from the mean: the demonstration's choice, nobody's standard."""
    return [
        LimitSpec(
            point,
            kind,
            threshold=float(f"{known.mean + multiple * known.deviation:.5g}"),
            deadband=float(f"{0.5 * known.deviation:.3g}"),
            on_delay_s=plant.sampling_s if abs(multiple) < 5 else 0.0,
            note=f"{plant.basis}均值 {multiple:+d}σ（{known.samples} 个样本）",
        )
        for kind, multiple in (
            (Condition.LOW_LOW, -6),
            (Condition.LOW, -4),
            (Condition.HIGH, 4),
            (Condition.HIGH_HIGH, 6),
        )
    ]


def _login(person: Person) -> str:
    """Make or renew the account; its line for the list of logins."""
    password = new_password()
    with read_scope():
        organisation: Any = organisation_named(person.organisation)
        user: Any = user_named(person.username)
    if organisation is None:
        organisation = create_organisation(person.organisation, person.region, person.zone)
    if user is None:
        user = create_user(person.username, person.display_name, organisation, password)
    else:
        set_password(user, password)
    if person.zone:
        grant_role(user, person.role.value, zone=person.zone)
    else:
        grant_role(user, person.role.value, region=person.region)
    return f"{person.username}  {password}  {person.display_name}"


def new_password() -> str:
    """A random password; letters alone would now and then be all that it has, and the rules want three kinds."""
    return f"{secrets.token_urlsafe(12)}-{secrets.randbelow(10)}"
