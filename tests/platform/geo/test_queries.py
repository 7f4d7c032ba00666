"""Spatial questions over the index, against answers worked out the long way."""

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point, Polygon, box

from anlan.kernel.crs import wgs84_to_gcj02
from anlan.platform.commands import acting_as, read_scope, service_principal

GEOD = Geod(ellps="WGS84")


def rows(layer):
    from anlan.platform.geo.models import Feature

    return Feature.objects.filter(layer=layer)


def asked(question, *arguments, **named):
    with acting_as(service_principal("console")), read_scope():
        return question(*arguments, **named)


def test_a_box_alone_is_not_an_answer(ningxia):
    """The river's box holds the corner of the triangle; the river itself does not."""
    from anlan.platform.geo.queries import intersecting, overlapping

    corner = Polygon([(106.5, 37.95), (106.6, 37.95), (106.6, 38.05)])
    assert [row.key for row in asked(lambda: list(overlapping(rows("rivers"), corner.bounds)))] == ["yellow"]
    assert asked(intersecting, rows("rivers"), corner) == []
    assert [row.key for row in asked(intersecting, rows("rivers"), box(106.2, 38.0, 106.4, 38.3))] == [
        "yellow"
    ]


def test_what_only_touches_is_not_inside(ningxia):
    from anlan.platform.geo.queries import inside, intersecting

    half = box(106.4, 38.0, 106.6, 38.4)
    assert [row.key for row in asked(intersecting, rows("parks"), half)] == ["ningdong"]
    assert asked(inside, rows("parks"), half) == []


def test_distances_are_geodesic_and_sorted(ningxia):
    from anlan.platform.geo.queries import within_distance

    found = asked(within_distance, rows("places"), 106.231, 38.487, 60_000)
    assert [row.key for row, _ in found] == ["yinchuan", "lingwu"]
    exact = GEOD.inv(106.231, 38.487, 106.34, 38.10)[2]
    assert found[1][1] == pytest.approx(exact, abs=1.0)


def test_within_an_area_the_distance_is_nothing(ningxia):
    from anlan.platform.geo.queries import within_distance

    assert [metres for _, metres in asked(within_distance, rows("parks"), 106.6, 38.2, 10.0)] == [0.0]


def test_the_nearest_in_metres_wins_over_the_nearest_in_degrees(load):
    """At 38° N a degree of longitude is a fifth shorter than one of latitude."""
    from anlan.platform.geo.queries import nearest

    load("places", {"east": Point(106.11, 38.0), "north": Point(106.0, 38.10)})
    first = asked(nearest, rows("places"), 106.0, 38.0, 1)
    assert [row.key for row, _ in first] == ["east"]
    assert asked(nearest, rows("nothing"), 106.0, 38.0, 3) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lon=st.floats(104.5, 107.5), lat=st.floats(35.5, 39.2), radius_m=st.floats(100, 150_000))
def test_every_place_within_the_radius_is_found_and_no_other(scattered, lon, lat, radius_m):
    from anlan.platform.geo.queries import within_distance

    found = {row.key for row, _ in asked(within_distance, rows("scattered"), lon, lat, radius_m)}
    keys, lons, lats = scattered
    _, _, metres = GEOD.inv(lons, lats, np.full(len(keys), lon), np.full(len(keys), lat))
    sure = {key for key, distance in zip(keys, metres, strict=True) if distance < radius_m * 0.995}
    maybe = {key for key, distance in zip(keys, metres, strict=True) if distance < radius_m * 1.005}
    assert sure <= found <= maybe


@pytest.fixture
def scattered(load):
    chance = np.random.default_rng(7)
    lons, lats = chance.uniform(104.2, 107.7, 300), chance.uniform(35.2, 39.4, 300)
    keys = [f"p{number}" for number in range(300)]
    load("scattered", {key: Point(lon, lat) for key, lon, lat in zip(keys, lons, lats, strict=True)})
    return keys, lons, lats


def test_the_index_serves_the_box(scattered, superuser: psycopg.Connection):
    superuser.execute("ANALYZE geo_feature")
    superuser.execute("SET enable_seqscan = off")
    plan = superuser.execute(
        "EXPLAIN SELECT id FROM geo_feature WHERE bounds && '((106.3,38.3),(106.2,38.2))'::box"
    ).fetchall()
    assert any("geo_feature_bounds" in line[0] for line in plan), plan


def test_a_geometry_that_lies_off_the_globe_is_refused(load):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="off the globe"):
        load("places", {"projected": Point(500_000.0, 4_200_000.0)})
    bow_tie = Polygon([(106, 38), (107, 39), (107, 38), (106, 39)])
    with pytest.raises(ValidationError, match="not valid"):
        load("parks", {"bow-tie": bow_tie})


def test_the_county_of_a_place_needs_boundaries_and_then_knows(db):
    from anlan.platform.geo.divisions import county_of
    from anlan.platform.geo.services import NewBoundary, import_boundaries, wkt_of

    assert asked(county_of, 106.34, 38.10) is None
    with acting_as(service_principal("console")):
        boundary = NewBoundary("640181", wkt_of(box(106.0, 37.8, 106.9, 38.4)))
        import_boundaries([boundary], given_in="wgs84", source="test")
    assert asked(county_of, 106.34, 38.10) == "640181"
    assert asked(county_of, 105.0, 36.0) is None


def test_a_gcj02_file_lands_where_the_wgs84_one_does():
    from anlan.kernel.crs import CoordinateSystem
    from anlan.platform.geo.reading import read_places

    lon, lat = 106.34, 38.10
    shifted = wgs84_to_gcj02(lon, lat)
    given_gps = f"name,lon,lat\n罐区,{lon},{lat}\n".encode()
    given_amap = f"name,lon,lat\n罐区,{float(shifted[0])!r},{float(shifted[1])!r}\n".encode()
    (gps,) = read_places(given_gps, CoordinateSystem.WGS84).rows
    (amap,) = read_places(given_amap, CoordinateSystem.GCJ02).rows
    (mistaken,) = read_places(given_amap, CoordinateSystem.WGS84).rows
    assert GEOD.inv(*gps.geometry.coords[0], *amap.geometry.coords[0])[2] < 0.01
    assert GEOD.inv(*gps.geometry.coords[0], *mistaken.geometry.coords[0])[2] > 300, "the error users make"
