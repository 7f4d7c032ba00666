import doctest
from collections import Counter
from enum import Enum

import pytest

from anlan.kernel import clock, levels, quality, regions, text, units
from anlan.kernel.levels import AlarmLevel, Condition, IncidentGrade, ResponseLevel, RiskLevel, WarningLevel
from anlan.kernel.quality import Quality
from anlan.kernel.regions import RegionLevel, is_within, level_of, ningxia
from anlan.kernel.units import UNITS, convert

LADDERS: list[type[Enum]] = [WarningLevel, RiskLevel, ResponseLevel, IncidentGrade, AlarmLevel]


@pytest.mark.parametrize("module", [clock, levels, quality, regions, text, units], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    failed, _ = doctest.testmod(module)
    assert failed == 0


def test_ningxia_has_five_prefectures_and_twenty_two_counties():
    counted = Counter(level_of(region.code) for region in ningxia())
    assert counted == {RegionLevel.PROVINCE: 1, RegionLevel.PREFECTURE: 5, RegionLevel.COUNTY: 22}


def test_every_county_lies_in_one_prefecture_of_the_region():
    prefectures = [r.code for r in ningxia() if level_of(r.code) is RegionLevel.PREFECTURE]
    for region in ningxia():
        assert is_within(region.code, "640000")
        if level_of(region.code) is RegionLevel.COUNTY:
            assert sum(is_within(region.code, prefecture) for prefecture in prefectures) == 1


@pytest.mark.parametrize("code", ["", "64", "64010", "6401o4", "６４０１０４", "6401040011"])
def test_what_is_no_division_code_is_refused(code):
    with pytest.raises(ValueError, match="division code"):
        level_of(code)


def test_the_four_ladders_share_no_type():
    assert not any(issubclass(one, other) for one in LADDERS for other in LADDERS if one is not other)


@pytest.mark.parametrize(
    "ladder", [WarningLevel, RiskLevel, ResponseLevel, IncidentGrade, AlarmLevel, Condition]
)
def test_every_member_has_words_in_both_languages(ladder):
    for member in ladder:
        assert member.label.zh
        assert member.label.en
    assert len({member.label for member in ladder}) == len(ladder)


def test_quality_codes_are_the_contracts():
    assert {q.name: int(q) for q in Quality} == {
        "GOOD": 0,
        "UNCERTAIN": 1,
        "BAD": 2,
        "MANUAL": 3,
        "SIMULATED": 4,
    }
    assert all(q.label.zh and q.label.en for q in Quality)


def test_conversion_goes_there_and_back_within_a_dimension():
    for source in UNITS.values():
        for target in UNITS.values():
            if source.dimension == target.dimension:
                there = convert(12.5, source.symbol, target.symbol)
                assert convert(there, target.symbol, source.symbol) == pytest.approx(12.5)


def test_a_pressure_never_becomes_a_length():
    with pytest.raises(ValueError, match="cannot become"):
        convert(1.0, "kPa", "m")


def test_freezing_point_in_fahrenheit():
    assert convert(32.0, "°F", "°C") == pytest.approx(0.0)
