"""A county with one of everything, made by the services that people and processes use."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from tests.server.world_of_access import access_and_structures

from anlan.kernel.text import Text

RAISED_MS = 1_780_000_000_000
PLACES = {"640181": (106.34, 38.10), "640323": (107.40, 37.78)}
"""A place in each county that tests stand in."""


@dataclass(frozen=True)
class County:
    """What a county has: ids by resource, numbers by which streams name things, words that give it away."""

    region: str
    mark: str
    ids: dict[str, UUID]
    point_number: int
    words: frozenset[str]


def new_county(region: str, mark: str, serial: int, *, zone: str | None = None) -> County:
    """An enterprise of *region* with unit, gateway, point, limit, an open alarm and a dead letter.

    *mark* occurs in every name; *serial* keeps codes and log places apart.
    """
    from anlan.domains.monitoring.alarms.crossings import Crossing
    from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent
    from anlan.domains.monitoring.alarms.services import apply_crossings
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
    from anlan.domains.monitoring.points.contracts import DeadLetterItem
    from anlan.domains.monitoring.points.models import DeadLetter
    from anlan.domains.monitoring.points.services import (
        create_point,
        record_dead_letters,
        register_gateway,
        set_limit,
        upsert_latest,
    )
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.kernel.levels import Condition
    from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as

    body = f"9164{serial:013d}"
    code = body + check_digit(body)
    source = f"gw-{mark.lower()}"
    with acting_as(service_principal("demo")):
        enterprise = create_enterprise(
            code=code,
            name=f"{mark}化工有限公司",
            region=region,
            zone=zone,
            kind=next(iter(EnterpriseKind)),
            lon=PLACES[region][0],
            lat=PLACES[region][1],
        )
        unit = create_process_unit(
            enterprise_id=enterprise.id,
            code=f"U-{mark}",
            name=f"{mark}罐区",
            kind=next(iter(ProcessUnitKind)),
        )
        gateway = register_gateway(source=source, name=f"{mark}网关", enterprise_id=enterprise.id).gateway
        point = create_point(
            gateway_id=gateway.id,
            tag=f"TI-{mark}",
            name=f"{mark}储罐温度",
            unit="°C",
            kind=PointKind.TEMPERATURE,
            sampling_s=1.0,
            process_unit_id=unit.id,
        )
        limit = set_limit(point_id=point.id, kind=Condition.HIGH, threshold=80.0, note=f"{mark}限值")
    with acting_as(service_principal("evaluator")):
        apply_crossings(0, serial, [Crossing(limit.number, True, RAISED_MS, RAISED_MS, 91.5)])
    with transaction_as(service_principal("evaluator")):
        number, at = np.array([point.number], np.int32), np.array([RAISED_MS], np.int64)
        upsert_latest(number, at, at, np.array([91.5]), np.array([0], np.uint8))
    with acting_as(service_principal("relay")):
        letter = DeadLetterItem(f"{serial}", datetime.now(UTC), source, "unknown_point", f"{mark}拒收")
        record_dead_letters([letter])
    with acting_as(service_principal("relay")), read_scope():
        alarm = Alarm.objects.get(point_id=point.id)
        event = AlarmEvent.objects.get(alarm=alarm)
        letter_id = DeadLetter.objects.get(source=source).id
    ids = {
        "enterprise": enterprise.id,
        "process_unit": unit.id,
        "gateway": gateway.id,
        "point": point.id,
        "limit": limit.id,
        "rule": limit.id,
        "alarm": alarm.id,
        "alarm_event": event.id,
        "dead_letter": letter_id,
        **_alarm_management(region, mark, enterprise.id, alarm.id),
        **_hazard_and_incident(region, mark, enterprise.id, unit.id, alarm.id),
        **_scenario_and_simulation(region, mark),
        **access_and_structures(mark, enterprise.id, gateway.id),
        **_warning_and_circular(mark, enterprise.id, alarm.id),
        **_promise_and_work(mark, enterprise.id, unit.id),
        **_bulletin(enterprise.id),
        **_risk(unit.id),
    }
    words = frozenset({mark, mark.lower(), code, *(str(id) for id in ids.values())})
    return County(region, mark, ids, point.number, words)


def _alarm_management(region: str, mark: str, enterprise_id: UUID, alarm_id: UUID) -> dict[str, UUID]:
    """A shelving of the alarm, declared maintenance, a flood and a monthly report of alarms."""
    from anlan.domains.monitoring.alarms.models import Alarm, AlarmGroup, AlarmKpi
    from anlan.domains.monitoring.alarms.services import declare_maintenance, make_alarm_report, shelve_alarm
    from anlan.kernel.clock import now
    from anlan.kernel.ids import new_id
    from anlan.platform.commands import acting_as, service_principal, transaction_as

    begins = now()
    with acting_as(service_principal("demo")):
        shelving = shelve_alarm(alarm_id, minutes=30, reason=f"{mark}变送器待更换")
        window = declare_maintenance(
            enterprise_id=enterprise_id,
            point_tags=f"TI-{mark}",
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            reason=f"{mark}储罐清洗",
        )
        report = make_alarm_report(month=f"{begins:%Y-%m}", region=region)
    with transaction_as(service_principal("demo")):
        alarm = Alarm.objects.get(id=alarm_id)
        group = AlarmGroup.objects.create(
            id=new_id(),
            thread=alarm.thread,
            scope="enterprise",
            subject=str(enterprise_id),
            name=mark,
            level=alarm.level,
            count=21,
            began_at=begins,
            last_at=begins,
            region=region,
            zone=alarm.zone,
        )
        kpi = AlarmKpi.objects.get(report_id=report, dimension="enterprise").id
    return {
        "shelving": shelving,
        "maintenance_window": window,
        "alarm_group": group.id,
        "alarm_report": report,
        "alarm_kpi": kpi,
    }


def _hazard_and_incident(
    region: str, mark: str, enterprise_id: UUID, unit_id: UUID, alarm_id: UUID
) -> dict[str, UUID]:
    """A major hazard with stock that moved, a school, weather, and the incident of the alarm with its runs."""
    from anlan.domains.command.incidents.models import Entry
    from anlan.domains.command.incidents.services import open_from_alarm
    from anlan.domains.command.incidents.states import IncidentKind
    from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec, SiteSpec
    from anlan.domains.monitoring.hazards.models import Site, StockMovement
    from anlan.domains.monitoring.hazards.services import create_hazard, move_stock, record_sites
    from anlan.domains.monitoring.hazards.states import MovementKind, SiteKind
    from anlan.domains.monitoring.weather.contracts import WeatherSpec
    from anlan.domains.monitoring.weather.models import WeatherHour
    from anlan.domains.monitoring.weather.services import record_weather
    from anlan.platform.commands import acting_as, read_scope, service_principal
    from anlan.platform.deadlines.models import Deadline
    from anlan.platform.jobs import JobKind, register_job
    from anlan.platform.jobs.contracts import JobPlace, kind_of
    from anlan.platform.jobs.services import request_job
    from anlan.platform.provenance.models import Run

    lon, lat = PLACES[region]
    with acting_as(service_principal("demo")):
        hazard = create_hazard(
            enterprise_id=enterprise_id,
            process_unit_id=unit_id,
            code=f"H-{mark}",
            name=f"{mark}危险源",
            kind=ProcessUnitKind.TANK_FARM,
            lon=lon,
            lat=lat,
            exposed_persons=60,
            holdings=[HoldingSpec(f"V-{mark}", "氨", 200.0, 100.0, cas="7664-41-7", row="1")],
        )
        move_stock(hazard.holdings[0].id, kind=MovementKind.INBOUND, quantity_t=1.0, note=mark)
        record_sites(
            [SiteSpec(f"S-{mark}", f"{mark}小学", SiteKind.SCHOOL, lon + 0.01, lat, region, persons=300)]
        )
        record_weather(
            [WeatherSpec(f"W-{mark}", region, datetime(2026, 5, 1, tzinfo=UTC), 2.0, 315.0, 1.0, 5.0)],
            source=f"{mark}站",
        )
        incident = open_from_alarm(alarm_id, kind=IncidentKind.TOXIC_RELEASE, note=f"{mark}值守")
        try:
            kind_of("test.county")
        except KeyError:
            register_job(JobKind("test.county", Text("试验", "test"), "jobs.request", lambda handle: {}))
        job = request_job("test.county", {}, JobPlace(region), Text(f"{mark}任务", mark))
    with acting_as(service_principal("demo")), read_scope():
        (run,) = Run.objects.filter(subject_id=hazard.id, superseded_by__isnull=True, purpose="grading")
        return {
            "major_hazard": hazard.id,
            "holding": hazard.holdings[0].id,
            "stock_movement": StockMovement.objects.get(holding_id=hazard.holdings[0].id).id,
            "site": Site.objects.get(code=f"S-{mark}").id,
            "weather_hour": WeatherHour.objects.get(station=f"W-{mark}").id,
            "incident": incident.id,
            "incident_entry": Entry.objects.get(incident_id=incident.id).id,
            "deadline": Deadline.objects.filter(subject_id=incident.id).first().id,
            "job": job,
            "run": run.id,
        }


def _risk(unit_id: UUID) -> dict[str, UUID]:
    """The scores of everything, with what they changed."""
    from anlan.domains.monitoring.risk.models import RiskChange, RiskScore
    from anlan.domains.monitoring.risk.services import compute_scores
    from anlan.platform.commands import acting_as, read_scope, service_principal

    with acting_as(service_principal("worker")):
        compute_scores()
        with read_scope():
            score = RiskScore.objects.get(kind="unit", subject_id=unit_id)
            change = RiskChange.objects.get(score_id=score.id)
    return {"risk_score": score.id, "risk_change": change.id}


def _scenario_and_simulation(region: str, mark: str) -> dict[str, UUID]:
    """A scenario of an explosion and its stored result."""
    from anlan.domains.command.simulation.models import Scenario
    from anlan.domains.command.simulation.services import create_scenario, store_simulation
    from anlan.platform.commands import acting_as, read_scope, service_principal

    lon, lat = PLACES[region]
    with acting_as(service_principal("demo")):
        made = create_scenario(
            title=f"{mark}推演",
            start_from="ammonium_nitrate_store",
            lon=lon,
            lat=lat,
            region=region,
            use_weather=False,
        )
        with read_scope():
            row = Scenario.objects.get(id=made.id)
        stored = store_simulation(row.id, hazard=row.hazard, params=row.params, input_hash=row.input_hash)
    return {"scenario": made.id, "simulation": stored.id}


def _warning_and_circular(mark: str, enterprise_id: UUID, alarm_id: UUID) -> dict[str, UUID]:
    """A warning with its evidence and time line, and a circular to the enterprise."""
    from anlan.domains.monitoring.warnings.models import WarningEntry, WarningEvidence
    from anlan.domains.monitoring.warnings.services import issue_circular, warn_from_alarm
    from anlan.kernel.levels import WarningLevel
    from anlan.platform.commands import acting_as, read_scope, service_principal

    with acting_as(service_principal("demo")):
        warning = warn_from_alarm(alarm_id, level=WarningLevel.BLUE, note=f"{mark}研判").id
        circular = issue_circular(title=f"{mark}通报", text=f"{mark}请自查", enterprise_id=enterprise_id)
        with read_scope():
            evidence = WarningEvidence.objects.filter(warning_id=warning).first()
            entry = WarningEntry.objects.filter(warning_id=warning).first()
    assert evidence and entry
    return {
        "warning": warning,
        "warning_evidence": evidence.id,
        "warning_entry": entry.id,
        "circular": circular,
    }


def _promise_and_work(mark: str, enterprise_id: UUID, unit_id: UUID) -> dict[str, UUID]:
    """A commitment without hot work, a permit for some with a gas test, and the discrepancy that follows."""
    from anlan.domains.monitoring.commitments import services
    from anlan.domains.monitoring.commitments.models import Discrepancy, GasTest
    from anlan.domains.monitoring.commitments.states import GasKind, WorkGrade, WorkKind
    from anlan.kernel.clock import now
    from anlan.platform.commands import acting_as, read_scope, service_principal

    at = now()
    with acting_as(service_principal("demo")):
        commitment = services.submit_commitment(
            enterprise_id=enterprise_id,
            units_total=1,
            units_running=1,
            units_stopped=0,
            units_maintained=0,
            promiser=f"{mark}承诺人",
        )
        work = services.apply_for_work(
            enterprise_id=enterprise_id,
            process_unit_id=unit_id,
            number=f"DH-{mark}",
            kind=WorkKind.HOT_WORK,
            grade=WorkGrade.SECOND,
            place=f"{mark}管廊",
            starts_at=at,
            ends_at=at + timedelta(hours=4),
            responsible="张三",
        )
        services.record_gas_test(
            work, kind=GasKind.FLAMMABLE, value=0.0, unit="%LEL", sampled_at=at, tester=f"{mark}分析工"
        )
        services.approve_work(work)
        services.record_discrepancies()
        with read_scope():
            test = GasTest.objects.get(work_id=work)
            discrepancy = Discrepancy.objects.get(enterprise_id=enterprise_id)
    return {
        "commitment": commitment,
        "special_work": work,
        "gas_test": test.id,
        "discrepancy": discrepancy.id,
    }


def _bulletin(enterprise_id: UUID) -> dict[str, UUID]:
    """A bulletin with the enterprise's line, of a day of its own: each is of all counties that there are by then."""
    from anlan.domains.monitoring.patrol.models import Bulletin, BulletinLine
    from anlan.domains.monitoring.patrol.services import issue_bulletins
    from anlan.kernel.clock import FixedClock, now, use_clock
    from anlan.platform.commands import acting_as, read_scope, service_principal

    with acting_as(service_principal("demo")):
        with read_scope():
            days = Bulletin.objects.order_by().values("day").distinct().count()
        with use_clock(FixedClock(now() + timedelta(days=days))):
            issue_bulletins()
        with read_scope():
            line = BulletinLine.objects.get(enterprise_id=enterprise_id)
    return {"bulletin": line.bulletin_id, "bulletin_line": line.id}


def in_thread(work: Any, *arguments: Any, **named: Any) -> Any:
    """*work*, its database connection given back: for tests that call it from another thread."""
    from django.db import connection

    try:
        return work(*arguments, **named)
    finally:
        connection.close()
