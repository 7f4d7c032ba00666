"""Enterprises from a file: row by row, in the system that a person names, each in its own county."""

from typing import Any

import pytest
from shapely.geometry import box
from tests.people import LINGWU, YANCHI, as_service
from tests.server.conftest import browser_of, new_person

from anlan.kernel.crs import CoordinateSystem, wgs84_to_gcj02

HEADER = "code,name,kind,region,address,lon,lat"
PLACES = {LINGWU: (106.34, 38.10), YANCHI: (107.40, 37.78)}


@pytest.fixture
def codes() -> list[str]:
    from anlan.domains.monitoring.enterprises.credit_code import check_digit

    return [(body := f"91640181MA1MP{number:04d}") + check_digit(body) for number in range(6)]


@pytest.fixture
def counties(db: Any) -> None:
    """Two counties as squares about their seats."""
    from anlan.platform.geo.services import NewBoundary, import_boundaries

    squares = {code: box(lon - 0.3, lat - 0.3, lon + 0.3, lat + 0.3) for code, (lon, lat) in PLACES.items()}
    with as_service("demo"):
        import_boundaries(
            [NewBoundary(code, shape.wkt) for code, shape in squares.items()], given_in="wgs84", source="试验"
        )


@pytest.fixture
def officer(db: Any) -> Any:
    """Records enterprises, of Lingwu alone."""
    return browser_of(new_person("officer", "local_bureau", LINGWU))


def send(browser: Any, rows: list[str], system: str = "wgs84", verb: str = "enterprises") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("plants.csv", "\n".join([HEADER, *rows]).encode())
    answer = browser.post(f"/api/map/imports/{verb}", {"system": system, "source": "登记表", "file": file})
    assert answer.status_code == 200, answer.content
    return answer.json()


def stored(code: str) -> Any:
    from anlan.domains.monitoring.enterprises.models import Enterprise
    from anlan.platform.commands import read_scope

    with as_service("demo"), read_scope():
        return Enterprise.objects.get(code=code)


def test_the_county_is_that_of_the_place_and_the_place_is_kept(
    counties: None, officer: Any, codes: list[str]
) -> None:
    said = send(officer, [f"{codes[0]},灵武试验化工,危险化学品,,宁东,106.34,38.10"])
    assert (said["usable"], said["rejected"]) == (1, 0)
    made = stored(codes[0])
    assert (made.region, made.kind, made.source) == (LINGWU, "hazchem", "登记表")
    assert (made.geometry.x, made.geometry.y) == pytest.approx((106.34, 38.10))


def test_a_file_in_the_maps_own_coordinates_lands_where_the_true_one_does(
    counties: None, officer: Any, codes: list[str]
) -> None:
    lon, lat = (float(value) for value in wgs84_to_gcj02(106.34, 38.10))
    assert abs(lon - 106.34) > 1e-3, "the two systems are hundreds of metres apart"
    send(officer, [f"{codes[0]},甲化工,hazchem,,,106.34,38.10"])
    send(officer, [f"{codes[1]},乙化工,hazchem,,,{lon},{lat}"], system=CoordinateSystem.GCJ02.value)
    first, second = stored(codes[0]).geometry, stored(codes[1]).geometry
    assert (second.x, second.y) == pytest.approx((first.x, first.y), abs=1e-6)


def test_bad_rows_are_named_and_their_neighbours_go_through(
    counties: None, officer: Any, codes: list[str]
) -> None:
    said = send(
        officer,
        [
            f"{codes[0]},甲化工,hazchem,{LINGWU},,,",
            f"{codes[1][:-1]}0,错码化工,hazchem,{LINGWU},,,",
            f"{codes[2]},怪业公司,赌场,{LINGWU},,,",
            f"{codes[3]},无处公司,hazchem,,,,",
            f"{codes[4]},,hazchem,{LINGWU},,,",
            f"{codes[5]},盐池化工,hazchem,,,107.40,37.78",
            f"{codes[0]},甲化工,hazchem,{LINGWU},,,",
        ],
    )
    assert said["usable"] == 1
    wrong = {(error["number"], error["field"]) for error in said["errors"]}
    assert {(2, "code"), (3, "kind"), (4, "region"), (5, "name"), (6, ""), (7, "")} <= wrong


def test_a_preview_writes_nothing(counties: None, officer: Any, codes: list[str]) -> None:
    from anlan.domains.monitoring.enterprises.models import Enterprise
    from anlan.platform.commands import read_scope

    said = send(officer, [f"{codes[0]},甲化工,hazchem,,,106.34,38.10"], verb="enterprises/preview")
    assert said["usable"] == 1 and said["first"][0]["place"] == pytest.approx([106.34, 38.10])
    with as_service("demo"), read_scope():
        assert not Enterprise.objects.exists()
