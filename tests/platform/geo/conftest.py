import pytest
from shapely.geometry import LineString, Point, Polygon

from anlan.platform.commands import acting_as, service_principal

SOURCE = "test"


@pytest.fixture
def load(db):
    """``load(layer, {key: geometry})``: reference features as an import brings them in."""

    def loaded(layer, shapes, **said):
        from anlan.platform.geo.services import NewFeature, import_features, wkt_of

        with acting_as(service_principal("console")):
            features = [NewFeature(key, wkt_of(shape), name=key) for key, shape in shapes.items()]
            return import_features(layer, features, source=SOURCE, **said)

    return loaded


@pytest.fixture
def ningxia(load):
    """Three towns, a river between them, and a park."""
    load(
        "places",
        {"yinchuan": Point(106.231, 38.487), "lingwu": Point(106.34, 38.10), "guyuan": Point(106.28, 36.01)},
    )
    load("rivers", {"yellow": LineString([(106.0, 37.9), (106.3, 38.2), (106.6, 38.9)])})
    load("parks", {"ningdong": Polygon([(106.5, 38.1), (106.7, 38.1), (106.7, 38.3), (106.5, 38.3)])})
