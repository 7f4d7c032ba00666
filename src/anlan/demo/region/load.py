"""Bringing in the generated region, as the demonstration's own principal. Safe to repeat after any failure."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from anlan.demo.region import generate, weather
from anlan.demo.region.generate import SEED, NewEnterprise, NewUnit
from anlan.demo.region.instruments import SAMPLING_S, Instrument, instruments
from anlan.demo.region.live import gateway_of
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code, process_units_of
from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.hazards.queries import hazard_of_unit
from anlan.domains.monitoring.hazards.services import create_hazard, record_sites
from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
from anlan.domains.monitoring.points.queries import find_gateway, limits_of_point, points_of_gateway
from anlan.domains.monitoring.points.services import (
    create_points,
    register_gateway,
    rotate_gateway_key,
    set_limits,
)
from anlan.domains.monitoring.weather.services import record_weather
from anlan.kernel.clock import now
from anlan.platform.commands import read_scope

PAST = timedelta(hours=24)
REGION_KEYS = "region-gateways.json"


def load_region(seed: int = SEED) -> dict[str, str]:
    """Enterprises with their hazards and instruments, sites around them, and the weather of the last day.

    Gives the keys of the enterprises' gateways by source, new at every load.
    """
    keys = {}
    for serial, enterprise in enumerate(generate.enterprises(seed)):
        loaded = _load(enterprise, seed)
        keys[gateway_of(serial)] = _load_instruments(
            loaded, serial, instruments(enterprise, serial, seed), seed
        )
    record_sites(generate.sites(seed))
    load_weather(seed)
    return keys


def load_weather(seed: int = SEED, past: timedelta = PAST) -> None:
    """The generated hours of the last *past* up to now."""
    count = int(past / timedelta(hours=1)) + 1
    record_weather(weather.hours(now() - past, count, seed), source=weather.source_of(seed), synthetic=True)


def _load(made: NewEnterprise, seed: int) -> EnterpriseView:
    with read_scope():
        known = find_enterprise_by_code(made.code)
    enterprise = known or create_enterprise(
        code=made.code,
        name=made.name,
        short_name=made.short_name,
        region=made.park.region,
        zone=made.park.zone,
        kind=EnterpriseKind.HAZCHEM,
        address=f"{made.park.name}（位置为合成）",
        lon=made.units[0].lon,
        lat=made.units[0].lat,
        synthetic=True,
        source=generate.source_of(seed),
    )
    for unit in made.units:
        _load_unit(enterprise, unit, seed)
    return enterprise


def _load_instruments(enterprise: EnterpriseView, serial: int, of: Sequence[Instrument], seed: int) -> str:
    """Make what is missing of an enterprise's gateway, points and limits; the gateway's key, a new one."""
    with read_scope():
        found = find_gateway(gateway_of(serial))
    made = (
        rotate_gateway_key(found.id)
        if found
        else register_gateway(
            source=gateway_of(serial),
            name=f"{enterprise.short_name} 网关（合成）",
            enterprise_id=enterprise.id,
        )
    )
    with read_scope():
        known = points_of_gateway(made.gateway.id)
        units = {unit.code: unit.id for unit in process_units_of(enterprise.id)}
        limited = bool(known) and bool(limits_of_point(known[0].id))
    points = known or create_points(made.gateway.id, [_point(one, units[one.unit_code], seed) for one in of])
    if not limited:
        by_tag = {point.tag: point.id for point in points}
        set_limits([limit for one in of for limit in _limits(one, by_tag[one.tag])])
    return made.key


def _point(made: Instrument, unit: UUID, seed: int) -> PointSpec:
    low, high = made.kind.shows
    return PointSpec(
        tag=made.tag,
        name=made.name,
        unit=made.kind.unit,
        kind=made.kind.measures,
        sampling_s=SAMPLING_S,
        range_low=low,
        range_high=high,
        process_unit_id=unit,
        simulated=True,
        synthetic=True,
        source=generate.source_of(seed),
    )


def _limits(made: Instrument, point: UUID) -> list[LimitSpec]:
    return [
        LimitSpec(point, condition, threshold=threshold, note=made.kind.basis)
        for condition, threshold in made.kind.set_points
    ]


def _load_unit(enterprise: EnterpriseView, made: NewUnit, seed: int) -> None:
    with read_scope():
        units = {unit.code: unit for unit in process_units_of(enterprise.id)}
    unit = units.get(made.code) or create_process_unit(
        enterprise_id=enterprise.id, code=made.code, name=made.stock.unit_name, kind=made.stock.unit
    )
    with read_scope():
        if hazard_of_unit(unit.id) is not None:
            return
    principal, technical, operations = made.responsible
    create_hazard(
        enterprise_id=enterprise.id,
        process_unit_id=unit.id,
        code=made.code,
        name=made.stock.unit_name,
        kind=made.stock.unit,
        lon=made.lon,
        lat=made.lat,
        exposed_persons=made.exposed_persons,
        holdings=made.holdings,
        principal=principal,
        technical_lead=technical,
        operations_lead=operations,
        source=generate.source_of(seed),
    )
