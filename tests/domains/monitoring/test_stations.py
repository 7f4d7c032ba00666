"""Hours of real stations: row by row from a file, its new rows as they come, its bad ones named."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from anlan.domains.monitoring.weather.stations import CsvStations
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Invalid
from anlan.platform.commands import acting_as, read_scope, service_principal

HEADER = "station,region,time,wind_m_s,wind_from_deg,cloud_tenths,temperature_c,humidity_percent\n"
LINGWU = "53619,640181,2026-11-25T02:00:00+08:00,3.2,315,4,-2.5,60\n"


def test_a_station_s_hours_come_once_and_in_utc(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(HEADER + LINGWU)
    stations = CsvStations(file)
    (hour,) = stations.read()
    assert hour.at == datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert (hour.station, hour.wind_m_s, hour.humidity_percent, hour.rain_mm) == ("53619", 3.2, 60.0, None)
    assert stations.read() == []


def test_what_is_added_comes_next_and_a_half_written_line_waits(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(HEADER)
    stations = CsvStations(file)
    assert stations.read() == []
    with file.open("a") as more:
        more.write(LINGWU.replace("T02", "T03")[:-12])
    assert stations.read() == [] and stations.bad == []
    with file.open("a") as more:
        more.write(LINGWU.replace("T02", "T03")[-12:])
    assert [hour.at.hour for hour in stations.read()] == [19]


def test_a_file_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(HEADER + LINGWU + LINGWU.replace("T02", "T03"))
    stations = CsvStations(file)
    assert len(stations.read()) == 2
    file.unlink()
    assert stations.read() == []
    file.write_text(HEADER + LINGWU.replace("T02", "T04"))
    assert [hour.at.hour for hour in stations.read()] == [20]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("53619,999999,2026-11-25T02:00:00+08:00,3,315,4,-2,60", "no county"),
        ("53619,640181,2026-11-25T02:00:00,3,315,4,-2,60", "no offset"),
        ("53619,640181,yesterday,3,315,4,-2,60", "not ISO 8601"),
        ("53619,640181,2026-11-25T02:00:00+08:00,999,315,4,-2,60", "wind_m_s 999 is outside"),
        ("53619,640181,2026-11-25T02:00:00+08:00,nan,315,4,-2,60", "wind_m_s nan is outside"),
        ("53619,640181,2026-11-25T02:00:00+08:00,strong,315,4,-2,60", "no number"),
        ("53619,640181,2026-11-25T02:00:00+08:00,3,315", "cloud_tenths, temperature_c missing"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_its_neighbours_go_through(
    tmp_path: Path, row: str, said: str
) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(HEADER + LINGWU + row + "\n" + LINGWU.replace("T02", "T03"))
    stations = CsvStations(file)
    assert len(stations.read()) == 2
    (bad,) = stations.bad
    assert bad.number == 3 and said in bad.message.en


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text("station,region,time\n")
    with pytest.raises(Invalid, match="wind_m_s, wind_from_deg"):
        CsvStations(file).read()


def test_a_station_s_hour_is_the_weather_of_its_county(db: Any, tmp_path: Path) -> None:
    from anlan.domains.monitoring.weather.queries import weather_at
    from anlan.domains.monitoring.weather.services import record_weather

    file = tmp_path / "hours.csv"
    file.write_text(HEADER + LINGWU)
    at = datetime(2026, 11, 24, 18, 20, tzinfo=UTC)
    with acting_as(service_principal("console")), use_clock(FixedClock(at)):
        record_weather(CsvStations(file).read(), source="自动站")
        with read_scope():
            found = weather_at("640181", at)
    assert found is not None and (found.wind_m_s, found.source, found.synthetic) == (3.2, "自动站", False)
