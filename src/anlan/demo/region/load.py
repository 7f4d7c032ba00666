"""Bringing in the generated region, as the demonstration's own principal. Safe to repeat after any failure."""

from datetime import timedelta

from anlan.demo.region import generate, weather
from anlan.demo.region.generate import SEED, NewEnterprise, NewUnit
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code, process_units_of
from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.hazards.queries import hazard_of_unit
from anlan.domains.monitoring.hazards.services import create_hazard, record_sites
from anlan.domains.monitoring.weather.services import record_weather
from anlan.kernel.clock import now
from anlan.platform.commands import read_scope

PAST = timedelta(hours=24)


def load_region(seed: int = SEED) -> None:
    """Enterprises with their hazards, sites around them, and the weather of the last day."""
    for enterprise in generate.enterprises(seed):
        _load(enterprise, seed)
    record_sites(generate.sites(seed))
    load_weather(seed)


def load_weather(seed: int = SEED, past: timedelta = PAST) -> None:
    """The generated hours of the last *past* up to now."""
    count = int(past / timedelta(hours=1)) + 1
    record_weather(weather.hours(now() - past, count, seed), source=weather.source_of(seed), synthetic=True)


def _load(made: NewEnterprise, seed: int) -> None:
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
        synthetic=True,
        source=generate.source_of(seed),
    )
    for unit in made.units:
        _load_unit(enterprise, unit, seed)


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
