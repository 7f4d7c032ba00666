"""A leak at a liquid ammonia tank, at three in the morning: from the reading to the people inside.

Everything is invented and marked so. The readings go through the door of the running
system like any plant's; alarm, incident, footprint and count are made by the services
that people use. Its timeline stands still but for the moments that pass between steps,
so that every run of one seed tells the same times.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
import numpy as np

from anlan.demo.region import weather
from anlan.demo.scenarios.steps import Steps
from anlan.domains.command.incidents.contracts import IncidentView, ReleaseSpec
from anlan.domains.command.incidents.services import compute_footprint, open_from_alarm
from anlan.domains.command.incidents.states import IncidentKind
from anlan.domains.monitoring.alarms.contracts import AlarmView
from anlan.domains.monitoring.alarms.queries import newest_alarm_of_point
from anlan.domains.monitoring.enterprises.credit_code import check_digit
from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code, process_units_of
from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.domains.monitoring.hazards.contracts import HoldingSpec
from anlan.domains.monitoring.hazards.queries import hazard_of_unit
from anlan.domains.monitoring.hazards.services import create_hazard
from anlan.domains.monitoring.points.contracts import PointView
from anlan.domains.monitoring.points.services import create_point, register_gateway, set_limit
from anlan.domains.monitoring.points.states import PointKind
from anlan.domains.monitoring.weather.services import record_weather
from anlan.kernel.clock import Timeline, to_ms
from anlan.kernel.errors import Unavailable
from anlan.kernel.levels import Condition
from anlan.kernel.quality import Quality
from anlan.kernel.text import Text
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.provenance.queries import standing_run
from anlan.platform.threads.services import create_timeline, name_thread, reanchor_timeline

NAME = "ammonia-leak"
DEFAULT_SEED = 1
NIGHT = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)
"""03:00 in China: the timeline's beginning."""
EVERY_S = 10
READINGS = 12
LIMITS_PPM = ((Condition.HIGH, 25.0), (Condition.HIGH_HIGH, 50.0))
_PATIENCE_S = 60.0
_REPORTS = 4
"""How often the detector reports, at most, until the leak's alarm is there."""
_PLACE = (106.612, 38.152)
_CODE = "91640181MADEM0003"
_SOURCE = "合成数据：演示场景 ammonia-leak v1"
T = TypeVar("T")


@dataclass(frozen=True)
class _Leak:
    """What the seed decides: readings in ppm, and the rate that the officer states."""

    readings: list[float]
    release: ReleaseSpec


def run_ammonia_leak(door_url: str, *, seed: int = DEFAULT_SEED) -> dict[str, Any]:
    """Run the chain once; *door_url* is ``unix:PATH`` or an http URL. Raises `Unavailable` when it stands still."""
    steps, leak = Steps(NAME, seed), _leak(seed)
    with acting_as(service_principal("demo")):
        unit = _plant(seed)
        timeline = create_timeline(f"{NAME} {seed}", origin=NIGHT, rate=0.0)
        point, source, key = _instrument(unit, timeline)
        detector = _Detector(door_url, source, key, timeline.id.hex)
        detector.send(NIGHT, leak.readings)
        steps.add("reading", NIGHT, values_ppm=leak.readings, unit="ppm")
        alarm = _first_alarm(point.id, detector, leak.readings[-1])
        name_thread(steps.thread, alarm.thread)
        steps.add(
            "alarm",
            alarm.raised_at,
            level=alarm.level.value,
            condition=alarm.condition.value,
            exercise=alarm.exercise,
        )
        incident = _incident(steps, _pass(timeline, 40), alarm)
        incident = compute_footprint(incident.id, leak.release)
        _tell_results(steps, _pass(timeline, 70), incident)
    return steps.as_json()


