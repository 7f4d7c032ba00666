"""Hours of real stations from a CSV file that another system writes: read row by row, followed as it grows.

Columns: ``station, region, time, wind_m_s, wind_from_deg, cloud_tenths, temperature_c`` and, where known,
``humidity_percent, rain_mm``. *time* is ISO 8601 with its offset from UTC, wind is that at 10 m, *region* the code of
the county that the station speaks for.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from anlan.domains.monitoring.weather.contracts import WeatherSpec
from anlan.kernel.errors import Invalid
from anlan.kernel.regions import RegionLevel, level_of, ningxia
from anlan.kernel.text import Text

NEEDED = ("station", "region", "time", "wind_m_s", "wind_from_deg", "cloud_tenths", "temperature_c")
_REACH = {
    "wind_m_s": (0.0, 120.0),
    "wind_from_deg": (0.0, 360.0),
    "cloud_tenths": (0.0, 10.0),
    "temperature_c": (-60.0, 60.0),
    "humidity_percent": (0.0, 100.0),
    "rain_mm": (0.0, 500.0),
}
"""What a figure may be; a station that says more is broken, and its row is left out."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used; *number* counts lines of the file, the header being line 1."""

    number: int
    message: Text


@dataclass
class CsvStations:
    """A `WeatherReader` of the file *path*: each call gives the rows that have come since the last one.

    Rows that cannot be used are kept in ``bad``; their neighbours go through.
    """

    path: Path
    bad: list[BadRow] = field(default_factory=list)
    _offset: int = 0
    _line: int = 0
    _header: tuple[str, ...] = ()

    def read(self) -> list[WeatherSpec]:
        """The new hours. A last line without its end is left for the next call; a shorter file is read anew,
        one that is away for a moment is waited for. Raises `Invalid` when the file lacks a column.
        """
        if not self.path.exists():
            return []
        if self.path.stat().st_size < self._offset:
            self._offset, self._line, self._header = 0, 0, ()
        with self.path.open("rb") as file:
            file.seek(self._offset)
            whole = file.read().rpartition(b"\n")
        self._offset += len(whole[0]) + len(whole[1])
        hours = []
        for cells in csv.reader(whole[0].decode("utf-8-sig").splitlines()):
            self._line += 1
            if not self._header:
                self._header = self._checked(cells)
                continue
            if not any(cells):
                continue
            hour = _hour(dict(zip(self._header, cells, strict=False)))
            if isinstance(hour, Text):
                self.bad.append(BadRow(self._line, hour))
            else:
                hours.append(hour)
        return hours

    def _checked(self, cells: list[str]) -> tuple[str, ...]:
        header = tuple(cell.strip() for cell in cells)
        lacking = [name for name in NEEDED if name not in header]
        if lacking:
            raise Invalid(
                Text(
                    f"{self.path.name} 缺少列：{'、'.join(lacking)}",
                    f"{self.path.name} lacks the columns {', '.join(lacking)}",
                )
            )
        return header


def _hour(row: Mapping[str, str]) -> WeatherSpec | Text:
    """The hour of one row, or what is wrong with it."""
    lacking = [name for name in NEEDED if not row.get(name, "").strip()]
    if lacking:
        return Text(f"缺少 {'、'.join(lacking)}", f"{', '.join(lacking)} missing")
    if row["region"] not in _counties():
        return Text(f"{row['region']} 不是县（市、区）代码", f"{row['region']} is no county's code")
    try:
        at = datetime.fromisoformat(row["time"].strip())
    except ValueError:
        return Text(f"时间 {row['time']} 不是 ISO 8601 格式", f"The time {row['time']} is not ISO 8601")
    if at.tzinfo is None:
        return Text(f"时间 {row['time']} 没有时区", f"The time {row['time']} has no offset from UTC")
    figures: dict[str, float] = {}
    for name, (low, high) in _REACH.items():
        written = row.get(name, "").strip()
        if not written:
            continue
        try:
            value = float(written)
        except ValueError:
            return Text(f"{name} 不是数字：{written}", f"{name} is no number: {written}")
        if not low <= value <= high:
            return Text(
                f"{name} {written} 超出 {low:g}–{high:g}", f"{name} {written} is outside {low:g} to {high:g}"
            )
        figures[name] = value
    return WeatherSpec(
        station=row["station"].strip(),
        region=row["region"],
        at=at.astimezone(UTC),
        wind_m_s=figures["wind_m_s"],
        wind_from_deg=figures["wind_from_deg"],
        cloud_tenths=figures["cloud_tenths"],
        temperature_c=figures["temperature_c"],
        humidity_percent=figures.get("humidity_percent"),
        rain_mm=figures.get("rain_mm"),
    )


def _counties() -> frozenset[str]:
    return frozenset(entry.code for entry in ningxia() if level_of(entry.code) is RegionLevel.COUNTY)
