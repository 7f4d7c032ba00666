"""报文: two bytes 7E, both addresses, password, function, direction with length, body between its marks, CRC.

SL 651-2014, 6.2. The order of the addresses tells the direction apart: the receiver's comes first.
"""

from dataclasses import dataclass

from anlan.codecs.crc import TABLE_A001
from anlan.codecs.errors import ProtocolError

HEAD = b"\x7e\x7e"
STX, SYN = 0x02, 0x16
"""What a body begins with: one packet, or one of several with their number."""
ETX, ETB, ENQ, EOT, ACK, NAK, ESC = 0x03, 0x17, 0x05, 0x04, 0x06, 0x15, 0x1B
"""What it ends with: the last packet, more to come; and of answers, hang up (EOT) or stay in line (ESC)."""
_ENDS = frozenset({ETX, ETB, ENQ, EOT, ACK, NAK, ESC})
_HEADER, _TRAILER = 14, 3
_LONGEST = 0xFFF


@dataclass(frozen=True)
class Packet:
    """One packet. *up* is from the station; *station* ten digits (or hexadecimal letters, as some makers use),
    *part* of *parts* from 1.
    """

    up: bool
    center: int
    station: str
    password: int
    function: int
    body: bytes
    end: int = ETX
    parts: int = 1
    part: int = 1


@dataclass(frozen=True)
class Garbled:
    """Bytes that begin like a packet and are none: *reason* is ``end``, ``crc``, ``part`` or ``cut_off``."""

    reason: str
    octets: bytes


Event = Packet | Garbled


class Packets:
    """The packets of a stream; keeps at most one that is not at its end yet. ``skipped`` counts bytes of none."""

    def __init__(self) -> None:
        self._rest = b""
        self.skipped = 0

    def feed(self, octets: bytes) -> list[Event]:
        """What *octets* bring to their end."""
        stream, at, events = self._rest + octets, 0, list[Event]()
        while (head := stream.find(HEAD, at)) >= 0:
            self.skipped += head - at
            at = head
            if len(stream) - head < _HEADER:
                break
            length = _length(stream[head : head + _HEADER])
            if length is None:
                self.skipped += 1
                at = head + 1
                continue
            end = head + _HEADER + length + _TRAILER
            if len(stream) < end:
                break
            event, taken = _read(stream[head:end])
            events.append(event)
            at = head + taken
        if head < 0:
            held = max(at, len(stream) - stream.endswith(HEAD[:1]))
            self.skipped += held - at
            at = held
        self._rest = stream[at:]
        return events

    def expire(self) -> list[Event]:
        """What the stream has held back, when nothing has come for long: a wrong length waits for ever."""
        events = list[Event]()
        while len(self._rest) >= len(HEAD):
            waiting, self._rest = self._rest, b""
            events += [Garbled("cut_off", waiting[:2]), *self.feed(waiting[2:])]
        self.skipped += len(self._rest)
        self._rest = b""
        return events


def _length(header: bytes) -> int | None:
    """Bytes between the marks; None for a header that cannot be one."""
    direction, length = header[11] >> 4, int.from_bytes(header[11:13], "big") & _LONGEST
    if direction not in (0, 8) or header[13] not in (STX, SYN) or (header[13] == SYN and length < 3):
        return None
    return length


def _read(octets: bytes) -> tuple[Event, int]:
    """The packet that *octets* are by their own length, and how many of them to leave behind.

    With a wrong end the length itself is in doubt, so the next packet is sought inside; with a wrong CRC alone it
    is not.
    """
    if octets[-3] not in _ENDS:
        return Garbled("end", octets[:2]), 2
    if crc16(octets[:-2]) != int.from_bytes(octets[-2:], "big"):
        return Garbled("crc", octets), len(octets)
    up = octets[11] >> 4 == 0
    center, station = (octets[2], octets[3:8]) if up else (octets[7], octets[2:7])
    body, parts, part = octets[14:-3], 1, 1
    if octets[13] == SYN:
        numbers, body = int.from_bytes(body[:3], "big"), body[3:]
        parts, part = numbers >> 12, numbers & 0xFFF
        if not 1 <= part <= parts:
            return Garbled("part", octets), len(octets)
    password = int.from_bytes(octets[8:10], "big")
    return (
        Packet(up, center, station.hex().upper(), password, octets[10], body, octets[-3], parts, part),
        len(octets),
    )


def encode(packet: Packet) -> bytes:
    """The octets of *packet*. Raises `ProtocolError` for what cannot be written."""
    try:
        station = bytes.fromhex(packet.station)
    except ValueError as error:
        raise ProtocolError("station", f"{packet.station!r} is no station's number") from error
    several = packet.parts > 1
    body = (packet.parts << 12 | packet.part).to_bytes(3, "big") * several + packet.body
    if len(station) != 5 or len(body) > _LONGEST or packet.end not in _ENDS:
        raise ProtocolError("packet", "station of five bytes, body of at most 4095, a known end")
    if not (1 <= packet.part <= packet.parts <= _LONGEST):
        raise ProtocolError("packet", f"part {packet.part} of {packet.parts}")
    try:
        center, password = bytes([packet.center]), packet.password.to_bytes(2, "big")
        function = bytes([packet.function])
    except (ValueError, OverflowError) as error:
        raise ProtocolError("packet", "centre and function are bytes, the password two") from error
    addresses = center + station if packet.up else station + center
    direction = len(body) | (0 if packet.up else 0x8000)
    octets = b"".join(
        [
            HEAD,
            addresses,
            password,
            function,
            direction.to_bytes(2, "big"),
            bytes([SYN if several else STX]),
            body,
            bytes([packet.end]),
        ]
    )
    return octets + crc16(octets).to_bytes(2, "big")


def crc16(octets: bytes) -> int:
    """CRC-16/MODBUS; in a packet its high byte comes first.

    >>> f"{crc16(b'123456789'):04X}"
    '4B37'
    """
    register = 0xFFFF
    for octet in octets:
        register = (register >> 8) ^ TABLE_A001[(register ^ octet) & 0xFF]
    return register
