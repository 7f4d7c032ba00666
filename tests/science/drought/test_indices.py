"""SPI and SPEI: another program, and what any standardised index must do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from anlan.kernel.errors import Invalid
from anlan.science.drought.special import digamma, lower_gamma, normal_quantile, trigamma
from anlan.science.drought.standardised import LIMIT, running_total, short_record, spei, spi, weighted_total

MONTHS = np.arange(480) % 12


def monthly_rain(seed: int, cells: int = 3, dry: float = 0.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    rain = random.gamma(1.2, 25.0, (480, cells))
    return np.where(random.random(rain.shape) < dry, 0.0, rain)


@pytest.mark.parametrize("dry", [0.0, 0.15])
def test_spi_is_that_of_a_gamma_distribution_fitted_by_scipy(dry: float) -> None:
    rain = monthly_rain(1, dry=dry)
    index = spi(rain, MONTHS)
    for month in range(12):
        for cell in range(3):
            sample = rain[month::12, cell]
            wet = sample[sample > 0]
            share = 1 - len(wet) / len(sample)
            expected = share + (1 - share) * stats.gamma.cdf(sample, *stats.gamma.fit(wet, floc=0))
            np.testing.assert_allclose(index[month::12, cell], stats.norm.ppf(expected), atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_indices_are_standard_normal(seed: int) -> None:
    wet = spi(monthly_rain(seed, 200), MONTHS)
    balance = spei(monthly_rain(seed, 200) - 40.0, MONTHS)
    for index in (wet, balance):
        assert abs(index.mean()) < 0.03 and abs(index.std() - 1) < 0.03
        assert np.abs(index).max() <= LIMIT


@given(st.integers(0, 100), st.floats(0.01, 100.0))
def test_the_unit_of_rain_does_not_matter(seed: int, factor: float) -> None:
    rain = monthly_rain(seed, 1, 0.1)
    np.testing.assert_allclose(spi(rain, MONTHS), spi(factor * rain, MONTHS), atol=1e-9)
    np.testing.assert_allclose(spei(rain, MONTHS), spei(factor * rain + 7.0, MONTHS), atol=1e-6)


@given(st.integers(0, 100))
def test_more_rain_in_a_month_is_never_drier(seed: int) -> None:
    rain = monthly_rain(seed, 1, 0.1)[:, 0]
    for index in (spi(rain, MONTHS), spei(rain, MONTHS)):
        july = np.argsort(rain[6::12], kind="stable")
        assert (np.diff(index[6::12][july]) >= -1e-12).all()


def test_cells_do_not_touch_each_other_and_shape_is_kept() -> None:
    rain = monthly_rain(5, 6).reshape(480, 2, 3)
    whole = spi(rain, MONTHS)
    assert whole.shape == rain.shape
    np.testing.assert_array_equal(whole[:, 1, 2], spi(rain[:, 1, 2], MONTHS))


def test_only_reference_years_are_fitted() -> None:
    rain = monthly_rain(6, 1)
    fitted = np.arange(480) < 360
    changed = rain.copy()
    changed[360:] *= 3.0
    before, after = spi(rain, MONTHS, fitted), spi(changed, MONTHS, fitted)
    np.testing.assert_array_equal(before[:360], after[:360])
    assert (after[360:] > before[360:]).all()


def test_missing_months_stay_missing_and_disturb_nobody() -> None:
    rain = monthly_rain(7, 1)
    holed = rain.copy()
    holed[24] = np.nan
    index = spi(holed, MONTHS)
    assert np.isnan(index[24]) and np.isfinite(np.delete(index, 24)).all()
    np.testing.assert_array_equal(index[25], spi(rain, MONTHS)[25])


def test_too_short_a_record_gives_nothing_rather_than_something() -> None:
    rain = monthly_rain(8, 1)[:108]
    assert np.isnan(spi(rain, MONTHS[:108])).all() and np.isnan(spei(rain, MONTHS[:108])).all()
    assert short_record(29) and not short_record(30)


@pytest.mark.parametrize("value", [0.0, 12.5])
def test_months_that_are_all_alike_are_finite_or_missing(value: float) -> None:
    same = np.full(480, value)
    for index in (spi(same, MONTHS), spei(same, MONTHS)):
        assert not np.isinf(index).any()
        assert np.isnan(index).all() or np.nanmax(np.abs(index)) < 1e-6


def test_a_rainless_month_in_a_desert_is_as_the_standard_says() -> None:
    rain = np.concatenate([np.zeros(30), np.arange(1.0, 11.0)])
    index = spi(rain, np.zeros(40, np.int64))
    assert index[0] == pytest.approx(stats.norm.ppf(0.75))


@given(st.integers(2, 38), st.floats(0.1, 500.0))
def test_where_every_wet_month_brings_the_same_the_dry_ones_count_by_their_share(
    dry: int, rain: float
) -> None:
    """No gamma distribution fits equal totals: the wet half of H is then a step at them."""
    index = spi(np.where(np.arange(40) < dry, 0.0, rain), np.zeros(40, np.int64))
    share = dry / 40
    np.testing.assert_allclose(index[:dry], stats.norm.ppf(share), atol=1e-6)
    np.testing.assert_allclose(index[dry:], stats.norm.ppf(share + 0.5 * (1 - share)), atol=1e-4)


@pytest.mark.parametrize(
    ("values", "season"),
    [
        ([-1.0] * 20, [0] * 20),
        ([np.inf] * 20, [0] * 20),
        ([1.0] * 20, [0] * 19),
        ([1.0] * 20, [-1] * 20),
        ([1.0] * 20, [0.5] * 20),
        ([1.0] * 20, [np.nan] * 20),
        ([1.0] * 20, [10**9] * 20),
    ],
)
def test_impossible_records_are_refused(values: list[float], season: list[int]) -> None:
    with pytest.raises(Invalid):
        spi(values, season)


def test_one_odd_value_among_equals_is_odd_in_its_own_direction() -> None:
    for odd in (4.0, 6.0):
        index = spei(np.concatenate([np.full(39, 5.0), [odd]]), np.zeros(40, np.int64))
        assert (index[-1] > index[0]) == (odd > 5.0) and abs(index[-1]) > 1.5


def test_an_empty_record_is_answered_empty() -> None:
    assert running_total(np.empty((0, 4)), 3).shape == (0, 4)
    assert spi(np.empty((0, 4)), np.empty(0, np.int64)).shape == (0, 4)


@given(arrays(np.float64, 60, elements=st.floats(0, 100)), st.integers(1, 30))
def test_running_totals_are_sums(values: np.ndarray, steps: int) -> None:
    totals = running_total(values, steps)
    assert np.isnan(totals[: steps - 1]).all()
    for end in range(steps - 1, 60):
        assert totals[end] == pytest.approx(values[end - steps + 1 : end + 1].sum())


def test_a_dry_spell_after_rain_adds_up_to_nothing_at_all() -> None:
    rain = np.concatenate([np.full(50, 0.1), np.zeros(50)])
    assert (running_total(rain, 30)[79:] == 0.0).all()
    with pytest.raises(Invalid):
        running_total(rain, 0)


def test_weighted_rain_forgets_slowly() -> None:
    rain = np.zeros(130)
    rain[60] = 10.0
    total = weighted_total(rain)
    assert np.isnan(total[59]) and total[60] == 10.0
    assert total[70] == pytest.approx(10 * 0.95**10) and total[121] == 0.0
    assert np.isnan(weighted_total(rain[:30])).all()
    for days, decay in ((-1, 0.95), (60, 1.5), (60, float("nan"))):
        with pytest.raises(Invalid):
            weighted_total(rain, days, decay)


@given(st.floats(1e-3, 500.0), st.floats(1e-4, 3.0))
def test_special_functions_are_those_of_scipy(shape: float, share: float) -> None:
    assert digamma(shape) == pytest.approx(float(special.digamma(shape)), abs=1e-11, rel=1e-11)
    assert trigamma(shape) == pytest.approx(float(special.polygamma(1, shape)), rel=1e-10)
    p, q = lower_gamma(shape, share * shape, float(special.gammaln(shape)))
    assert p == pytest.approx(float(special.gammainc(shape, share * shape)), abs=1e-12)
    assert q == pytest.approx(float(special.gammaincc(shape, share * shape)), abs=1e-12)


@given(st.floats(1e-12, 1 - 1e-12))
def test_the_normal_quantile_is_that_of_scipy(p: float) -> None:
    assert normal_quantile(p, 1 - p) == pytest.approx(float(stats.norm.ppf(p)), abs=1e-9)
