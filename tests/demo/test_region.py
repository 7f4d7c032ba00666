"""The generated region: the same for the same seed, whole, and marked as invented wherever it shows."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from anlan.demo.region import generate, weather
from anlan.demo.region.stock import STOCKS
from anlan.domains.monitoring.enterprises import credit_code
from anlan.platform.commands import acting_as, read_scope, service_principal


def test_the_same_seed_gives_the_same_region_and_another_one_another():
    assert generate.enterprises(1) == generate.enterprises(1)
    assert generate.enterprises(1) != generate.enterprises(2)
    assert generate.sites(1) == generate.sites(1)


def test_there_are_148_enterprises_with_sound_codes_and_names_that_say_invented():
    made = generate.enterprises()
    assert len(made) == 148 == len({one.code for one in made}) == len({one.name for one in made})
    assert all(credit_code.is_valid(one.code) for one in made)
    assert all("合成" in one.name for one in made)


def test_the_substances_are_those_of_the_standards_rows(db):
    from anlan.platform.standards.queries import table_in_force

    with acting_as(service_principal("demo")), read_scope():
        named = table_in_force("gb18218_named")
    for stock in STOCKS:
        assert stock.cas in str(named.row(stock.row).values["cas"]), stock.substance
    assert sum(stock.share for stock in STOCKS) == pytest.approx(1.0)


def test_the_weather_of_an_hour_is_the_same_whenever_it_is_asked():
    at = datetime(2026, 11, 25, 19, tzinfo=UTC)
    one = weather.hour_of("640181", at, 7)
    assert one == weather.hour_of("640181", at, 7)
    day = weather.hours(at, 24, 7)
    assert len(day) == 24 * 22
    assert all(
        0 <= hour.wind_from_deg < 360 and hour.wind_m_s > 0 and 0 <= hour.cloud_tenths <= 10 for hour in day
    )


@pytest.mark.long
def test_all_four_levels_come_up_and_everything_is_marked(db):
    from anlan.demo.region import load_region
    from anlan.domains.monitoring.hazards.models import Holding, MajorHazard, Site
    from anlan.domains.monitoring.points.models import Gateway, Limit, Point
    from anlan.domains.monitoring.weather.models import WeatherHour
    from anlan.platform.provenance.models import Run

    with acting_as(service_principal("demo")):
        first_keys = load_region()
        with read_scope():
            before = [model.objects.count() for model in (MajorHazard, Gateway, Point, Limit)]
        keys = load_region()
        with read_scope():
            after = [model.objects.count() for model in (MajorHazard, Gateway, Point, Limit)]
            assert after == before, "loading again adds nothing"
            assert before[1] == 148 == len(keys) and before[2] > 8000 and before[3] > before[2]
            assert keys.keys() == first_keys.keys() and not set(keys.values()) & set(first_keys.values())
            levels = Counter(MajorHazard.objects.values_list("level", flat=True))
            assert {"1", "2", "3", "4"} <= set(levels), levels
            for model in (MajorHazard, Holding, Site, WeatherHour, Run, Gateway, Point):
                assert not model.objects.filter(synthetic=False).exists(), model
