"""The instruments of the generated region: about sixty each, known units, and quiet to the last of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from anlan.demo.region import generate
from anlan.demo.region.instruments import Instrument, instruments, values_at
from anlan.demo.region.live import batch
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.levels import Condition
from anlan.kernel.units import UNITS

SEED = generate.SEED
NIGHT = datetime(2026, 11, 25, 19, tzinfo=UTC)


@pytest.fixture(scope="module")
def region() -> list[tuple[Instrument, ...]]:
    return [instruments(one, serial, SEED) for serial, one in enumerate(generate.enterprises(SEED))]


def test_each_enterprise_has_about_sixty_and_no_tag_twice(region: list[tuple[Instrument, ...]]) -> None:
    counts = [len(of) for of in region]
    assert len(region) == 148 and 8000 < sum(counts) < 9800
    assert min(counts) >= 45 and max(counts) <= 75
    assert all(len({one.tag for one in of}) == len(of) for of in region)
    assert {one.kind.unit for of in region for one in of} <= UNITS.keys()


def test_a_toxic_gas_has_toxic_gas_detectors_at_its_occupational_limit(
    region: list[tuple[Instrument, ...]],
) -> None:
    for enterprise, of in zip(generate.enterprises(SEED), region, strict=True):
        gases = {unit.code: unit.stock.cas for unit in enterprise.units}
        for one in of:
            if one.kind.measures is PointKind.TOXIC_GAS:
                first = dict(one.kind.set_points)[Condition.HIGH]
                assert first == {"7664-41-7": 30.0, "7782-50-5": 1.0}[gases[one.unit_code]]


def test_every_value_of_a_day_lies_inside_range_and_limits(region: list[tuple[Instrument, ...]]) -> None:
    for serial, of in enumerate(region):
        day = np.stack([values_at(of, serial, SEED, NIGHT + timedelta(hours=hour)) for hour in range(24)])
        for column, one in zip(day.T, of, strict=True):
            low, high = one.kind.shows
            assert low <= column.min() and column.max() <= high, one.tag
            for condition, threshold in one.kind.set_points:
                below = condition in (Condition.LOW, Condition.LOW_LOW)
                assert column.min() > threshold if below else column.max() < threshold, (one.tag, condition)


def test_values_are_those_of_the_moment_and_seed_and_move(region: list[tuple[Instrument, ...]]) -> None:
    of = region[0]
    assert np.array_equal(values_at(of, 0, SEED, NIGHT), values_at(of, 0, SEED, NIGHT))
    assert not np.array_equal(
        values_at(of, 0, SEED, NIGHT), values_at(of, 0, SEED, NIGHT + timedelta(seconds=10))
    )
    assert not np.array_equal(values_at(of, 0, SEED, NIGHT), values_at(of, 0, SEED + 1, NIGHT))


def test_a_batch_fits_the_contract(region: list[tuple[Instrument, ...]]) -> None:
    from anlan.stream.contract import decode

    said = decode(msgspec.json.encode(batch(3, region[3], SEED, NIGHT, "epoch", 9)))
    assert said.source == "synthetic-004" and len(said.points) == len(region[3])


def test_the_kinds_of_units_measure_what_matters_there(region: list[tuple[Instrument, ...]]) -> None:
    letters = Counter(one.kind.letters for of in region for one in of)
    assert letters.keys() >= {"LT", "GTT", "GTF", "TS", "GS", "LS", "MT"}
