"""SL 651: rain and river gauges that call by TCP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from anlan.codecs.errors import ProtocolError
from anlan.codecs.sl651 import Packet, Packets, Report, Series, acknowledgement, encode, report_of
from anlan.codecs.sl651.frames import Event
from anlan.codecs.sl651.reports import REPORTS, SIGN_OF_LIFE
from anlan.edge.core.config import ElementPoint, Sl651, Sl651Station
from anlan.edge.core.guards import ClockGuard
from anlan.edge.core.readings import Reading
from anlan.edge.sources.base import Desk
from anlan.edge.sources.listener import Heard
from anlan.kernel.clock import to_ms
from anlan.kernel.quality import Quality

_EVEN, _HOURLY = 0x31, 0x34


@dataclass
class _Station:
    points: dict[int, ElementPoint]
    password: int | None
    clock: ClockGuard


class Sl651Protocol:
    """The stations that *config* declares."""

    def __init__(self, config: Sl651, desk: Desk, environment: Mapping[str, str]) -> None:
        self.desk = desk
        self._environment = environment
        self.stations = {one.address.upper(): self._declared(one, config) for one in config.stations}

    def _declared(self, station: Sl651Station, config: Sl651) -> _Station:
        clock = self.desk.fare.clocks[station.address.upper()] = ClockGuard(config.clock_ahead_s)
        password = int(self._environment[station.password_env], 16) if station.password_env else None
        return _Station({int(point.element, 16): point for point in station.points}, password, clock)

    def begin(self) -> "_Talk":
        return _Talk(self)


@dataclass
class _Talk:
    protocol: Sl651Protocol
    _packets: Packets = field(default_factory=Packets)

    def hear(self, octets: bytes) -> Iterator[Heard]:
        return self._each(self._packets.feed(octets))

    def fall_silent(self) -> Iterator[Heard]:
        return self._each(self._packets.expire())

    def _each(self, events: list[Event]) -> Iterator[Heard]:
        for event in events:
            if isinstance(event, Packet):
                yield self._read(event)
            else:
                self.protocol.desk.unreadable(event.reason, event.octets)
                yield Heard(strange=True)

    def _read(self, packet: Packet) -> Heard:
        fare = self.protocol.desk.fare
        station = self.protocol.stations.get(packet.station)
        if station is None or not packet.up:
            fare.stranger(packet.station)
            return Heard(strange=True)
        if station.password is not None and packet.password != station.password:
            fare.stranger(f"{packet.station} password")
            return Heard(strange=True)
        if packet.function not in REPORTS | {SIGN_OF_LIFE}:
            fare.counts[f"function_{packet.function:02X}"] += 1
            return Heard()
        try:
            report = report_of(packet)
        except ProtocolError as error:
            self.protocol.desk.unreadable(error.code, encode(packet))
            return Heard(strange=True)
        readings = tuple(self._readings(station, report, packet.function))
        station.clock.heard(to_ms(report.sent_at), self.protocol.desk.now_ms())
        answer = b"" if packet.function == SIGN_OF_LIFE else encode(acknowledgement(packet))
        return Heard(readings, answer)

    def _readings(self, station: _Station, report: Report, function: int) -> Iterator[Reading]:
        told = [(one.element, one.value, one.at) for one in report.values]
        for series in report.series:
            told += [(series.element, value, at) for value, at in self._placed(series, function)]
        for element, value, at in told:
            point = station.points.get(element)
            if point is None:
                self.protocol.desk.fare.counts["undeclared_values"] += 1
            elif value is None:
                self.protocol.desk.fare.counts["not_measured"] += 1
            else:
                desk = self.protocol.desk
                reading = desk.reading(point, float(value), Quality.GOOD, to_ms(at), station.clock)
                if reading is not None:
                    yield reading

    def _placed(self, series: Series, function: int) -> list[tuple[Decimal | None, datetime]]:
        """The figures of *series* with their times, where it is known which of them the report's time belongs to.

        Of an even report (31) the first. Of an hourly one (34) the first for makers who state the end of the first
        five minutes (:05, as published frames of one do), the last for those who state the full hour. Reports in
        between do not say; their series comes again with the hourly one.
        """
        count = len(series.values)
        if function == _EVEN or (function == _HOURLY and series.at.minute == series.step.seconds // 60):
            first = series.at
        elif function == _HOURLY and series.at.minute == 0:
            first = series.at - series.step * (count - 1)
        else:
            self.protocol.desk.fare.counts["series_not_placed"] += 1
            return []
        return [(value, first + series.step * index) for index, value in enumerate(series.values)]
