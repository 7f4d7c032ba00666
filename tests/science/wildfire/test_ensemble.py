"""Many fires: chances that add up, the same for the same seed on any number of threads, and a way to stop."""

from typing import Any

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.science.wildfire import (
    FireUncertainty,
    Ignition,
    Moisture,
    RunCancelled,
    SpreadModel,
    Weather,
    WildfireScenario,
    flame_length_m,
    run_ensemble,
)

GRID = Grid(80, 100, 25.0, 0.0, 2000.0, "local:106.2,35.6")
DRY = Moisture(0.06, 0.07, 0.08, 0.6, 0.9)
SURE = FireUncertainty(1.0, 0.0, 0.0, 0.0, 1.0)


def fire(**changes: Any) -> WildfireScenario:
    fuel = np.full(GRID.shape, 102)
    fuel[:, 70:] = 122
    asked = {
        "grid": GRID, "fuel": fuel, "weather": (Weather(0.0, 4.0, 270.0, DRY), Weather(2000.0, 4.0, 300.0, DRY)),
        "duration_s": 4000.0, "ignitions": (Ignition(600.0, 1000.0),),
    }  # fmt: skip
    return WildfireScenario(**(asked | changes))


def test_the_number_of_threads_changes_no_bit() -> None:
    one, three = (run_ensemble(fire(), FireUncertainty(), members=12, seed=3, threads=n) for n in (1, 3))
    for name, field in one.fields.items():
        np.testing.assert_array_equal(field.values, three.fields[name].values)
    np.testing.assert_array_equal(one.areas_m2, three.areas_m2)
    assert one.manifest.digest == three.manifest.digest


def test_another_seed_is_another_ensemble_and_more_members_keep_the_first() -> None:
    short, other, long = (
        run_ensemble(fire(), FireUncertainty(), members=n, seed=s) for n, s in ((6, 1), (6, 2), (9, 1))
    )
    assert not np.array_equal(short.areas_m2, other.areas_m2)
    np.testing.assert_array_equal(short.areas_m2, long.areas_m2[:6])


def test_chances_lie_between_none_and_all_and_agree_with_the_areas() -> None:
    found = run_ensemble(fire(), FireUncertainty(), members=20)
    chance = found.fields["probability"].values
    assert chance.min() == 0.0 and chance.max() == 1.0
    assert chance.sum() * GRID.cell_area_m2 == pytest.approx(found.areas_m2.mean(), rel=1e-6)
    burnt = chance > 0
    assert np.array_equal(np.isfinite(found.fields["arrival_mean"].values), burnt)
    first, mean = (found.fields[name].values[burnt] for name in ("arrival_min", "arrival_mean"))
    assert (first <= mean + 0.01).all()
    assert found.summary["burnt_p10_m2"] <= found.summary["burnt_p50_m2"] <= found.summary["burnt_p90_m2"]


def test_means_and_extremes_of_one_member_are_its_own() -> None:
    one = run_ensemble(fire(), SURE, members=1).fields
    hot = np.isfinite(one["intensity_max"].values)
    intensity = one["intensity_max"].values[hot]
    np.testing.assert_allclose(one["intensity_mean"].values[hot], intensity, atol=0.002)
    np.testing.assert_allclose(one["flame_max"].values[hot], flame_length_m(intensity), rtol=1e-5)
    np.testing.assert_allclose(one["flame_mean"].values[hot], flame_length_m(intensity), atol=0.002)
    np.testing.assert_array_equal(one["no_attack"].values[hot], intensity > 4000.0)


def test_a_wider_doubt_of_the_direction_burns_more_ground_with_less_certainty() -> None:
    narrow, wide = (
        run_ensemble(fire(), FireUncertainty(1.0, sd, 0.0, 0.0, 1.0), members=40).fields["probability"].values
        for sd in (2.0, 45.0)
    )
    assert (wide > 0).sum() > 1.3 * (narrow > 0).sum()
    assert (wide == 1).sum() < (narrow == 1).sum()


def test_where_the_fire_began_may_be_uncertain_too() -> None:
    known = FireUncertainty(1.0, 0.0, 0.0, 0.0, 1.0, ignition_sd_m=200.0)
    found = run_ensemble(fire(weather=(Weather(0.0, 0.0, 0.0, DRY),)), known, members=30)
    assert found.fields["probability"].values.max() < 1.0
    assert (found.areas_m2 > 0).all()


def test_wangs_fire_takes_its_doubt_from_the_humidity() -> None:
    wang = fire(
        model=SpreadModel.WANG,
        fuel=np.full(GRID.shape, 6),
        weather=(Weather(0.0, 4.0, 270.0, None, 25.0, 40.0),),
    )
    areas = run_ensemble(wang, FireUncertainty(1.0, 0.0, 0.0, 10.0, 1.0), members=8).areas_m2
    assert len(set(areas.tolist())) > 4


def test_an_ensemble_tells_how_far_it_is_and_can_be_stopped() -> None:
    heard: list[float] = []
    run_ensemble(fire(), FireUncertainty(), members=5, threads=2, progress=heard.append)
    assert heard == [pytest.approx(n / 5) for n in range(1, 6)]
    seen: list[float] = []
    with pytest.raises(RunCancelled):
        run_ensemble(
            fire(), FireUncertainty(), members=500, progress=seen.append, cancelled=lambda: len(seen) >= 3
        )
    assert len(seen) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: FireUncertainty(wind_gsd=0.5),
        lambda: FireUncertainty(rate_gsd=float("nan")),
        lambda: FireUncertainty(dead_moisture_sd=5.0),
        lambda: run_ensemble(fire(), FireUncertainty(), members=0),
        lambda: run_ensemble(fire(), FireUncertainty(), threads=0),
    ],
)
def test_what_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(Invalid):
        wrong()
