"""The ensemble of a release, against one plume at a time."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from anlan.kernel.crs import LocalFrame
from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.chemical.dispersion.sigmas import Curves, sigma_y, sigma_z
from anlan.science.chemical.ensemble import Uncertainty, draw, run, spread
from anlan.science.chemical.ensemble_release import EnsembleRelease, run_release
from anlan.science.chemical.validation.ensemble import cases
from anlan.science.chemical.weather import Stability, Terrain

FRAME = LocalFrame(106.2, 38.5).name
GRID = Grid(121, 121, 50.0, -3025.0, 3025.0, FRAME)
MIXED = {Stability.B: 0.2, Stability.D: 0.5, Stability.F: 0.3}


def _known(**more) -> Uncertainty:
    return Uncertainty(**({"rate_kg_s": 8.0, "duration_s": 600.0, "wind_m_s": 3.0, "wind_from_deg": 230.0,
                           "stability": MIXED} | more))  # fmt: skip


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.case)
def test_ensembles_with_a_closed_form(case) -> None:
    assert case.passed, f"{case.ours} instead of {case.target}"


def test_every_cell_of_every_member_agrees_with_the_plume_written_out() -> None:
    known = _known(height_m=15.0, terrain=Terrain.URBAN)
    drawn = draw(known, 40, 5)
    source = (-400.0, 250.0)
    levels = np.array([5.0, 50.0])
    peak, exceeded, _, _ = spread(drawn, known.terrain, GRID, source, levels)
    dx, dy = GRID.x_m[None, :] - source[0], GRID.y_m[:, None] - source[1]
    wanted = np.zeros(GRID.shape)
    counts = np.zeros((2, *GRID.shape))
    for m in range(len(drawn)):
        angle = np.radians(drawn.toward_deg[m])
        x = dx * np.sin(angle) + dy * np.cos(angle)
        y = -dx * np.cos(angle) + dy * np.sin(angle)
        ahead = np.maximum(x, 1.0)
        kind = tuple(Stability)[drawn.kind[m]]
        sy, sz = (f(ahead, kind, Curves.BRIGGS_URBAN) for f in (sigma_y, sigma_z))
        travel = drawn.wind_m_s[m] * drawn.duration_s[m]
        c = 1e6 * drawn.rate_kg_s[m] / (np.pi * drawn.wind_m_s[m] * sy * sz)
        c = c * np.exp(-(y**2) / (2 * sy**2) - 15.0**2 / (2 * sz**2)) * erf(travel / (2 * np.sqrt(2) * sy))
        c = np.where((x > 0) & (np.abs(y) <= 6 * sy), c, 0.0)
        wanted = np.maximum(wanted, c)
        counts += c >= levels[:, None, None]
    far = np.hypot(dx, dy) > 90.0
    assert peak[far] == pytest.approx(wanted[far], rel=4e-3, abs=1e-4)
    assert np.abs(exceeded - counts)[:, far].sum() <= 1e-3 * counts.sum()


def test_the_same_seed_gives_the_same_ensemble_and_another_does_not() -> None:
    one, same, other = (run(_known(), GRID, (0.0, 0.0), (20.0,), members=60, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.peak.values, same.peak.values)
    assert np.array_equal(one.arrival.values, same.arrival.values, equal_nan=True)
    assert one.manifest.digest == same.manifest.digest != other.manifest.digest
    assert not np.array_equal(one.peak.values, other.peak.values)


@given(st.floats(0.0, 360.0), st.floats(0.5, 20.0))
@settings(max_examples=15, deadline=None)
def test_chances_are_chances_and_higher_levels_are_rarer(wind_from: float, wind: float) -> None:
    made = run(
        _known(wind_from_deg=wind_from, wind_m_s=wind), GRID, (100.0, 0.0), (5.0, 50.0, 500.0), members=50
    )
    low, middle, high = (field.values for field in made.exceedance)
    assert ((low <= 1) & (low >= middle) & (middle >= high) & (high >= 0)).all()
    reached = low > 0
    assert np.isfinite(made.arrival.values[reached]).all()
    assert np.isnan(made.arrival.values[~reached]).all()
    assert (np.nan_to_num(made.arrival.values) >= 0).all()


def test_a_quarter_turn_of_the_wind_turns_the_fields() -> None:
    west, south = (
        run(_known(wind_from_deg=angle), GRID, (0.0, 0.0), (5.0,), members=80, seed=9) for angle in (270, 180)
    )
    turned = np.rot90(west.peak.values)
    assert south.peak.values == pytest.approx(turned, rel=1e-3, abs=1e-3)


def test_cells_far_off_every_plume_are_not_computed() -> None:
    narrow = run(_known(stability={Stability.F: 1.0}, wind_sd_deg=0.0), GRID, (0.0, 0.0), (5.0,), members=20)
    assert 0 < narrow.evaluated < 0.15 * 20 * GRID.rows * GRID.columns


def test_a_source_outside_the_grid_still_reaches_into_it() -> None:
    made = run(_known(wind_from_deg=270.0), GRID, (-4000.0, 0.0), (1.0,), members=50)
    assert made.exceedance[0].values[:, 0].max() > 0.2
    behind = run(_known(wind_from_deg=90.0), GRID, (-4000.0, 0.0), (1.0,), members=50)
    assert behind.exceedance[0].values.max() == 0
    assert behind.bands()[0].is_empty


def test_bands_of_higher_chance_lie_inside() -> None:
    made = run(_known(), GRID, (0.0, 0.0), (5.0,), members=200)
    rare, even, sure = (band.facts["area_m2"] for band in made.bands((0.1, 0.5, 0.9)))
    assert rare > even > sure >= 0


def test_larger_holes_raise_the_concentrations() -> None:
    small = run(_known(), GRID, (0.0, 0.0), (5.0,), members=50)
    large = run(_known(holes={4.0: 1.0}), GRID, (0.0, 0.0), (5.0,), members=50)
    assert large.peak.values[0] == pytest.approx(4 * small.peak.values[0], rel=1e-3)
    assert small.peak.values[0].max() > 0


def test_a_calm_night_is_answered_with_a_caveat() -> None:
    made = run(_known(wind_m_s=0.0), GRID, (0.0, 0.0), (5.0,), members=20)
    assert "ensemble.calm" in {caveat.code for caveat in made.manifest.caveats}
    assert np.isfinite(made.peak.values).all()


@pytest.mark.parametrize(
    "wrong",
    [{"rate_kg_s": np.nan}, {"rate_kg_s": -1.0}, {"duration_s": 0.0}, {"wind_from_deg": np.nan}, {"rate_gsd": 0.5},
     {"stability": {}}, {"stability": {Stability.D: -1.0}}, {"holes": {0.0: 1.0}}, {"wind_m_s": 1e9}],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(Invalid):
        _known(**wrong)


def test_an_ensemble_of_nobody_or_without_a_level_is_refused() -> None:
    for members, levels in ((0, (1.0,)), (70_000, (1.0,)), (10, ()), (10, (np.nan,)), (10, (0.0,))):
        with pytest.raises(Invalid):
            run(_known(), GRID, (0.0, 0.0), levels, members=members)


def _ammonia(**more) -> EnsembleRelease:
    known = Uncertainty(15.0, 1200.0, 3.0, 270.0, MIXED)
    return EnsembleRelease(
        **(
            {"cas": "7664-41-7", "lon": 106.6, "lat": 38.1, "known": known, "cell_m": 50.0, "members": 200}
            | more
        )
    )


def test_an_ammonia_release_gives_bands_downwind_on_the_map() -> None:
    made = run_release(_ammonia())
    assert [endpoint.level for endpoint in made.endpoints] == [2, 3, 1]
    likely = shapely.Polygon(made.bands[1].polygons[0][0])
    assert made.bands[1].crs == "EPSG:4326"
    assert likely.centroid.x > 106.6
    assert abs(likely.centroid.y - 38.1) < 0.01
    said = json.loads(json.dumps(made.as_json(), allow_nan=False))
    assert said["evaluated_cells"] > 0
    assert said["manifest"]["seed"] == 0


def test_a_substance_without_an_aegl_or_a_grid_too_large_is_refused() -> None:
    with pytest.raises(Invalid):
        run_release(_ammonia(cas="7727-37-9"))
    with pytest.raises(Invalid):
        _ammonia(cell_m=1.0, extent_m=20_000.0)
    with pytest.raises(Invalid):
        _ammonia(lon=np.nan)
