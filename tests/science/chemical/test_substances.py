import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import Invalid
from anlan.science.chemical.substances import dominant, mg_m3_to_ppm, ppm_to_mg_m3, substance
from anlan.science.chemical.substances.concentration import standard_pressure_pa
from anlan.science.chemical.substances.tables import aegl_durations, endpoint_rows, names

AMMONIA, CHLORINE, METHANE, SULPHIDE = "7664-41-7", "7782-50-5", "74-82-8", "7783-06-4"


def test_importing_the_engine_loads_no_property_library() -> None:
    code = (
        "import sys, anlan.science.chemical, anlan.science.chemical.footprint;"
        "assert not {'thermo', 'CoolProp', 'slabx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_properties_of_a_gas_that_coolprop_knows_too_are_had_without_loading_it() -> None:
    code = (
        "import sys; from anlan.science.chemical.substances import substance;"
        f"one = substance({AMMONIA!r}); print(one.vapour_pressure_pa(293.15));"
        "assert 'thermo' in sys.modules and 'CoolProp' not in sys.modules"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert float(said.stdout) == pytest.approx(857_000, rel=0.01)  # Lemmon et al., by every handbook


def test_threads_that_ask_at_once_in_a_fresh_process_find_the_tables_whole() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor; from anlan.science.chemical.substances import substance\n"
        "ask = lambda cas: substance(cas).liquid_heat_capacity_j_kg_k(240.0)\n"
        f"list(ThreadPoolExecutor(4).map(ask, [{AMMONIA!r}, {CHLORINE!r}, '67-56-1', {SULPHIDE!r}]))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_blank_unit_of_ammonia_means_parts_per_million() -> None:
    assert substance(AMMONIA).endpoint("erpg", 2).unit == "ppm"
    assert substance(AMMONIA).endpoint("pac", 3).value == 1100.0


def test_endpoints_given_as_mass_are_not_taken_for_parts_per_million() -> None:
    massed = [cas for cas, row in endpoint_rows().items() if row["pac2_unit"].startswith("mg")]
    found = substance(massed[0]).endpoint("pac", 2)
    assert found.unit == "mg/m³"
    assert found.mg_m3() == found.value != pytest.approx(found.ppm())


def test_sixty_minute_values_of_both_tables_agree() -> None:
    for (cas, level), durations in aegl_durations().items():
        assert durations.ppm[60] == float(endpoint_rows()[cas][f"aegl{level}_60min_value"])


def test_longer_exposures_have_no_higher_limits() -> None:
    for key, durations in aegl_durations().items():
        values = [durations.ppm[minutes] for minutes in (10, 30, 60, 240, 480)]
        assert values == sorted(values, reverse=True), key


def test_every_named_substance_has_a_good_check_digit() -> None:
    for cas in {*names(), *endpoint_rows()}:
        digits = [int(digit) for digit in reversed(cas.replace("-", "")[:-1])]
        assert sum((i + 1) * digit for i, digit in enumerate(digits)) % 10 == int(cas[-1]), cas


@pytest.mark.parametrize("cas", ["7664-41-8", "ammonia", "", "7664417", "999999-99-4"])
def test_an_unknown_or_mistyped_number_is_refused(cas: str) -> None:
    with pytest.raises(Invalid):
        substance(cas)


def test_a_missing_property_is_named() -> None:
    with pytest.raises(Invalid, match="flash point"):
        _ = substance(CHLORINE).flash_point_k
    with pytest.raises(Invalid, match="AEGL-2"):
        substance(METHANE).endpoint("aegl", 2)


def test_there_is_no_liquid_above_the_critical_temperature() -> None:
    with pytest.raises(Invalid, match="critical"):
        substance(METHANE).vapour_pressure_pa(293.15)


def test_liquefied_gas_stands_for_propane_and_says_so() -> None:
    gas = substance("68476-85-7")
    assert gas.caveats[0].code == "substance.stand_in"
    assert gas.molar_mass_kg_mol == substance("74-98-6").molar_mass_kg_mol


def test_boiling_point_at_one_atmosphere_is_the_normal_one() -> None:
    for cas in (AMMONIA, CHLORINE, "74-98-6"):
        one = substance(cas)
        assert one.boiling_at_pa(101_325.0) == pytest.approx(one.boiling_k, abs=0.2)


def test_completeness_lists_what_is_missing_with_sources_of_the_rest() -> None:
    report = substance(CHLORINE).completeness()
    assert "LFL" in report.missing and "VaporPressure" in report.known
    assert report.known["aegl2"]
    assert 0 < report.share < 1


def test_a_sour_gas_is_run_as_methane_but_warns_of_the_sulphide() -> None:
    mixture = dominant({METHANE: 0.9, SULPHIDE: 0.1})
    assert mixture.component.cas == METHANE
    assert {one.code for one in mixture.caveats} == {"substance.mixture", "substance.more_toxic_component"}
    with pytest.raises(Invalid):
        dominant({})
    with pytest.raises(Invalid):
        dominant({METHANE: -1.0})


@given(st.floats(1e-6, 1e6), st.floats(0.002, 0.5), st.floats(200, 340), st.floats(5e4, 1.1e5))
def test_parts_per_million_and_milligrams_are_inverse(
    ppm: float, mass: float, kelvin: float, pascal: float
) -> None:
    there = ppm_to_mg_m3(ppm, mass, kelvin, pascal)
    assert float(mg_m3_to_ppm(there, mass, kelvin, pascal)) == pytest.approx(ppm, rel=1e-12)


@pytest.mark.parametrize("kelvin", [0.0, -1.0, math.nan, math.inf])
def test_conversion_refuses_an_impossible_temperature(kelvin: float) -> None:
    with pytest.raises(Invalid, match="temperature"):
        ppm_to_mg_m3(1.0, 0.017, kelvin)


def test_the_same_ppm_weigh_less_in_thin_air() -> None:
    low = ppm_to_mg_m3(100.0, 0.017, 293.15, standard_pressure_pa(1110.0))
    assert float(low) == pytest.approx(0.875 * float(ppm_to_mg_m3(100.0, 0.017, 293.15)), rel=0.01)


def test_a_liquid_whose_heat_capacity_nobody_measured_is_estimated_and_says_so():
    phosgene, chlorine = substance("75-44-5"), substance("7782-50-5")
    assert phosgene.liquid_heat_capacity_j_kg_k(281.0) == pytest.approx(1015.0, rel=0.05)
    assert [caveat.code for caveat in phosgene.estimates] == ["substance.liquid_heat_estimated"]
    assert "estimate" in phosgene.completeness().known["HeatCapacityLiquid"]
    assert chlorine.estimates == ()
