"""Statistical hints: what they find, what they leave alone, and how missing readings are taken."""

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.validation import Case
from anlan.science.anomaly import (
    cusum,
    cusum_run_length,
    ewma,
    ewma_run_length,
    fit_monitor,
    mann_kendall,
    robust_baseline,
    time_to_limit,
)
from anlan.science.anomaly.validation import cases
from anlan.science.slope.failure import Outlook


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.case)
def test_validation_case(case: Case) -> None:
    assert case.passed, f"{case.ours} instead of {case.target}"


def plant(samples: int, seed: int = 3) -> np.ndarray:
    """Four points that two hidden movements drive."""
    chance = np.random.default_rng(seed)
    hidden = chance.standard_normal((samples, 2))
    mixing = np.array([[1.0, 0.5, 0.0, 1.0], [0.0, 1.0, 1.0, -0.5]])
    return 100.0 + hidden @ mixing + 0.1 * chance.standard_normal((samples, 4))


def test_a_monitor_finds_a_broken_relation_that_no_single_limit_sees() -> None:
    normal, later = plant(1000), plant(200, seed=4)
    monitor = fit_monitor(normal)
    later[100:, 1] = 2.0 * normal[:, 1].mean() - later[100:, 1]  # within its range, against its neighbours
    signals = monitor.score(later).signals
    assert signals[:100].mean() < 0.05 and signals[100:].mean() > 0.7
    assert np.abs(later[:, 1] - normal[:, 1].mean()).max() < 4.0 * normal[:, 1].std()


def test_normal_readings_exceed_both_limits_about_as_often_as_alpha_says() -> None:
    scores = fit_monitor(plant(2000), alpha=0.01).score(plant(20_000, seed=9))
    assert (scores.t2 > 1).mean() == pytest.approx(0.01, abs=0.004)
    assert (scores.q > 1).mean() == pytest.approx(0.01, abs=0.006)


def test_limits_from_left_out_blocks_are_never_below_the_theory_s() -> None:
    wandering = plant(600) + np.cumsum(0.05 * np.random.default_rng(1).standard_normal((600, 4)), axis=0)
    plain, held = fit_monitor(wandering), fit_monitor(wandering, blocks=4)
    assert held.t2_limit >= plain.t2_limit and held.q_limit > plain.q_limit


def test_the_point_that_moved_contributes_most() -> None:
    normal = plant(1000)
    strange = plant(1, seed=5)
    strange[0, 2] += 3.0
    shares = fit_monitor(normal).contributions(strange)
    assert shares.argmax() == 2
    assert shares.sum() == pytest.approx(fit_monitor(normal).score(strange).q[0])


def test_a_point_that_never_moves_is_left_out_and_a_missing_one_gives_no_score() -> None:
    normal = np.column_stack([plant(200), np.full(200, 7.0)])
    monitor = fit_monitor(normal)
    assert monitor.kept.tolist() == [True] * 4 + [False]
    gap = normal[:2].copy()
    gap[0, 1] = np.nan
    scores = monitor.score(gap)
    assert np.isnan(scores.q[0]) and not scores.signals[0] and np.isfinite(scores.q[1])


def test_too_little_to_train_on_is_refused_in_words() -> None:
    for training in (plant(8), np.ones((100, 4)), np.full((50, 3), np.nan)):
        with pytest.raises(Invalid, match="Too little to train on"):
            fit_monitor(training)


def test_charts_stand_still_while_readings_are_missing_and_take_one_signal_or_many() -> None:
    z = np.array([1.0, np.nan, 1.0])
    assert ewma(z, 0.5).value[:, 0].tolist() == [0.5, 0.5, 0.75]
    assert cusum(z, 0.5).upper[:, 0].tolist() == [0.5, 0.5, 1.0]
    many = np.column_stack([z, -z])
    assert np.array_equal(ewma(many).value[:, 0], -ewma(many).value[:, 1])
    assert np.array_equal(cusum(many).upper[:, 0], cusum(many).lower[:, 1])


def test_a_larger_shift_is_found_sooner_and_a_wider_chart_cries_less() -> None:
    lengths = [ewma_run_length(0.2, 2.962, shift) for shift in (0.0, 0.5, 1.0, 2.0, 3.0)]
    assert lengths == sorted(lengths, reverse=True)
    assert cusum_run_length(0.5, 5.0) > cusum_run_length(0.5, 4.0) > cusum_run_length(0.5, 4.0, 1.0)


def test_a_season_is_compared_with_itself() -> None:
    hours = np.tile(np.arange(24), 30)
    chance = np.random.default_rng(2)
    values = 20.0 + 10.0 * (hours >= 12) + chance.standard_normal(len(hours))
    base = robust_baseline(values, hours, 24)
    assert abs(base.z([30.0], [15])[0]) < 2.0
    assert base.z([30.0], [3])[0] > 5.0
    assert np.isnan(robust_baseline(np.ones(50), np.zeros(50), 1).z([2.0], [0])[0])


def test_no_trend_no_time_and_a_line_away_from_the_limit_gives_none() -> None:
    chance = np.random.default_rng(6)
    minutes = 60.0 * np.arange(60.0)
    assert abs(mann_kendall(chance.standard_normal(30)).z) < 2.0
    assert mann_kendall([5.0, 5.0, 5.0, 5.0, 5.0]).p == 1.0
    assert mann_kendall([1.0, np.nan, 2.0]).p == 1.0
    flat = time_to_limit(minutes, 50.0 + chance.standard_normal(60), 80.0, rising=True)
    assert flat.outlook is Outlook.NO_TREND and flat.time_s is None
    away = time_to_limit(minutes, 50.0 - minutes / 60.0, 80.0, rising=True)
    assert away.time_s is None


def test_the_band_of_the_crossing_holds_the_truth() -> None:
    chance = np.random.default_rng(8)
    minutes = 60.0 * np.arange(60.0)
    inside = 0
    for _ in range(200):
        found = time_to_limit(minutes, 50.0 + minutes / 120.0 + chance.standard_normal(60), 90.0, rising=True)
        assert found.early_s is not None and found.late_s is not None
        inside += found.early_s <= 4800.0 <= found.late_s
    assert inside / 200 == pytest.approx(0.9, abs=0.07)
