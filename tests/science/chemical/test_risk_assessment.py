"""A whole plant: map, contours, F-N, conflicts."""

import json

import numpy as np
import pytest

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.chemical.risk.assessment import (
    BlastSource,
    FireballSource,
    Plant,
    PoolSource,
    ToxicSource,
    assess,
)
from anlan.science.chemical.risk.distance import Target
from anlan.science.chemical.weather import Stability

GRID = Grid(160, 160, 25.0, -2000.0, 2000.0, LocalFrame(106.6, 38.1).name)
AIRS = ((2.0, Stability.F), (4.0, Stability.D))
ROSE = ((1.0, 2.0, 1.0, 0.5, 1.0, 1.0, 3.0, 1.0), (2.0, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 2.0))
TOXIC = ToxicSource(100.0, 50.0, 1e-4, "chlorine", 1.5, 600.0)
BALL = FireballSource(-300.0, 200.0, 5e-7, 50_000.0, 46e6, 1.7e6)
POOL = PoolSource(0.0, -200.0, 5e-5, "benzene", 60.0)
BLAST = BlastSource(400.0, 400.0, 1e-6, 5000.0)


def _plant(*sources, **more) -> Plant:
    return Plant(GRID, sources or (TOXIC, BALL, POOL, BLAST), AIRS, ROSE, **more)


def test_a_plants_risk_is_the_sum_over_its_sources() -> None:
    whole = np.asarray(assess(_plant()).risk.values)
    parts = sum(np.asarray(assess(_plant(one)).risk.values) for one in (TOXIC, BALL, POOL, BLAST))
    assert whole == pytest.approx(parts, rel=1e-9, abs=1e-20)


def test_beside_the_fireball_the_risk_is_its_frequency() -> None:
    risk = assess(_plant(BALL)).risk
    row, column = GRID.cell_of(-300.0, 200.0)
    assert float(risk.values[row, column]) == pytest.approx(BALL.frequency_per_a)


def test_inside_the_pool_the_risk_is_its_frequency_and_far_away_nothing() -> None:
    risk = assess(_plant(POOL)).risk
    row, column = GRID.cell_of(1.0, -201.0)
    assert float(risk.values[row, column]) == pytest.approx(POOL.frequency_per_a, rel=1e-3)
    assert float(risk.values[GRID.cell_of(0.0, 900.0)]) == 0.0


def test_a_blast_kills_everybody_within_thirty_kilopascals() -> None:
    risk = assess(_plant(BLAST)).risk
    assert float(risk.values[GRID.cell_of(420.0, 410.0)]) == pytest.approx(BLAST.frequency_per_a, rel=1e-3)
    assert float(risk.values[GRID.cell_of(900.0, 400.0)]) == 0.0


def test_a_school_too_near_is_named_and_new_plants_are_judged_more_strictly() -> None:
    school = Target("school", 200.0, 0.0, 1)
    new, old = (assess(_plant(targets=(school,), existing=existing)) for existing in (False, True))
    assert [finding.target.id for finding in new.conflicts] == ["school"]
    assert new.conflicts[0].limit_per_a < 1e-6 < old.contours[0].level
    assert [zone.level for zone in new.contours] == [3e-7, 3e-6, 1e-5]
    for strict, loose in zip(new.contours, old.contours, strict=True):
        assert strict.facts["area_m2"] >= loose.facts["area_m2"]


def test_between_the_directions_of_a_coarse_rose_no_safe_gap_opens() -> None:
    even = tuple((1.0,) * 8 for _ in AIRS)
    risk = assess(Plant(GRID, (TOXIC,), AIRS, even)).risk
    angle = np.radians(np.arange(0, 360, 5.0))
    places = zip(100 + 400 * np.sin(angle), 50 + 400 * np.cos(angle), strict=True)
    ring = [float(risk.values[GRID.cell_of(x, y)]) for x, y in places]
    assert min(ring) > 0.4 * max(ring) > 0


def test_more_people_more_deaths() -> None:
    few = assess(_plant(), np.full(GRID.shape, 0.2)).societal
    many = assess(_plant(), np.full(GRID.shape, 2.0)).societal
    assert few is not None and many is not None
    assert many.expected_per_a > 5 * few.expected_per_a
    assert assess(_plant()).societal is None


def test_the_manifest_tells_everything_and_is_json() -> None:
    made = assess(_plant())
    again = assess(_plant())
    assert made.manifest.digest == again.manifest.digest != assess(_plant(TOXIC)).manifest.digest
    said = json.loads(json.dumps(made.manifest.as_json(), allow_nan=False))
    assert {source["kind"] for source in said["inputs"]["sources"]} == {
        "toxic",
        "fireball",
        "pool_fire",
        "blast",
    }
    assert "individual_risk.neutral" in {caveat["code"] for caveat in said["caveats"]}


def test_a_plant_without_a_source_or_with_half_a_rose_is_refused() -> None:
    with pytest.raises(Invalid):
        Plant(GRID, (), AIRS, ROSE)
    with pytest.raises(Invalid):
        Plant(GRID, (TOXIC,), AIRS, ROSE[:1])
    with pytest.raises(Invalid):
        assess(_plant(ToxicSource(0.0, 0.0, np.nan, "chlorine", 1.0, 60.0)))
