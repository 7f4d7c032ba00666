"""Earthquakes near a place: the catalogue decides, and is named."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.science.seismic.catalogue import Catalogue, near
from anlan.science.seismic.rupture import nearest_strike_deg

YINCHUAN = (106.231, 38.487)
DATA = Path(__file__).parents[4] / "shared" / "data" / "earthquakes"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the catalogues are not at hand in {DATA}")


def number(text: str) -> float:
    return float(text) if text else float("nan")


def catalogue(file: str, name: str, columns: tuple[str, str, str, str, str]) -> Catalogue:
    ident, when, lon, lat, magnitude = columns
    with (DATA / file).open() as opened:
        rows = [row for row in csv.DictReader(opened) if row[lon] and row[lat]]
    return Catalogue(
        name,
        magnitude,
        tuple(row[ident] for row in rows),
        tuple(row[when] for row in rows),
        np.array([float(row[lon]) for row in rows]),
        np.array([float(row[lat]) for row in rows]),
        np.array([number(row[magnitude]) for row in rows]),
    )


@needs_data
def test_the_great_earthquakes_near_yinchuan_differ_by_catalogue() -> None:
    noaa = catalogue(
        "noaa_significant_earthquakes_ningxia_region.csv",
        "NOAA NCEI",
        ("i_d", "year", "longitude", "latitude", "eq_primary"),
    )
    answer = near(noaa, *YINCHUAN, 200.0, 7.0)
    assert answer.catalogue == "NOAA NCEI"
    assert [one.when for one in answer.found] == ["1739", "1561", "1709", "1954"]
    assert [one.distance_km for one in answer.found] == pytest.approx([52, 110, 146, 180], abs=1.0)
    iscgem = catalogue(
        "iscgem_ningxia_region.csv", "ISC-GEM 3.0", ("eventid", "time_utc", "lon", "lat", "mw")
    )
    answer = near(iscgem, *YINCHUAN, 200.0, 7.0)
    assert [(one.when[:4], round(one.distance_km)) for one in answer.found] == [("1920", 186)]


@needs_data
def test_the_strike_of_the_helan_fault_comes_from_its_mapped_trace() -> None:
    features = json.loads((DATA.parent / "faults" / "gem_active_faults_ningxia_region.geojson").read_text())[
        "features"
    ]
    traces = [np.array(one["geometry"]["coordinates"]) for one in features]
    found = nearest_strike_deg(106.3, 38.8, traces, 30.0)
    assert found is not None
    strike, away_km = found
    # the east piedmont of Helan runs north-north-east
    assert 5.0 < strike < 50.0 and away_km < 30.0


def few(magnitudes: list[float]) -> Catalogue:
    lon = np.full(len(magnitudes), 106.0)
    lat = 38.0 + 0.5 * np.arange(len(magnitudes))
    names = tuple(str(k) for k in range(len(magnitudes)))
    return Catalogue("three", "M", names, names, lon, lat, np.array(magnitudes))


def test_events_without_a_magnitude_are_counted_and_not_judged() -> None:
    answer = near(few([6.0, np.nan, 7.0]), 106.0, 38.0, 80.0, 5.0)
    assert [one.id for one in answer.found] == ["0"] and answer.without_magnitude == 1
    assert near(few([]), 106.0, 38.0, 80.0).found == ()


def test_a_place_that_is_none_and_a_radius_of_nothing_are_refused() -> None:
    with pytest.raises(Invalid):
        near(few([6.0]), 38.0, 106.0, 80.0)
    with pytest.raises(Invalid):
        near(few([6.0]), 106.0, 38.0, 0.0)
