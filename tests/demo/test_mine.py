"""The generated mine: the same for the same moment, and its story as it is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from tests.people import as_service

from anlan.kernel.levels import WarningLevel
from anlan.platform.commands import read_scope

TURN = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_moment_shows_the_same_whoever_asks_and_in_whatever_company() -> None:
    from anlan.demo.mine import motion

    moments = [TURN + step * motion.SAMPLING for step in range(5)]
    together = motion.values(TURN, moments)
    assert np.array_equal(together[3], motion.values(TURN, [moments[3]])[0])


def test_the_record_before_the_turn_keeps_its_batches_over_a_restart(tmp_path: Path) -> None:
    from anlan.demo.mine.live import batch, turn_of

    turn = turn_of(tmp_path / "mine.json")
    assert turn_of(tmp_path / "mine.json") == turn
    one = batch(turn, [turn - timedelta(days=1)], "record", 0)
    assert one == batch(turn, [turn - timedelta(days=1)], "record", 0)
    assert set(one["quality"][0]) == {4}, "simulated"  # type: ignore[index]


def test_the_runaway_station_is_orange_on_the_first_day_and_its_failure_is_days_away() -> None:
    from anlan.demo.mine import motion
    from anlan.kernel.units import UNITS
    from anlan.science.slope import Scenario, VelocityTable, assess

    step, readings = timedelta(hours=6), 36
    starts = [TURN - motion.PAST + n * step for n in range(int(motion.PAST / step))]
    columns = [motion.GAUGES.index(gauge) for gauge in motion.RUNAWAY]
    moments = [start + n * motion.SAMPLING for start in starts for n in range(readings)]
    metres = motion.values(TURN, moments)[:, columns].reshape(-1, readings, 3).mean(axis=1) * 1e-3
    mm_d = UNITS["mm/d"].factor
    table = VelocityTable({WarningLevel.ORANGE: 10 * mm_d, WarningLevel.RED: 30 * mm_d}, "演示")
    seconds = np.array([(start + step / 2).timestamp() for start in starts])
    judged = assess(Scenario("2", seconds, metres, 0.5e-3, table=table))
    assert judged.level_by_table is WarningLevel.ORANGE
    assert judged.forecast.time_s is not None
    assert 4 < (judged.forecast.time_s - TURN.timestamp()) / 86_400 < 8


def test_the_mine_is_loaded_once_and_owes_no_required_signal(db: Any) -> None:
    from anlan.demo.mine.load import load_mine
    from anlan.domains.monitoring.access.models import Connection
    from anlan.domains.monitoring.structures.models import PondPoint, SlopeStation, Structure

    with as_service("demo"):
        first, again = load_mine(), load_mine()
        assert first.keys() == again.keys()
        with read_scope():
            assert (Structure.objects.count(), SlopeStation.objects.count(), PondPoint.objects.count()) == (
                2,
                2,
                7,
            )
            assert Connection.objects.count() == 2
            assert all(row.synthetic for row in Structure.objects.all())
