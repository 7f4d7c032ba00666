"""A plant with a liquid ammonia tank, an alarm on it, weather, and people around."""

from datetime import UTC, datetime

import numpy as np
import pytest

from anlan.kernel.clock import FixedClock, use_clock
from anlan.platform.commands import acting_as, read_scope, service_principal

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
"""03:30 in China: an ordinary night shift."""
LON, LAT = 106.60, 38.10


@pytest.fixture
def plant(db):
    """Enterprise, unit, gateway, point, limit and major hazard; gives the alarm's limit and the hazard."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec, SiteSpec
    from anlan.domains.monitoring.hazards.services import create_hazard, record_sites
    from anlan.domains.monitoring.hazards.states import SiteKind
    from anlan.domains.monitoring.points.services import create_point, register_gateway, set_limit
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.kernel.levels import Condition

    body = "91640181MACHANC01"
    with acting_as(service_principal("demo")), use_clock(FixedClock(NOW)):
        enterprise = create_enterprise(
            code=body + check_digit(body), name="宁东试验化工", region="640181", kind=EnterpriseKind.HAZCHEM
        )
        unit = create_process_unit(
            enterprise_id=enterprise.id, code="T-1", name="液氨罐区", kind=ProcessUnitKind.TANK_FARM
        )
        hazard = create_hazard(
            enterprise_id=enterprise.id,
            process_unit_id=unit.id,
            code="T-1",
            name="液氨罐区",
            kind=ProcessUnitKind.TANK_FARM,
            lon=LON,
            lat=LAT,
            exposed_persons=60,
            holdings=[HoldingSpec("V-101", "氨", 200.0, 120.0, cas="7664-41-7", row="1")],
        )
        record_sites(
            [
                SiteSpec(
                    "S-1", "下风向小学", SiteKind.SCHOOL, LON + 0.004, LAT - 0.003, "640181", persons=300
                ),
                SiteSpec("S-2", "上风向村", SiteKind.VILLAGE, LON - 0.05, LAT + 0.04, "640181", persons=500),
            ]
        )
        gateway = register_gateway(source="gw-chain", name="网关", enterprise_id=enterprise.id).gateway
        point = create_point(
            gateway_id=gateway.id,
            tag="GT-101",
            name="氨气浓度",
            unit="ppm",
            kind=PointKind.TOXIC_GAS,
            sampling_s=10.0,
            process_unit_id=unit.id,
        )
        limit = set_limit(point_id=point.id, kind=Condition.HIGH_HIGH, threshold=50.0)
    return limit, hazard


@pytest.fixture
def alarm(plant):
    """The open alarm of the plant."""
    from anlan.domains.monitoring.alarms.crossings import Crossing
    from anlan.domains.monitoring.alarms.models import Alarm
    from anlan.domains.monitoring.alarms.services import apply_crossings
    from anlan.kernel.clock import to_ms

    limit, _ = plant
    with acting_as(service_principal("evaluator")), use_clock(FixedClock(NOW)):
        apply_crossings(0, 1, [Crossing(limit.number, True, to_ms(NOW), to_ms(NOW), 180.0)])
    with acting_as(service_principal("demo")), read_scope():
        return Alarm.objects.get()


@pytest.fixture
def weather(db):
    """A light wind from the north-west on a clear night."""
    from anlan.domains.monitoring.weather.contracts import WeatherSpec
    from anlan.domains.monitoring.weather.services import record_weather

    hour = NOW.replace(minute=0)
    with acting_as(service_principal("demo")):
        record_weather([WeatherSpec("640181", "640181", hour, 2.0, 315.0, 1.0, -3.0)], source="试验站")


@pytest.fixture
def people(db):
    """A hundred people in each cell of 0.05°, sixty to two hundred as the range."""
    from anlan.domains.data.population.services import GridOrigin, load_grid
    from anlan.science.exposure import PopulationGrid

    persons = np.stack([np.full((84, 70), value) for value in (100.0, 60.0, 200.0)])
    with acting_as(service_principal("demo")):
        load_grid(
            PopulationGrid(persons, 104.2, 39.4, 0.05),
            GridOrigin("试验格网", "均匀", "试验", datetime(2020, 11, 1, tzinfo=UTC)),
        )


@pytest.fixture
def incident(alarm):
    """The incident of the alarm."""
    from anlan.domains.command.incidents.services import open_from_alarm
    from anlan.domains.command.incidents.states import IncidentKind

    with acting_as(service_principal("demo")), use_clock(FixedClock(NOW)):
        return open_from_alarm(alarm.id, kind=IncidentKind.TOXIC_RELEASE, note="值守发现")
