"""Files as people have them: one bad row does not take its neighbours along."""

import json

import pytest

from anlan.kernel.crs import CoordinateSystem
from anlan.platform.geo.reading import UnreadableFile, read_places

WGS84 = CoordinateSystem.WGS84


def said(text):
    return read_places(text.encode(), WGS84)


def test_a_bad_row_is_named_and_its_neighbours_go_through():
    file = said("名称,经度,纬度\n甲,106.2,38.4\n乙,北,38\n丙,38.4,106.2\n丁,106.3,38.5\n戊,,\n")
    assert [row.values["名称"] for row in file.rows] == ["甲", "丁", "戊"]
    assert file.rows[-1].geometry is None, "a row without a place is for the target to judge"
    assert [(error.number, error.message.zh[:8]) for error in file.errors] == [
        (2, "坐标不是数字：北"),
        (3, "经纬度似乎颠倒："),
    ]
    assert file.bounds == (106.2, 38.4, 106.3, 38.5)


def test_spreadsheets_in_gb18030_are_read():
    file = read_places("名称,lon,lat\n银川,106.2,38.4\n".encode("gb18030"), WGS84)
    assert file.rows[0].values["名称"] == "银川"


def test_projected_coordinates_are_not_degrees():
    (error,) = said("name,x,y\na,36400000,4260000\n").errors
    assert "先转换为经纬度" in error.message.zh


def test_geojson_with_a_broken_feature():
    features = [
        {"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [106, 38]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": []}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Nonsense"}},
        "not a feature",
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    file = said(json.dumps({"type": "FeatureCollection", "features": features}))
    assert [row.number for row in file.rows] == [1, 5]
    assert [error.number for error in file.errors] == [2, 3, 4]


@pytest.mark.parametrize(
    "text", ["", "{", '{"type": "Point"}', "name,price\na,1\n", "name,lon,lat\n", "[1, 2]"]
)
def test_what_is_no_file_of_places_is_refused_with_a_next_step(text):
    with pytest.raises(UnreadableFile) as refused:
        said(text)
    assert refused.value.next_step.zh


def test_neither_utf8_nor_gb18030_is_refused():
    with pytest.raises(UnreadableFile, match="neither"):
        read_places(b"name,lon,lat\n\xff\xff\xff\xff,1,2\n", WGS84)
