"""From alarm to first threat zones as a person at the desk has them: through the API of a whole system.

A plant of its own with tanks, instruments, half an hour of their readings, weather and people around; every alarm is
opened (the page's GET) and asked once (its POST), so that no answer has been computed before.
"""

import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from anlan.benchmarks.machine import figure, pss_mb
from anlan.benchmarks.own_system import REGION, own_system, pids_of, signed_in, wait_for_kernels
from anlan.domains.monitoring.points.contracts import PointView

_SUBSTANCES = (("氨", "7664-41-7"), ("氯", "7782-50-5"), ("甲醇", "67-56-1"), ("硫化氢", "7783-06-4"))
_LON, _LAT = 106.60, 38.10
_COMPILED_S = 300.0
_EVERY_S, _SPAN_S = 10, 1800


def through_the_api(alarms: int) -> list[dict[str, object]]:
    """Half and 95 % of the times from opening an alarm to its zones, the first after the start among them; and the
    memory of the system after that."""
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with own_system(folder / "anlan") as system:
            ids = _alarms(alarms)
            compiled = wait_for_kernels(system, _COMPILED_S)
            taken = _asked(system["url"], ids)
            memory = pss_mb(pids_of(system["supervisor"]))
    note = (
        f"GET and POST of {len(taken)} alarms of different instruments and tanks at the front: history, engine (400 "
        f"members), people and places inside, database; the first, {taken[0]:,.0f} ms, loads the engine"
        f"{'' if compiled else ' and compiles it'}"
    )
    return [
        figure(
            "alarm_to_zones_p95_ms",
            float(np.percentile(taken, 95)),
            "ms",
            "lower",
            note=f"{note}; budget 1,500 ms",
        ),
        figure("alarm_to_zones_p50_ms", float(np.percentile(taken, 50)), "ms", "lower"),
        figure(
            "threats_memory_mb",
            memory,
            "MB",
            "lower",
            note="PSS of every process of that system, engine loaded",
        ),
    ]


def _asked(url: str, alarms: list[UUID]) -> list[float]:
    taken = []
    with signed_in(url, "duty_officer") as browser:
        for one in alarms:
            began = time.perf_counter()
            browser.get(f"/api/incidents/alarms/{one}/threat").raise_for_status()
            said = browser.post(f"/api/incidents/alarms/{one}/threat").raise_for_status().json()
            taken.append(1000 * (time.perf_counter() - began))
            if not said["footprint"]["result"]["zones"]:
                raise RuntimeError(f"no zones for alarm {one}")
    return taken


