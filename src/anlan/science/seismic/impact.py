"""What an intensity does to an exposure: damaged floor area, loss, deaths with a band, homeless people, by county."""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from anlan.science.seismic.casualties import (
    FatalityRelation,
    density_factor,
    homeless,
    night_factors,
    night_share,
    relation_constants,
)
from anlan.science.seismic.damage import STATES, DamageMatrix, loss_ratios
from anlan.science.seismic.exposure import Exposure, Households

Floats = NDArray[np.float64]

#: degrees whose people are counted: V and above are felt by all
FELT_FROM = 5
_DEGREES = 13
#: scatter of deaths about the relation, ln of a factor of 2 (our own default)
MODEL_LN_SIGMA = 0.693
_DRAWS = 4000
_SHIFTS = np.linspace(-2.6, 2.6, 27)
_BIN = 0.05


@dataclass(frozen=True)
class Band:
    """A central value between the 10 % and the 90 % quantile."""

    low: float
    central: float
    high: float

    def as_json(self) -> dict[str, float]:
        return {"low": self.low, "central": self.central, "high": self.high}


@dataclass(frozen=True)
class AreaImpact:
    """One county, or all together (``code`` empty). Areas in m² by damage state, loss in yuan.

    ``population_by_degree`` counts people by whole degree from V on. The loss runs from the lower to the upper bounds
    of the loss ratios; deaths from the 10 % to the 90 % quantile, and centrally for each whole hour of the day.
    """

    code: str
    population: float
    population_by_degree: dict[int, float]
    area_m2: dict[str, float]
    loss_yuan: Band
    deaths: Band
    deaths_by_hour: tuple[float, ...]
    homeless: float

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "population": self.population,
            "population_by_degree": {str(k): v for k, v in self.population_by_degree.items()},
            "area_m2": self.area_m2,
            "loss_yuan": self.loss_yuan.as_json(),
            "deaths": self.deaths.as_json(),
            "deaths_by_hour": list(self.deaths_by_hour),
            "homeless": self.homeless,
        }


@dataclass(frozen=True)
class Impact:
    """The sum, each county, and loss (yuan) and deaths of each place, shape (n,)."""

    total: AreaImpact
    counties: tuple[AreaImpact, ...]
    cell_loss_yuan: Floats
    cell_deaths: Floats


@dataclass(frozen=True)
class Sums:
    """Totals by county: (counties,), (counties, 5) or (counties, 13)."""

    deaths: Floats
    day_deaths: Floats
    night_deaths: Floats
    area_m2: Floats
    value_yuan: Floats
    population: Floats
    by_degree: Floats


@dataclass(frozen=True)
class Assumptions:
    """What turns intensity into damage and deaths. *night* is 0 by day and 1 by night."""

    matrix: DamageMatrix
    relation: FatalityRelation
    night: float
    sigma: float
    seed: int


def assess(exposure: Exposure, zone_value: Floats, assumed: Assumptions) -> Impact:
    """The impact of *zone_value* (n,): n to n + 1 is the zone of degree n.

    The band of deaths comes from 4,000 draws of one error of the intensity for the whole event (standard deviation
    ``assumed.sigma``), of either fatality relation with equal chance, and of a log-normal scatter of factor 2.
    """
    places = len(exposure)
    loss, deaths = np.empty(places), np.empty(places)
    columns = (exposure.county, exposure.population, density_factor(exposure.density_per_km2))
    sums = _sums(zone_value, columns, exposure, assumed, assumed.relation, loss, deaths)
    quantiles = _quantiles(exposure, zone_value, columns, assumed)
    counties = [
        _area(code, sums, np.array([k]), exposure.households, quantiles[:, k])
        for k, code in enumerate(exposure.counties)
    ]
    total = _area("", sums, np.arange(len(counties)), exposure.households, quantiles[:, -1])
    return Impact(total, tuple(counties), loss, deaths)