def _leak(seed: int) -> _Leak:
    chance = np.random.default_rng(seed)
    start = 2.0 + chance.uniform(0, 3, READINGS - 7)
    rise = 12.0 * np.exp(0.55 * np.arange(7)) + chance.uniform(0, 4, 7)
    readings = [round(float(value), 1) for value in (*start, *rise)]
    rate = round(float(chance.uniform(1.5, 3.0)), 2)
    return _Leak(readings, ReleaseSpec(rate_kg_s=rate, duration_s=1800.0, height_m=1.0))


def _plant(seed: int) -> tuple[UUID, UUID]:
    """The invented plant, made once, and the weather of its night; enterprise and unit."""
    code = _CODE + check_digit(_CODE)
    with read_scope():
        known = find_enterprise_by_code(code)
    enterprise = known or create_enterprise(
        code=code,
        name="安澜演示：液氨罐区（合成）",
        short_name="液氨罐区演示",
        region="640181",
        zone="ningdong",
        kind=EnterpriseKind.HAZCHEM,
        synthetic=True,
        source=_SOURCE,
    )
    with read_scope():
        units = process_units_of(enterprise.id)
    unit = (
        units[0]
        if units
        else create_process_unit(
            enterprise_id=enterprise.id, code="T-1", name="液氨罐区", kind=ProcessUnitKind.TANK_FARM
        )
    )
    with read_scope():
        hazard = hazard_of_unit(unit.id)
    if hazard is None:
        create_hazard(
            enterprise_id=enterprise.id,
            process_unit_id=unit.id,
            code="T-1",
            name="液氨罐区",
            kind=ProcessUnitKind.TANK_FARM,
            lon=_PLACE[0],
            lat=_PLACE[1],
            exposed_persons=60,
            holdings=[HoldingSpec("V-101", "氨", 200.0, 120.0, cas="7664-41-7", row="1")],
            source=_SOURCE,
        )
    hours = weather.hours(NIGHT - timedelta(hours=1), 3, seed)
    record_weather(
        [hour for hour in hours if hour.region == "640181"], source=weather.source_of(seed), synthetic=True
    )
    return enterprise.id, unit.id


def _instrument(unit: tuple[UUID, UUID], timeline: Timeline) -> tuple[PointView, str, str]:
    """A gas detector of this run alone, behind a gateway on the run's timeline: point, source, key."""
    enterprise_id, unit_id = unit
    source = f"drill-{timeline.id.hex[-12:]}"
    given = register_gateway(
        source=source, name="演示场景网关", enterprise_id=enterprise_id, timeline=timeline.id
    )
    point = create_point(
        gateway_id=given.gateway.id,
        tag="GT-101",
        name="氨气浓度",
        unit="ppm",
        kind=PointKind.TOXIC_GAS,
        sampling_s=float(EVERY_S),
        process_unit_id=unit_id,
        source=_SOURCE,
    )
    for kind, threshold in LIMITS_PPM:
        set_limit(point_id=point.id, kind=kind, threshold=threshold, deadband=2.0, note="演示取值")
    return point, source, given.key


@dataclass
class _Detector:
    """The run's gas detector at the platform's door."""

    door_url: str
    source: str
    key: str
    epoch: str
    sequence: int = 0

    def send(self, last: datetime, readings: list[float]) -> None:
        """The readings up to the moment *last*, as one batch; sent until durable."""
        self.sequence += 1
        count = len(readings)
        body = {
            "schema": 1,
            "source": self.source,
            "epoch": self.epoch,
            "sequence": self.sequence,
            "points": ["GT-101"],
            "units": ["ppm"],
            "times_ms": [to_ms(last) - 1000 * EVERY_S * (count - 1 - index) for index in range(count)],
            "values": [[value] for value in readings],
            "quality": [[int(Quality.SIMULATED)] for _ in readings],
        }
        headers = {"Authorization": f"Bearer {self.source}:{self.key}"}
        with _client(self.door_url) as client:

            def taken() -> bool | None:
                try:
                    return client.post("/ingest", json=body, headers=headers).status_code == 200 or None
                except httpx.TransportError:
                    return None

            _until(taken, "接入", "taking in")


