"""Reports of a station: test (30), even steps (31), timed (32), event (33), hourly (34); and its sign of life (2F)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from anlan.codecs.errors import ProtocolError
from anlan.codecs.sl651.frames import EOT, ESC, Packet
from anlan.codecs.times import BEIJING

SIGN_OF_LIFE = 0x2F
REPORTS = frozenset({0x30, 0x31, 0x32, 0x33, 0x34})
_STATION, _OBSERVED, _EXTENDED, _STEP, _STATUS = 0xF1, 0xF0, 0xFF, 0x04, 0x45
_IN_BYTES = {0xF4: (1, Decimal("0.1")), **{code: (2, Decimal("0.01")) for code in range(0xF5, 0xFD)}}
"""Elements in binary, not BCD: bytes of each of their figures, and what one counts."""
_HOUR_STEP = timedelta(minutes=5)
_NEGATIVE = 0xFF


@dataclass(frozen=True)
class Value:
    """One figure of *element* (0xFF01 and the like are a maker's or province's own), as exact as it was sent.

    None where the gauge has none. *at* is the moment of observation, UTC.
    """

    element: int
    value: Decimal | None
    at: datetime


@dataclass(frozen=True)
class Series:
    """Figures of *element* that lie *step* apart. *at* is the one moment that the report gives for all of them;
    which of the figures it belongs to is the function's convention (of 31 the first).
    """

    element: int
    values: tuple[Decimal | None, ...]
    step: timedelta
    at: datetime


@dataclass(frozen=True)
class Report:
    """What a packet of a station says. *kind* is the station's class, as a letter (P rain, H river, K reservoir ...);
    *status* the bits of element 45, None where it is not sent.
    """

    serial: int
    sent_at: datetime
    kind: str = ""
    values: tuple[Value, ...] = ()
    series: tuple[Series, ...] = ()
    status: int | None = None


def report_of(packet: Packet) -> Report:
    """The report in *packet*. Raises `ProtocolError` for a body that is none, or of a function that is no report."""
    if packet.function not in REPORTS | {SIGN_OF_LIFE}:
        raise ProtocolError("function", f"{packet.function:02X} is no report")
    if packet.parts > 1:
        raise ProtocolError("parts", "put the parts together first")
    body = _Body(packet.body)
    serial, sent_at = int.from_bytes(body.take(2), "big"), _moment(body.take(6))
    if packet.function == SIGN_OF_LIFE:
        return Report(serial, sent_at)
    kind, at, status = "", sent_at, None
    values: list[Value] = []
    series: list[Series] = []
    while body.left:
        element = body.identifier()
        if element == _STATION:
            body.take(5)
            kind = body.take(1).decode("latin-1")
        elif element == _OBSERVED:
            at = _moment(body.take(5) + b"\x00")
        elif element == _STEP:
            series.append(_even_series(body, at))
        elif element == _STATUS:
            status = int.from_bytes(body.take(body.definition()[0]), "big")
        elif element in _IN_BYTES:
            series.append(_binary_series(element, body, at))
        else:
            size, decimals = body.definition()
            values.append(Value(element, _figure(body.take(size), decimals), at))
    return Report(serial, sent_at, kind, tuple(values), tuple(series), status)


def acknowledgement(packet: Packet, *, stay_in_line: bool = True) -> Packet:
    """What a station waits for after a report: the report's own number and time, from the centre."""
    return Packet(
        up=False,
        center=packet.center,
        station=packet.station,
        password=packet.password,
        function=packet.function,
        body=packet.body[:8],
        end=ESC if stay_in_line else EOT,
    )


class _Body:
    """The octets of a body, taken from its front."""

    def __init__(self, octets: bytes) -> None:
        self._octets = memoryview(octets)

    @property
    def left(self) -> int:
        return len(self._octets)

    def take(self, count: int) -> bytes:
        if count > len(self._octets):
            raise ProtocolError("short", f"{count} bytes wanted, {len(self._octets)} left")
        taken, self._octets = bytes(self._octets[:count]), self._octets[count:]
        return taken

    def identifier(self) -> int:
        """The element that comes; F1 and F0 are written twice, FF is followed by a number of its own."""
        lead = self.take(1)[0]
        if lead == _EXTENDED:
            return _EXTENDED << 8 | self.take(1)[0]
        if lead in (_STATION, _OBSERVED) and self.take(1)[0] != lead:
            raise ProtocolError("identifier", f"{lead:02X} stands alone")
        return lead

    def definition(self) -> tuple[int, int]:
        """Bytes and decimals of what comes."""
        octet = self.take(1)[0]
        return octet >> 3, octet & 0b111


def _even_series(body: _Body, at: datetime) -> Series:
    """均匀时段信息: the step as days, hours and minutes, an element, and its figures to the body's end."""
    size, _ = body.definition()
    digits = _digits(body.take(size))
    if digits is None or len(digits) != 6:
        raise ProtocolError("step", "a step is days, hours and minutes")
    step = timedelta(days=int(digits[:2]), hours=int(digits[2:4]), minutes=int(digits[4:]))
    element = body.identifier()
    size, decimals = body.definition()
    if size == 0 or step <= timedelta(0):
        raise ProtocolError("step", "figures of no size, or at no distance")
    return Series(element, tuple(_taken(body, size, decimals)), step, at)


def _taken(body: _Body, size: int, decimals: int) -> Iterator[Decimal | None]:
    while body.left:
        yield _figure(body.take(size), decimals)


def _binary_series(element: int, body: _Body, at: datetime) -> Series:
    size, _ = body.definition()
    each, unit = _IN_BYTES[element]
    octets = body.take(size)
    if size % each:
        raise ProtocolError("size", f"{size} bytes do not divide into {each}")
    figures = (octets[start : start + each] for start in range(0, size, each))
    values = tuple(None if set(one) == {0xFF} else int.from_bytes(one, "big") * unit for one in figures)
    return Series(element, values, _HOUR_STEP, at)


def _figure(octets: bytes, decimals: int) -> Decimal | None:
    """A figure in BCD, negative with FF before its digits; None for one that is all F (not measured) or broken.

    SL 651-2014, 6.6.3.3 a), as a public implementation quotes it and another one reads it: an odd number of digits is
    filled up with a 0 behind the FF, which changes nothing here.
    """
    negative = len(octets) > 1 and octets[0] == _NEGATIVE
    digits = _digits(octets[negative:])
    if digits is None:
        return None
    figure = Decimal(int(digits or "0")).scaleb(-decimals)
    return -figure if negative else figure


def _digits(octets: bytes) -> str | None:
    written = octets.hex()
    return written if written.isdigit() or not written else None


def _moment(octets: bytes) -> datetime:
    """YYMMDDhhmmss in BCD, Beijing's time, of this century; in UTC."""
    digits = _digits(octets)
    if digits is None:
        raise ProtocolError("time", f"{octets.hex()} is no time")
    try:
        local = datetime.strptime(f"20{digits}", "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise ProtocolError("time", f"{digits} is no time") from error
    return local.astimezone(UTC)
