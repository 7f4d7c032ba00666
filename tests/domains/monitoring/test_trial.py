"""The test bench of rules: what another threshold would have told, by the evaluator's own step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.domains.monitoring.readings import send
from tests.people import LINGWU, YANCHI, as_service, new_principal
from tests.server.conftest import browser_of, new_person

from anlan import __version__
from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.domains.monitoring.points import trial
from anlan.domains.monitoring.points.contracts import LimitSpec, PointSpec
from anlan.domains.monitoring.points.services import create_points
from anlan.domains.monitoring.points.states import PointKind
from anlan.domains.monitoring.points.trial import try_rule
from anlan.kernel.levels import Condition
from anlan.platform.commands import acting_as, read_scope
from anlan.platform.http.problems import InvalidFields

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERIOD = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-01T01:00:00Z"}


@pytest.fixture
def plant(db: Any, store: ClickHouseHistorian) -> Plant:
    """Every ten minutes of an hour the temperature stands at 82 for a minute, and once at 90 for five."""
    plant = new_plant("tried")
    seconds = np.arange(3600)
    values = np.where(seconds % 600 < 60, 82.0, 60.0)
    values[1800:2100] = 90.0
    send(store, plant.point_number, START, seconds, values)
    return plant


def tried(plant: Plant, **figures: Any) -> trial.Trial:
    seconds = figures.pop("seconds", trial.MAX_SECONDS)
    spec = LimitSpec(plant.point, figures.pop("kind", Condition.HIGH), **figures)
    with as_service("demo"), read_scope():
        return try_rule(spec, START, START + HOUR, seconds=seconds)


def test_a_higher_threshold_would_have_told_one_alarm_where_the_present_one_told_six(plant: Plant) -> None:
    found = tried(plant, threshold=85.0)
    assert found.in_force is not None
    assert (found.in_force.count, found.in_force.total_s) == (6, 5 * 60 + 300)
    (alarm,) = found.tried.alarms
    assert (alarm.raised_at, alarm.returned_at) == (START + HOUR / 2, START + timedelta(seconds=2100))
    assert (alarm.value, found.readings, found.complete) == (90.0, 3600, True)


def test_a_delay_of_two_minutes_would_have_left_the_short_ones_out(plant: Plant) -> None:
    found = tried(plant, threshold=80.0, on_delay_s=120.0)
    assert [one.raised_at for one in found.tried.alarms] == [START + timedelta(seconds=1920)]


def test_the_cut_of_the_history_into_blocks_does_not_matter(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tried(plant, kind=Condition.RISING, threshold=20.0, window_s=30.0)
    monkeypatch.setattr(trial, "_CHUNK", 500)
    assert whole.tried.count == 5 and whole.in_force is None
    assert tried(plant, kind=Condition.RISING, threshold=20.0, window_s=30.0) == whole


def test_a_deviation_is_tried_against_the_history_of_its_reference(
    plant: Plant, store: ClickHouseHistorian
) -> None:
    with as_service("demo"):
        (other,) = create_points(
            plant.gateway, [PointSpec("TI-102", "储罐温度二", "°C", PointKind.TEMPERATURE, 1.0)]
        )
    send(store, other.number, START, np.arange(3600), np.full(3600, 60.0))
    found = tried(plant, kind=Condition.DEVIATION, threshold=25.0, reference_id=other.id)
    assert [one.value for one in found.tried.alarms] == [90.0] and found.readings == 7200


def test_when_the_time_allowed_is_over_what_was_found_is_told(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_FIRST_STEP", timedelta(minutes=10))
    found = tried(plant, threshold=80.0, seconds=0.0)
    assert (found.complete, found.until, found.tried.count) == (False, START + timedelta(minutes=10), 1)


def test_too_long_a_period_too_many_readings_and_silence_are_refused(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = LimitSpec(plant.point, Condition.HIGH, threshold=80.0)
    with as_service("demo"), read_scope():
        with pytest.raises(InvalidFields):
            try_rule(spec, START, START + timedelta(days=93))
        with pytest.raises(InvalidFields):
            try_rule(LimitSpec(plant.point, Condition.NO_DATA, on_delay_s=60.0), START, START + HOUR)
        monkeypatch.setattr(trial, "MAX_READINGS", 3599)
        with pytest.raises(InvalidFields):
            try_rule(spec, START, START + HOUR)


def test_over_http_a_person_of_the_county_tries_and_one_of_another_finds_no_point(plant: Plant) -> None:
    path = f"/api/points/{plant.point}/trial"
    asked = {**PERIOD, "kind": "H", "threshold": "85"}
    said = browser_of(new_person("tries", "duty_officer", LINGWU)).get(path, asked).json()
    assert (said["tried"]["count"], said["in_force"]["count"], said["complete"]) == (1, 6, True)
    assert said["tried"]["alarms"][0]["value"] == 90.0
    assert said["in_force_id"] == str(plant.limits[Condition.HIGH])
    assert (said["software_version"], bool(said["as_of"])) == (__version__, True)
    other = browser_of(new_person("elsewhere", "duty_officer", YANCHI))
    assert other.get(path, asked).status_code == 404
    ours = browser_of(new_person("tries-again", "duty_officer", LINGWU))
    refused = ours.get(path, {**asked, "window_s": "60"})
    assert refused.status_code == 422 and "window_s" in refused.content.decode()
    with acting_as(new_principal("duty_officer", LINGWU)), read_scope():
        assert (
            try_rule(LimitSpec(plant.point, Condition.HIGH, threshold=85.0), START, START + HOUR).tried.count
            == 1
        )