def _first_alarm(point_id: UUID, detector: _Detector, value: float) -> AlarmView:
    """The alarm of the leak. A detector goes on reporting: its limits may be newer than its first readings."""
    at = NIGHT
    for _ in range(_REPORTS - 1):
        with suppress(Unavailable):
            return _until(lambda: _alarm(point_id), "报警", "alarm", _PATIENCE_S / _REPORTS)
        at += timedelta(seconds=EVERY_S)
        detector.send(at, [value])
    return _until(lambda: _alarm(point_id), "报警", "alarm", _PATIENCE_S / _REPORTS)


def _client(door_url: str) -> httpx.Client:
    if door_url.startswith("unix:"):
        transport = httpx.HTTPTransport(uds=door_url.removeprefix("unix:"))
        return httpx.Client(transport=transport, base_url="http://door", timeout=10)
    return httpx.Client(base_url=door_url, timeout=10)


def _alarm(point_id: UUID) -> AlarmView | None:
    """The graver alarm of the run, once both limits have been crossed."""
    with read_scope():
        return newest_alarm_of_point(point_id, Condition.HIGH_HIGH)


def _incident(steps: Steps, at: datetime, alarm: AlarmView) -> IncidentView:
    incident = open_from_alarm(alarm.id, kind=IncidentKind.TOXIC_RELEASE, note="演示场景")
    steps.add(
        "incident",
        at,
        kind=incident.kind.value,
        state=incident.state.value,
        place=[incident.lon, incident.lat],
        cas=incident.cas,
        exercise=incident.exercise,
        synthetic=incident.synthetic,
    )
    return incident


def _tell_results(steps: Steps, at: datetime, incident: IncidentView) -> None:
    """Footprint, people and manifests, as the runs keep them."""
    with read_scope():
        footprint = standing_run("incident", incident.id, "footprint")
        people = standing_run("incident", incident.id, "people")
    if footprint is None or people is None:
        raise Unavailable(Text("没有得到计算结果", "There is no result"))
    zones = footprint.result["zones"]
    steps.add(
        "footprint",
        at,
        release=footprint.result["release"],
        weather=footprint.result["weather"],
        zones=[
            {name: zone[name] for name in ("level", "ppm", "max_distance_m", "max_half_width_m")}
            for zone in zones
        ],
    )
    steps.add("people", at, zones=_counts(people.result["zones"]))
    steps.add(
        "manifest",
        at,
        runs=[
            {
                "purpose": run.purpose,
                "model": run.model,
                "model_version": run.model_version,
                "digest": run.digest,
                "tables": run.manifest["tables"],
                "caveats": [caveat["code"] for caveat in run.manifest["caveats"]],
            }
            for run in (footprint, people)
        ],
    )


def _counts(zones: dict[str, Any]) -> dict[str, Any]:
    """People and sites by outline, by name: ids differ between systems."""
    return {
        name: {
            "people": zone["people"],
            "sites": sorted(site["name"] for site in zone["sites"]),
            "hazards": sorted(hazard["name"] for hazard in zone["hazards"]),
        }
        for name, zone in zones.items()
    }


def _pass(timeline: Timeline, seconds: int) -> datetime:
    """Let *seconds* have gone by since the night's beginning; the timeline stands still again."""
    at = NIGHT + timedelta(seconds=seconds)
    reanchor_timeline(timeline.id, origin=at)
    return at


def _until(ask: Callable[[], T | None], zh: str, en: str, patience_s: float = _PATIENCE_S) -> T:
    """What *ask* gives once it gives something. Raises `Unavailable` after *patience_s*."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = ask()
        if found is not None:
            return found
        time.sleep(0.1)
    raise Unavailable(
        Text(f"等待{zh}超时", f"Waiting for {en} took too long"),
        next_step=Text("请用 anlan status 查看各进程", "See anlan status for the processes"),
    )