def _alarms(count: int) -> list[UUID]:
    """Alarms of as many instruments, three on each tank."""
    from anlan.server.cli.common import set_up_django

    set_up_django()
    from anlan.domains.monitoring.alarms.crossings import Crossing
    from anlan.domains.monitoring.alarms.models import Alarm
    from anlan.domains.monitoring.alarms.services import apply_crossings
    from anlan.domains.monitoring.points.services import set_limit
    from anlan.kernel.clock import now, to_ms
    from anlan.kernel.levels import Condition
    from anlan.platform.commands import acting_as, read_scope, service_principal

    with acting_as(service_principal("demo")):
        points = _plant(-(-count // 3))[:count]
        limits = [set_limit(point_id=one.id, kind=Condition.HIGH_HIGH, threshold=90.0) for one in points]
        _surroundings(now())
    _readings(points, now())
    at = to_ms(now())
    with acting_as(service_principal("evaluator")):
        apply_crossings(0, 1, [Crossing(one.number, True, at, at, 95.0) for one in limits])
    with acting_as(service_principal("demo")), read_scope():
        return list(Alarm.objects.values_list("id", flat=True))


def _plant(tanks: int) -> list[PointView]:
    """Tanks, each a unit with a major hazard, a level, a temperature and a gas detector beside it."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise, create_process_unit
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec
    from anlan.domains.monitoring.hazards.services import create_hazard
    from anlan.domains.monitoring.points.services import create_point, register_gateway
    from anlan.domains.monitoring.points.states import PointKind

    body = "91640181MABENCH02"
    plant = create_enterprise(
        code=body + check_digit(body),
        name="性能测量罐区",
        region=REGION,
        kind=EnterpriseKind.HAZCHEM,
        synthetic=True,
    )
    gateway = register_gateway(source="threats", name="threats", enterprise_id=plant.id).gateway
    kinds = (
        ("L", "液位", "%", PointKind.LEVEL),
        ("T", "温度", "°C", PointKind.TEMPERATURE),
        ("G", "气体", "mg/m³", PointKind.TOXIC_GAS),
    )
    made = []
    for n in range(tanks):
        name, cas = _SUBSTANCES[n % len(_SUBSTANCES)]
        lon, lat = _LON + 0.002 * (n % 4), _LAT + 0.002 * (n // 4)
        unit = create_process_unit(
            enterprise_id=plant.id, code=f"T-{n}", name=f"{name}罐区 {n}", kind=ProcessUnitKind.TANK_FARM
        )
        create_hazard(
            enterprise_id=plant.id,
            process_unit_id=unit.id,
            code=f"T-{n}",
            name=f"{name}罐区 {n}",
            kind=ProcessUnitKind.TANK_FARM,
            lon=lon,
            lat=lat,
            exposed_persons=20,
            holdings=[HoldingSpec(f"V-{n:03d}", name, 200.0 + n, 120.0 + n, cas=cas, row="1")],
        )
        made += [
            create_point(
                gateway_id=gateway.id,
                tag=f"{letter}-{n:03d}",
                name=f"V-{n:03d} {words}",
                unit=measured,
                kind=kind,
                sampling_s=float(_EVERY_S),
                process_unit_id=unit.id,
                lon=lon + 0.001,
                lat=lat,
            )
            for letter, words, measured, kind in kinds
        ]
    return made


def _surroundings(at: datetime) -> None:
    """A light wind of the hour, and people in every cell of the region."""
    from anlan.domains.data.population.services import GridOrigin, load_grid
    from anlan.domains.monitoring.weather.contracts import WeatherSpec
    from anlan.domains.monitoring.weather.services import record_weather
    from anlan.science.exposure import PopulationGrid

    hour = at.replace(minute=0, second=0, microsecond=0)
    record_weather(
        [WeatherSpec(REGION, REGION, hour - timedelta(hours=1), 2.0, 315.0, 1.0, 12.0)], source="性能测量"
    )
    persons = np.stack([np.full((84, 70), value) for value in (100.0, 60.0, 200.0)])
    origin = GridOrigin("性能测量", "均匀", "性能测量", datetime(2020, 11, 1, tzinfo=UTC))
    load_grid(PopulationGrid(persons, 104.2, 39.4, 0.05), origin)


def _readings(points: list[PointView], at: datetime) -> None:
    """Half an hour of each instrument, straight into the history: levels that fall, each faster than the last."""
    from anlan.adapters.clickhouse.historian import ClickHouseHistorian
    from anlan.kernel.clock import to_ms
    from anlan.ports.history import ReadingColumns

    steps = np.arange(_SPAN_S // _EVERY_S)
    times = to_ms(at) - 1000 * _EVERY_S * steps[::-1].astype(np.int64)
    random = np.random.default_rng(20_261_126)
    values = [_course(one, n, steps) + random.normal(0, 0.01, len(steps)) for n, one in enumerate(points)]
    rows = len(points) * len(steps)
    ClickHouseHistorian(os.environ["CLICKHOUSE_URL"]).append(
        ReadingColumns(
            np.repeat(np.array([one.number for one in points], np.int32), len(steps)),
            np.tile(times, len(points)),
            np.concatenate(values),
            np.zeros(rows, np.uint8),
            np.tile(times, len(points)),
            np.arange(rows, dtype=np.uint64),
        )
    )


def _course(point: PointView, n: int, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """What instrument *n* shows, in its own unit."""
    if point.unit == "%":
        return np.asarray(60.0 - 0.0005 * (5 + n) * _EVERY_S * steps, np.float64)
    return np.full(len(steps), 15.0 if point.unit == "°C" else 2.0 + 0.1 * n)