def _sums(
    zone_value: Floats,
    columns: tuple[NDArray[np.int64], Floats, Floats],
    exposure: Exposure,
    assumed: Assumptions,
    relation: FatalityRelation,
    loss: Floats,
    deaths: Floats,
    area: Floats | None = None,
) -> Sums:
    """Run the kernel over places, or over bins of them when *area* is theirs."""
    first, shares = assumed.matrix.nodes()
    night_first, factors = night_factors()
    counties = len(exposure.counties)
    sums = Sums(
        np.zeros(counties),
        np.zeros(counties),
        np.zeros(counties),
        np.zeros((counties, len(STATES))),
        np.zeros((counties, len(STATES))),
        np.zeros(counties),
        np.zeros((counties, _DEGREES)),
    )
    _accumulate(
        zone_value,
        *columns,
        exposure.floor_area_m2 if area is None else area,
        exposure.price_yuan_m2,
        first,
        shares,
        loss_ratios().mean(axis=0),
        night_first + 0.5,
        factors,
        assumed.night,
        *relation_constants(relation),
        loss,
        deaths,
        sums.deaths,
        sums.day_deaths,
        sums.night_deaths,
        sums.area_m2,
        sums.value_yuan,
        sums.population,
        sums.by_degree,
    )
    return sums


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _accumulate(  # type: ignore[no-untyped-def]
    zone_value,
    county,
    population,
    density,
    area,
    price,
    first,
    shares,
    ratio,
    night_first,
    night,
    night_share,
    slope,
    offset,
    loss,
    deaths,
    sum_deaths,
    sum_day,
    sum_night,
    sum_area,
    sum_value,
    sum_population,
    by_degree,
):
    """Per place: shares between two nodes of the matrix, then loss, collapse and deaths, summed by county."""
    last = shares.shape[1] - 1
    ln10 = np.log(10.0)
    for i in range(zone_value.size):
        c = county[i]
        z = zone_value[i]
        at = min(max(z - first, 0.0), float(last))
        node = min(int(at), last - 1)
        w = at - node
        built, fallen, cost = 0.0, 0.0, 0.0
        if at > 0.0:
            for s in range(area.shape[1]):
                m2 = area[i, s]
                if m2 == 0.0:
                    continue
                mean = 0.0
                for d in range(5):
                    share = (1.0 - w) * shares[s, node, d] + w * shares[s, node + 1, d]
                    sum_area[c, d] += m2 * share
                    sum_value[c, d] += m2 * share * price[s]
                    mean += share * ratio[d]
                built += m2
                fallen += m2 * ((1.0 - w) * shares[s, node, 4] + w * shares[s, node + 1, 4])
                cost += m2 * price[s] * mean
        killed = 0.0
        if fallen > 0.0:
            hour = min(max(z - night_first, 0.0), night.size - 1.0)
            step = min(int(hour), night.size - 2)
            factor = night[step] + (hour - step) * (night[step + 1] - night[step])
            rate = np.exp((slope * np.exp(0.1 * np.log(fallen / built)) + offset) * ln10)
            by_day = min(1.0, rate * density[i]) * population[i]
            by_night = min(1.0, rate * density[i] * factor) * population[i]
            killed = by_day + night_share * (by_night - by_day)
            sum_day[c] += by_day
            sum_night[c] += by_night
        loss[i], deaths[i] = cost, killed
        sum_deaths[c] += killed
        sum_population[c] += population[i]
        by_degree[c, min(max(int(np.floor(z)), 0), 12)] += population[i]


