"""The drought engine beside closed forms, another program and published tables."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from scipy import stats

from anlan.kernel.validation import Case, Certainty
from anlan.science.drought.evapotranspiration import extraterrestrial_radiation, hargreaves_mm
from anlan.science.drought.fire_weather import fire_grade, fire_index
from anlan.science.drought.grades import ci, grade_of_index, grade_of_soil_moisture, mci, moisture_index
from anlan.science.drought.scenario import Scenario, run
from anlan.science.drought.standardised import spei, spi, weighted_total

NAME = "drought"
_SURE, _PROBABLE = Certainty.SURE, Certainty.PROBABLE


def cases() -> Iterator[Case]:
    yield from _spi()
    yield from _spei()
    yield from _evapotranspiration()
    yield from _composite()
    yield from _grades()
    yield from _fire()
    yield from _monitor()


def _spi() -> Iterator[Case]:
    model = "drought.spi"
    shape, scale, years = 2.0, 20.0, 4000
    # the sample is the distribution's own quantiles: the fit must find it again
    values = stats.gamma.ppf((np.arange(years) + 0.5) / years, shape, scale=scale)
    index = spi(np.concatenate([values, [60.0]]), np.zeros(years + 1, np.int64), np.arange(years + 1) < years)
    target = NormalDist().inv_cdf(1 - np.exp(-3.0) * 4.0)
    source = "closed form: G(60) = 1 − 4·e⁻³ of the gamma distribution with shape 2, scale 20"
    yield Case("SPI of 60 mm", source, _SURE, target, float(index[-1]), "", 0.005, model=model)
    dry = np.concatenate([np.zeros(20), stats.gamma.ppf((np.arange(80) + 0.5) / 80, 1.0, scale=30.0)])
    index = spi(dry, np.zeros(100, np.int64))
    source = "McKee et al. 1993: H(0) is the share of rainless periods, 20 %"
    yield Case(
        "SPI of a rainless month",
        source,
        _SURE,
        NormalDist().inv_cdf(0.2),
        float(index[0]),
        "",
        1e-9,
        model=model,
    )
    random = np.random.default_rng(20)
    sample = random.gamma(0.9, 25.0, 40)
    fitted = stats.gamma.fit(sample, floc=0)
    target = stats.norm.ppf(stats.gamma.cdf(sample[7], *fitted))
    source = "scipy.stats.gamma, maximum likelihood with location 0"
    ours = float(spi(sample, np.zeros(40, np.int64))[7])
    yield Case("SPI of a seeded sample", source, _SURE, float(target), ours, "", 1e-5, model=model)
    grid = random.gamma(2.0, 30.0, (1200, 50))
    index = spi(grid, np.arange(1200) % 12)
    source = "definition: the index is standard normal"
    yield Case("mean of SPI", source, _SURE, 0.0, float(index.mean()), "", 0.005, model=model)
    yield Case("standard deviation of SPI", source, _SURE, 1.0, float(index.std()), "", 0.01, model=model)


def _spei() -> Iterator[Case]:
    model = "drought.spei"
    years = 4000
    probability = (np.arange(years) + 0.5) / years
    # log-logistic with shape 5, scale 100, origin −60: Vicente-Serrano et al. 2010, equation of F(x)
    values = -60 + 100 * (probability / (1 - probability)) ** 0.2
    index = spei(np.concatenate([values, [0.0]]), np.zeros(years + 1, np.int64), np.arange(years + 1) < years)
    target = NormalDist().inv_cdf(1 / (1 + (100 / 60) ** 5))
    source = "closed form: F(0) of the log-logistic distribution with shape 5, scale 100, origin −60"
    yield Case("SPEI of a balance of 0 mm", source, _SURE, target, float(index[-1]), "", 0.01, model=model)
    symmetric = stats.logistic.ppf(probability, 10.0, 8.0)
    index = spei(
        np.concatenate([symmetric, [2.0]]), np.zeros(years + 1, np.int64), np.arange(years + 1) < years
    )
    target = NormalDist().inv_cdf(1 / (1 + np.exp(1.0)))
    source = "closed form: the logistic limit of no skew"
    yield Case("SPEI without skew", source, _SURE, target, float(index[-1]), "", 0.01, model=model)


def _evapotranspiration() -> Iterator[Case]:
    model = "drought.hargreaves"
    source = "Allen et al. 1998, FAO-56, example 8: 3 September at 20° S"
    ours = float(extraterrestrial_radiation(246, -20.0))
    yield Case("extraterrestrial radiation", source, _SURE, 32.2, ours, "MJ/m²", 0.05, model=model)
    source = "FAO-56 equation 52 by hand with Ra 32.2: 0.0023·(18 + 17.8)·√12·0.408·32.2"
    target = 0.0023 * (18 + 17.8) * 12**0.5 * 0.408 * 32.2
    ours = float(hargreaves_mm(12.0, 24.0, 246, -20.0))
    yield Case("Hargreaves evapotranspiration", source, _SURE, target, ours, "mm", 0.01, model=model)


def _composite() -> Iterator[Case]:
    source = "GB/T 20481-2017, MCI"
    target = 0.3 * -1.2 + 0.5 * -0.8 + 0.3 * -1.0 + 0.2 * -0.6
    ours = float(mci(-1.2, -0.8, -1.0, -0.6, "north_west"))
    yield Case("MCI of the north and west", source, _SURE, target, ours, "", 1e-12, model="drought.mci")
    target = 1.1 * (0.5 * -1.2 + 0.6 * -0.8 + 0.2 * -1.0 + 0.1 * -0.6)
    ours = float(mci(-1.2, -0.8, -1.0, -0.6, "south", 1.1))
    yield Case("MCI of the south, Ka 1.1", source, _SURE, target, ours, "", 1e-12, model="drought.mci")
    ours = float(ci(-1.0, -0.5, -0.9))
    yield Case("older index CI", "GB/T 20481-2006", _SURE, -0.4 - 0.2 - 0.72, ours, "", 1e-12)
    ours = float(moisture_index(12.0, 48.0))
    yield Case("relative moisture index", "GB/T 20481-2017, MI", _SURE, -0.75, ours, "", 1e-12)
    ours = float(weighted_total(np.full(100, 2.0))[-1])
    target = 2 * (1 - 0.95**61) / 0.05
    source = "closed form: Σ 0.95ⁿ over 61 days"
    yield Case("weighted rain of steady drizzle", source, _SURE, target, ours, "mm", 1e-9)


def _grades() -> Iterator[Case]:
    source = "GB/T 20481-2017, bounds −0.5, −1, −1.5, −2"
    for index, target in ((-0.49, 0), (-0.5, 1), (-1.0, 2), (-1.5, 3), (-2.0, 4)):
        ours = float(grade_of_index(index))
        yield Case(f"grade of {index}", source, _SURE, target, ours, "grade", 0.0, model="drought.mci")
    source = "relative soil moisture 60/50/40/30 %"
    for moisture, target in ((60.1, 0), (60.0, 1), (45.0, 2), (40.0, 3), (12.0, 4)):
        ours = float(grade_of_soil_moisture(moisture))
        yield Case(f"grade of soil moisture {moisture} %", source, _PROBABLE, target, ours, "grade", 0.0)


def _fire() -> Iterator[Case]:
    model = "drought.fire_weather"
    source = "LY/T 1172-95 as in use: A 20, B 20, C 50, D 30, E 0"
    ours = float(fire_index(28.0, 20.0, 12, 11.0))
    yield Case("fire weather of a hot dry gale", source, _PROBABLE, 120.0, ours, "", 0.0, model=model)
    source = "LY/T 1172-95 as in use: A 8, B 4, C 10, D 10, E 5"
    ours = float(fire_index(12.0, 60.0, 2, 2.0, 5.0))
    yield Case("fire weather of a mild day", source, _PROBABLE, 27.0, ours, "", 0.0, model=model)
    source = "LY/T 1172-95, grades by 25, 50, 72, 90"
    for index, target in ((25, 1), (26, 2), (51, 3), (73, 4), (91, 5)):
        ours = float(fire_grade(index))
        yield Case(f"fire grade of {index}", source, _PROBABLE, target, ours, "grade", 0.0, model=model)


def _monitor() -> Iterator[Case]:
    """A rainless last half year after 40 ordinary ones: the index by its parts."""
    from datetime import date

    random = np.random.default_rng(8)
    days = 40 * 365 + 10
    rain = np.where(random.random((days, 1)) < 0.2, random.gamma(0.8, 6.0, (days, 1)), 0.0)
    rain[-180:] = 0.0
    pet = np.full((days, 1), 3.0)
    result = run(Scenario(date(1980, 1, 1), rain, pet, "seeded", ("640000",)))
    parts = 0.3 * result.spiw60[-1] + 0.5 * -1.0 + 0.3 * result.spi90[-1] + 0.2 * result.spi150[-1]
    source = "GB/T 20481-2017 put together from its parts, MI30 = −1 without rain"
    ours = float(result.mci[-1, 0])
    yield Case(
        "MCI after half a year without rain",
        source,
        _SURE,
        float(parts[0]),
        ours,
        "",
        1e-12,
        model="drought.monitor",
    )
    yield Case(
        "its grade",
        "GB/T 20481-2017",
        _SURE,
        4.0,
        float(result.grades[-1, 0]),
        "grade",
        0.0,
        model="drought.monitor",
    )
