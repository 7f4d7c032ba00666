"""Ground motion and intensity against another program, and the laws they must keep."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid, NotFound
from anlan.science.seismic.bssa14 import Mechanism, Region, ground_motion, site_term
from anlan.science.seismic.intensity import degree, from_pga, from_pgv, instrument_intensity, pga_of
from anlan.science.seismic.site import intensity_shift
from anlan.science.seismic.vector import VECTOR, vexp, vlog
from anlan.science.seismic.yu2013 import Measure, ground_ellipse
from anlan.science.seismic.yu2013 import ground_motion as yu_motion

ORACLE = Path(__file__).with_name("data") / "openquake_bssa14.csv"


def oracle_rows() -> list[dict[str, str]]:
    """40 points computed by OpenQuake 3.25.1: five measures, three regions, all mechanisms."""
    with ORACLE.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", oracle_rows(), ids=lambda row: f"{row['measure']} M{row['magnitude']}")
def test_bssa14_agrees_with_openquake(row: dict[str, str]) -> None:
    mean, sigma = ground_motion(
        row["measure"],
        float(row["magnitude"]),
        float(row["rjb_km"]),
        float(row["vs30_m_s"]),
        Mechanism.of_rake(float(row["rake_deg"])),
        Region(row["region"]),
    )
    assert float(mean) == pytest.approx(float(row["ln_median"]), abs=1e-10)
    assert float(sigma) == pytest.approx(float(row["sigma"]), abs=1e-10)


@given(st.floats(3.0, 8.4), st.floats(0.0, 300.0), st.floats(150.0, 1500.0))
def test_a_larger_earthquake_shakes_more_and_farther_places_less(
    magnitude: float, rjb_km: float, vs30_m_s: float
) -> None:
    here, _ = ground_motion("PGV", magnitude, rjb_km, vs30_m_s)
    larger, _ = ground_motion("PGV", magnitude + 0.1, rjb_km, vs30_m_s)
    farther, _ = ground_motion("PGV", magnitude, rjb_km + 5.0, vs30_m_s)
    assert larger > here > farther


def test_soft_ground_amplifies_weak_shaking_more_than_strong() -> None:
    weak, strong = site_term("PGA", np.array([0.01, 0.5]), 200.0)
    assert weak > strong
    assert float(site_term("PGA", 0.3, 760.0)) == 0.0


def test_an_array_of_sites_is_answered_in_its_own_shape() -> None:
    mean, sigma = ground_motion("PGA", 6.5, np.linspace(1, 50, 6).reshape(2, 3), 400.0)
    assert mean.shape == sigma.shape == (2, 3)
    empty, _ = ground_motion("PGA", 6.5, np.empty(0), 400.0)
    assert empty.shape == (0,)


@pytest.mark.parametrize(
    ("magnitude", "rjb_km", "vs30_m_s"),
    [
        (np.nan, 1.0, 400.0),
        (1e6, 1.0, 400.0),
        (-1.0, 1.0, 400.0),
        (7.0, -1.0, 400.0),
        (7.0, np.nan, 400.0),
        (7.0, 1.0, 0.0),
        (7.0, 1.0, np.inf),
    ],
)
def test_impossible_sites_are_refused(magnitude: float, rjb_km: float, vs30_m_s: float) -> None:
    with pytest.raises(Invalid):
        ground_motion("PGA", magnitude, rjb_km, vs30_m_s)


@pytest.mark.parametrize(("rock_g", "vs30_m_s"), [(np.nan, 400.0), (-1.0, 400.0), (0.1, 0.0), (0.1, np.nan)])
def test_the_site_term_of_what_cannot_be_is_refused(rock_g: float, vs30_m_s: float) -> None:
    with pytest.raises(Invalid):
        site_term("PGA", rock_g, vs30_m_s)


def test_yu2013_of_an_impossible_earthquake_or_place_is_refused() -> None:
    with pytest.raises(Invalid):
        yu_motion("dongbu", Measure.PGA, np.nan, 10.0, 0.0)
    with pytest.raises(Invalid):
        yu_motion("dongbu", Measure.PGA, 7.0, [10.0, np.nan], 0.0)


@pytest.mark.parametrize("measure", ["PGA", "PGV", "SA(0.2)", "SA(1.0)"])
@given(st.floats(3.5, 8.4), st.floats(0.0, 350.0))
def test_every_measure_grows_with_magnitude_and_falls_with_distance(
    measure: str, magnitude: float, rjb_km: float
) -> None:
    near, far = ground_motion(measure, magnitude, [rjb_km, rjb_km + 10.0], 760.0)[0]
    larger = float(ground_motion(measure, magnitude + 0.1, rjb_km, 760.0)[0])
    assert far < near < larger


def test_a_period_that_the_paper_lacks_is_refused() -> None:
    with pytest.raises(Invalid, match=r"SA\(0\.123\)"):
        ground_motion("SA(0.123)", 7.0, 10.0, 400.0)


def test_own_exp_and_log_are_those_of_the_library() -> None:
    import numba

    @numba.njit(**VECTOR)
    def both(x, y, e, l):  # type: ignore[no-untyped-def]  # noqa: E741
        for i in range(x.size):
            e[i], l[i] = vexp(x[i]), vlog(y[i])

    x = np.linspace(-700, 700, 200_001)
    y = np.exp(np.linspace(-600, 600, 200_001))
    found_exp, found_log = np.empty_like(x), np.empty_like(y)
    both(x, y, found_exp, found_log)
    np.testing.assert_allclose(found_exp, np.exp(x), rtol=1e-15)
    np.testing.assert_allclose(found_log, np.log(y), rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("zone", ["qingzang", "dongbu", "xinjiang", "zhongqiang"])
@pytest.mark.parametrize("measure", list(Measure))
def test_yu2013_shakes_more_along_the_fault_than_across(zone: str, measure: Measure) -> None:
    along = yu_motion(zone, measure, 7.5, [20.0, 60.0], 0.0)
    across = yu_motion(zone, measure, 7.5, 0.0, [20.0, 60.0])
    diagonal = yu_motion(
        zone, measure, 7.5, np.array([20.0, 60.0]) / np.sqrt(2), np.array([20.0, 60.0]) / np.sqrt(2)
    )
    assert (along > diagonal).all() and (diagonal > across).all()


def test_yu2013_of_an_unknown_zone_is_not_found() -> None:
    with pytest.raises(NotFound):
        ground_ellipse("atlantis", Measure.PGA, 7.0)


@given(st.floats(1.0, 12.0))
def test_acceleration_of_an_intensity_gives_it_back(intensity: float) -> None:
    assert float(from_pga(pga_of(intensity))) == pytest.approx(intensity)


@given(st.floats(0.0, 20.0), st.floats(0.0, 3.0))
def test_instrument_intensity_lies_between_its_two_measures(pga: float, pgv: float) -> None:
    both = sorted([float(from_pga(pga)), float(from_pgv(pgv))])
    assert both[0] - 1e-12 <= float(instrument_intensity(pga, pgv)) <= both[1] + 1e-12
    assert 1.0 <= both[0] <= both[1] <= 12.0


def test_no_motion_is_degree_one_and_negative_motion_is_refused() -> None:
    assert degree(float(instrument_intensity(0.0, 0.0))) == "Ⅰ"
    with pytest.raises(Invalid):
        from_pga(-0.1)
    with pytest.raises(Invalid):
        from_pgv(np.nan)


@given(st.floats(4.0, 10.0), st.floats(150.0, 390.0))
def test_softer_ground_never_has_less_of_an_intensity_until_it_yields(intensity: float, vs30: float) -> None:
    assert float(intensity_shift(intensity, 400.0)) == 0.0
    shift = float(intensity_shift(intensity, vs30))
    assert -1.5 < shift < 1.0
    if intensity <= 7:
        assert shift > 0


def test_a_shear_wave_velocity_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid):
        intensity_shift(7.0, [400.0, 0.0])
    with pytest.raises(Invalid):
        intensity_shift([7.0, np.nan], 400.0)
