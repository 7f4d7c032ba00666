"""Hints beside a unit's score: out of the real history, with their cards, and without touching any level."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.domains.monitoring.plant import Plant
from tests.domains.monitoring.readings import send
from tests.domains.monitoring.risk.tank_farm import FIRST, add_points, score
from tests.people import LINGWU, as_service, new_principal

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.risk.hints import SPAN, STEP, Hints, hints_of, watched_points
from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.platform.commands import acting_as, read_scope

STEPS = SPAN // STEP
WATCHED_STEPS = 36


@pytest.fixture
def readings() -> NDArray[np.float64]:
    """A week of three points that one hidden movement drives: quiet, with a daily swing."""
    chance = np.random.default_rng(11)
    hidden = chance.standard_normal(STEPS)
    return np.column_stack([50.0 + hidden, 20.0 + 2.0 * hidden, 5.0 - hidden]) + 0.1 * chance.standard_normal(
        (STEPS, 3)
    )


@pytest.fixture
def ask(plant: Plant, store: ClickHouseHistorian) -> Callable[[NDArray[np.float64]], Hints]:
    """``ask(readings)``: hints at the time of the first alarm when the unit's points have sent these."""
    pressures = add_points(plant, "pressure", "flow")
    numbers = [plant.point_number, *(number for number, _ in pressures)]

    def asked(values: NDArray[np.float64]) -> Hints:
        start = FIRST - timedelta(microseconds=FIRST.microsecond) - SPAN
        for number, column in zip(numbers, values.T, strict=True):
            send(store, number, start, np.arange(STEPS) * STEP.total_seconds() + 60.0, column)
        with as_service("worker"), read_scope():
            points = watched_points(plant.enterprise, plant.unit)
        return hints_of(points, FIRST)

    return asked


def models(found: Hints) -> set[str]:
    return {hint.model.id for hint in found.found}


def test_a_quiet_unit_has_no_hints(ask: Any, readings: NDArray[np.float64]) -> None:
    found = ask(readings)
    assert found.points == 3 and found.trained > 900 and not found.without
    assert "anomaly.pca" not in models(found) and "anomaly.season" not in models(found)


def test_points_that_no_longer_move_together_are_pointed_out_by_name(
    ask: Any, readings: NDArray[np.float64]
) -> None:
    readings[-WATCHED_STEPS:, 1] = 40.0 - readings[-WATCHED_STEPS:, 1]  # within its range, against the others
    found = ask(readings)
    (hint,) = [one for one in found.found if one.model.id == "anomaly.pca"]
    assert "X-0" in hint.words.zh and hint.figure > 30.0
    assert {caveat.code for caveat in hint.model.caveats} >= {"anomaly.hint_only"}


def test_a_rising_temperature_tells_when_it_meets_its_limit(ask: Any, readings: NDArray[np.float64]) -> None:
    readings[-WATCHED_STEPS:, 0] += np.linspace(0.0, 20.0, WATCHED_STEPS)  # 50 → 70 in six hours; H is 80
    found = ask(readings)
    (hint,) = [one for one in found.found if one.model.id == "anomaly.time_to_limit"]
    assert hint.point is not None and hint.point.tag == "TI-101"
    assert hint.figure == pytest.approx(3.0, abs=1.5)
    assert {"anomaly.season", "anomaly.ewma", "anomaly.cusum"} <= models(found)


def test_too_little_history_says_so(ask: Any, readings: NDArray[np.float64]) -> None:
    readings[:-WATCHED_STEPS] = np.nan
    found = ask(readings)
    assert found.found == () and "训练数据不足" in found.without[0].zh


def test_hints_lower_no_level_and_raise_no_alarm(
    ask: Any, plant: Plant, compute: Callable[[float], int], readings: NDArray[np.float64]
) -> None:
    from anlan.domains.monitoring.alarms.models import Alarm

    compute(0)
    before = score(SubjectKind.UNIT, plant.unit)
    readings[-WATCHED_STEPS:, 1] = 40.0 - readings[-WATCHED_STEPS:, 1]
    assert ask(readings).found
    compute(0.5)
    after = score(SubjectKind.UNIT, plant.unit)
    assert (after.index, after.level, after.parts) == (before.index, before.level, before.parts)
    with as_service("worker"), read_scope():
        assert not Alarm.objects.exists()


def test_without_the_history_hints_are_unavailable(plant: Plant) -> None:
    with acting_as(new_principal("local_bureau", LINGWU)), read_scope():
        points = watched_points(plant.enterprise, plant.unit)
    with pytest.raises(history.HistoryUnavailable):
        hints_of(points, FIRST)