def _quantiles(
    exposure: Exposure,
    zone_value: Floats,
    columns: tuple[NDArray[np.int64], Floats, Floats],
    assumed: Assumptions,
) -> Floats:
    """10 and 90 % of deaths, shape (2, counties + 1), the last being all together."""
    bins, bin_z, bin_columns, bin_area = _bin(exposure, zone_value, columns)
    counties = len(exposure.counties)
    curves = np.zeros((len(FatalityRelation), len(_SHIFTS), counties))
    scratch = np.empty(bins), np.empty(bins)
    for r, relation in enumerate(FatalityRelation):
        for k, shift in enumerate(_SHIFTS):
            moved = bin_z + shift * assumed.sigma
            found = _sums(moved, bin_columns, exposure, assumed, relation, *scratch, area=bin_area)
            curves[r, k] = found.deaths
    random = np.random.default_rng(assumed.seed)
    error = np.clip(random.standard_normal(_DRAWS), _SHIFTS[0], _SHIFTS[-1])
    factor = np.exp(MODEL_LN_SIGMA * random.standard_normal(_DRAWS))
    which = random.integers(0, len(FatalityRelation), _DRAWS)
    at = (error - _SHIFTS[0]) / (_SHIFTS[1] - _SHIFTS[0])
    node = np.minimum(at.astype(np.int64), len(_SHIFTS) - 2)
    share = (at - node)[:, None]
    drawn = ((1 - share) * curves[which, node] + share * curves[which, node + 1]) * factor[:, None]
    drawn = np.minimum(drawn, np.bincount(exposure.county, exposure.population, counties))
    drawn = np.concatenate([drawn, drawn.sum(axis=1, keepdims=True)], axis=1)
    return np.asarray(np.quantile(drawn, (0.1, 0.9), axis=0))


def _bin(
    exposure: Exposure, zone_value: Floats, columns: tuple[NDArray[np.int64], Floats, Floats]
) -> tuple[int, Floats, tuple[NDArray[np.int64], Floats, Floats], Floats]:
    """Places of one county within 0.05 degrees as one: their people, floor areas and mean density factor."""
    county, population, density = columns
    steps = int(np.ceil(_DEGREES / _BIN)) + 1
    key = county * steps + np.clip((zone_value / _BIN).astype(np.int64), 0, steps - 1)
    size = len(exposure.counties) * steps
    people = np.asarray(np.bincount(key, population, size), np.float64)
    places = np.bincount(key, minlength=size)
    used = np.flatnonzero(places)
    weighted = np.bincount(key, population * density, size)[used]
    mean_density = np.asarray(np.where(people[used] > 0, weighted / np.maximum(people[used], 1e-300), 1.0))
    mean_z = np.asarray(np.bincount(key, zone_value, size)[used] / places[used], np.float64)
    area: Floats = np.zeros((len(used), len(exposure.classes)))
    for k, column in enumerate(exposure.floor_area_m2.T):
        area[:, k] = np.bincount(key, column, size)[used]
    bin_county: NDArray[np.int64] = np.asarray(used // steps, np.int64)
    return len(used), mean_z, (bin_county, people[used], mean_density), area


def _area(
    code: str, sums: Sums, rows: NDArray[np.int64], households: Households, quantiles: Floats
) -> AreaImpact:
    """One area's figures from the sums of its counties; the band always holds the central value."""
    area, value = sums.area_m2[rows].sum(axis=0), sums.value_yuan[rows].sum(axis=0)
    low, high = (loss_ratios() @ value).tolist()
    deaths = float(sums.deaths[rows].sum())
    day, night = float(sums.day_deaths[rows].sum()), float(sums.night_deaths[rows].sum())
    people = sums.by_degree[rows].sum(axis=0)
    population = float(sums.population[rows].sum())
    moved = homeless(area[4], area[3], area[2], households.area_m2, households.persons, deaths)
    return AreaImpact(
        code,
        population,
        {k: float(people[k]) for k in range(FELT_FROM, _DEGREES)},
        {state.value: float(m2) for state, m2 in zip(STATES, area, strict=True)},
        Band(low, 0.5 * (low + high), high),
        Band(min(deaths, float(quantiles[0])), deaths, max(deaths, float(quantiles[1]))),
        tuple(day + night_share(float(hour)) * (night - day) for hour in range(24)),
        min(moved, population),
    )
