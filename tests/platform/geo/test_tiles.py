"""Vector tiles: what is in the square, drawn where it is, and nothing that may not be seen."""

import mapbox_vector_tile
import numpy as np
import pytest
from shapely.geometry import shape

from anlan.kernel.errors import NotFound
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.geo.tiles import EXTENT, Tile, degrees_to_mercator, encode_tile, mercator_to_degrees


def tile_over(lon, lat, zoom):
    x, y = degrees_to_mercator(np.array([[lon, lat]]))[0]
    side = 2 * 20_037_508.342789244 / (1 << zoom)
    return Tile(zoom, int((x + 20_037_508.342789244) // side), int((20_037_508.342789244 - y) // side))


def drawn(layer, tile):
    from anlan.platform.geo.layers import registered_layers

    with acting_as(service_principal("console")), read_scope():
        body = encode_tile(registered_layers()[layer], tile).body
    return mapbox_vector_tile.decode(body).get(layer, {"features": []})["features"]


def place_of(feature, tile):
    """Degrees of a decoded point; the decoder counts upwards."""
    x, y = feature["geometry"]["coordinates"]
    west, south, east, north = tile.bounds_m
    metres = np.array([[west + x / EXTENT * (east - west), south + y / EXTENT * (north - south)]])
    return mercator_to_degrees(metres)[0]


def test_a_place_is_drawn_where_it_is(ningxia):
    tile = tile_over(106.231, 38.487, 10)
    (feature,) = [one for one in drawn("places", tile) if one["properties"]["title"] == "yinchuan"]
    assert place_of(feature, tile) == pytest.approx([106.231, 38.487], abs=2e-4)


def test_elsewhere_the_tile_is_empty(ningxia):
    assert drawn("places", tile_over(104.5, 37.0, 10)) == []


def test_a_line_is_clipped_to_its_tile(ningxia):
    (feature,) = drawn("rivers", tile_over(106.3, 38.2, 12))
    west, south, east, north = shape(feature["geometry"]).bounds
    reach = 0.06 * EXTENT
    assert -reach <= west <= east <= EXTENT + reach and -reach <= south <= north <= EXTENT + reach


@pytest.mark.parametrize(("zoom", "x", "y"), [(-1, 0, 0), (0, 1, 0), (3, 8, 0), (3, 0, -1), (19, 0, 0)])
def test_a_tile_that_does_not_exist_is_not_found(zoom, x, y):
    with pytest.raises(NotFound):
        Tile(zoom, x, y)


def test_mercator_there_and_back():
    places = np.array([[106.2, 38.4], [-179.9, -80.0], [0.0, 0.0]])
    assert mercator_to_degrees(degrees_to_mercator(places)) == pytest.approx(places)
