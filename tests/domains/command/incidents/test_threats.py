"""From an alarm to threat zones without a word typed: by the stock on record, and by what the instruments show."""

from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from tests.domains.command.incidents.conftest import LAT, LON, NOW

from anlan.domains.command.incidents.seeding import spec_of_alarm
from anlan.domains.command.incidents.services import assess_threat
from anlan.domains.command.incidents.services.threatened import air_in
from anlan.kernel.clock import FixedClock, to_ms, use_clock
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.ports.history import Series


class Remembered:
    """A historian with the readings of some points, every ten seconds of the last half hour."""

    def __init__(self, values: dict[int, np.ndarray]) -> None:
        self.values = values

    def series(self, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
        value = np.asarray(self.values.get(point, np.empty(0)), np.float64)
        times = to_ms(NOW) - 10_000 * np.arange(len(value))[::-1].astype(np.int64)
        kept = (times >= start_ms) & (times < end_ms)
        value, times = value[kept], times[kept]
        quality, count = np.zeros(len(value), np.uint8), np.ones(len(value), np.uint64)
        return Series(times, value, value, value, value, quality, count, count, thinned=False)


@pytest.fixture
def history():
    """``history({number: values})`` from now on."""
    from anlan.domains.monitoring.points import history as place

    yield lambda values: place.use(Remembered(values))
    place.use(None)


def new_point(plant, tag: str, name: str, unit: str, kind: str, **more):
    from anlan.domains.monitoring.points.queries import find_point
    from anlan.domains.monitoring.points.services import create_point
    from anlan.domains.monitoring.points.states import PointKind

    limit, hazard = plant
    with acting_as(service_principal("demo")):
        with read_scope():
            detector = find_point(limit.point_id)
        return create_point(
            gateway_id=detector.gateway_id,
            tag=tag,
            name=name,
            unit=unit,
            kind=PointKind(kind),
            sampling_s=10.0,
            process_unit_id=hazard.process_unit_id,
            **more,
        )


def assessed(alarm):
    """The result of the zones, of the people, and the run of the zones."""
    from anlan.platform.provenance.queries import standing_run

    with acting_as(service_principal("demo")), use_clock(FixedClock(NOW)):
        assess_threat(alarm.id, spec_of_alarm(alarm.id, air_in))
        with read_scope():
            zones = standing_run("alarm", alarm.id, "threat")
            people = standing_run("alarm", alarm.id, "threat_people")
    return SimpleNamespace(zones=zones.result, people=people.result["zones"], run=zones)


def codes(run) -> set[str]:
    return {one["code"] for one in run.manifest["caveats"]}


def test_without_any_reading_a_typical_hole_stands_for_the_leak_and_says_so(alarm, weather, people, history):
    history({})
    made = assessed(alarm)
    named = {zone["name"]: zone for zone in made.zones["zones"]}
    assert {"aegl1", "aegl2", "aegl3"} <= set(named)
    assert named["aegl3"]["farthest_m"] < named["aegl2"]["farthest_m"] < named["aegl1"]["farthest_m"]
    assert any(zone["group"] == "probability" for zone in made.zones["zones"]), "bands, not one outline"
    assert made.zones["seen"] == [] and "threat.hole" in codes(made.run)
    school = made.people["aegl1"]["sites"][0]
    assert school["name"] == "下风向小学" and 0 < school["chance"] <= 1 and school["arrival_s"] > 60
    assert made.people["aegl1"]["people"]["high"] > 0


def test_a_falling_level_gives_the_rate_with_its_interval(plant, alarm, weather, people, history):
    level = new_point(plant, "LT-101", "V-101液位", "%", "level")
    rng = np.random.default_rng(3)
    minutes = np.arange(180)
    # 1.2 kg/s out of 200 t: 0.0006 % a second
    falling = 60 - 0.0006 * 10 * minutes + rng.normal(0, 0.01, 180)
    history({level.number: falling})
    made = assessed(alarm)
    (seen,) = made.zones["seen"]
    assert seen["basis"] == "level" and seen["readings"] == 180
    assert seen["low_kg_s"] < 1.2 < seen["high_kg_s"] and seen["rate_kg_s"] == pytest.approx(1.2, rel=0.1)
    assert made.zones["source"]["released_kg"] == pytest.approx(1.2 * 1800, rel=0.15)
    assert {"threat.shape"} <= codes(made.run) and "threat.hole" not in codes(made.run)


def test_a_steady_level_is_no_leak(plant, alarm, weather, people, history):
    level = new_point(plant, "LT-101", "V-101液位", "%", "level")
    history({level.number: 60 + np.random.default_rng(1).normal(0, 0.05, 180)})
    made = assessed(alarm)
    assert made.zones["seen"] == [] and "threat.hole" in codes(made.run)


def test_a_detector_with_a_place_tells_the_release_by_the_plume(plant, alarm, weather, people, history):
    from anlan.science.chemical.dispersion.plume import Plume
    from anlan.science.chemical.weather import Stability, Weather

    # 200 m downwind of the tank, the wind from the north-west
    lon, lat = LON + 0.00161, LAT - 0.00127
    sniffer = new_point(plant, "GT-102", "边界氨气", "mg/m³", "toxic_gas", lon=lon, lat=lat)
    air = Weather(2.0, 315.0, Stability.F, temperature_k=270.15)
    shown = 0.4 * float(Plume(1.0, air, 0.0).at(200.0, 0.0, 1.5)) * 1e6
    history({sniffer.number: np.full(180, shown)})
    made = assessed(alarm)
    (seen,) = made.zones["seen"]
    assert seen["basis"] == "detectors" and 0.2 < seen["rate_kg_s"] < 0.8
    assert seen["high_kg_s"] / seen["low_kg_s"] > 4, "the factor of two of the model stays in the interval"
    assert made.zones["kind"] == "toxic_release"


def test_without_weather_every_direction_is_drawn(alarm, people, history):
    history({})
    made = assessed(alarm)
    assert "threat.no_weather" in codes(made.run) and made.zones["weather"]["is_calm"]


def test_a_silent_history_is_said_and_stops_nothing(alarm, weather, people):
    made = assessed(alarm)
    assert "threat.no_history" in codes(made.run) and made.zones["zones"]


def test_the_incident_of_the_alarm_begins_with_the_suggested_release(alarm, weather, people, history):
    from anlan.domains.command.incidents.api import _situation
    from anlan.domains.command.incidents.services import open_from_alarm
    from anlan.domains.command.incidents.states import IncidentKind

    history({})
    made = assessed(alarm)
    with acting_as(service_principal("demo")), use_clock(FixedClock(NOW + timedelta(minutes=1))):
        incident = open_from_alarm(alarm.id, kind=IncidentKind.TOXIC_RELEASE)
        with read_scope():
            suggested = _situation(incident.id).suggested
    assert suggested is not None and suggested.run == made.run.id and suggested.cas == "7664-41-7"
    assert suggested.rate_kg_s == made.zones["source"]["steady_rate_kg_s"]


@pytest.mark.parametrize("role", ["duty_officer", "park"])
def test_whoever_may_open_an_incident_may_ask(alarm, weather, people, history, signed_in, role):
    history({})
    with acting_as(signed_in(role, "640181")), use_clock(FixedClock(NOW)):
        assert assess_threat(alarm.id, spec_of_alarm(alarm.id, air_in))


def test_another_county_asks_in_vain(alarm, weather, history, signed_in):
    from anlan.kernel.errors import NotFound

    history({})
    with acting_as(signed_in("duty_officer", "640402")), use_clock(FixedClock(NOW)), pytest.raises(NotFound):
        spec_of_alarm(alarm.id, air_in)
