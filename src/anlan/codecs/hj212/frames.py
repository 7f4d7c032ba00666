r"""通讯包: ``##``, the segment's length in four digits, the segment, its CRC in four hexadecimal digits, CR LF.

HJ 212-2017, 6.2 and annex A. A segment holds no line end, so a frame is a line: one that is damaged takes none of
its neighbours along.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.codecs.crc import TABLE_A001
from anlan.codecs.errors import ProtocolError

LONGEST = 1024
"""Bytes of a segment that the standard allows; senders that say more, up to four digits' worth, are heard."""
_HEAD, _END = b"##", b"\r\n"
_OVERHEAD = 10  # head, length, CRC
_LONGEST_LINE = 9999 + _OVERHEAD


@dataclass(frozen=True)
class Frame:
    """A frame that is whole: its segment, without length and CRC."""

    segment: bytes


@dataclass(frozen=True)
class Garbled:
    """Bytes that are no frame: *reason* is ``noise``, ``length``, ``crc`` or ``too_long``."""

    reason: str
    octets: bytes


Event = Frame | Garbled


class Frames:
    """The frames of a stream; keeps at most one line that is not at its end yet."""

    def __init__(self) -> None:
        self._rest = b""
        self._flooded = False  # inside a line that is too long: nothing of it is kept

    def feed(self, octets: bytes) -> list[Event]:
        """What *octets* bring to their end."""
        *lines, self._rest = (self._rest + octets).split(_END)
        events: list[Event] = []
        for line in lines:
            if not self._flooded:
                events.extend(_read(line))
            self._flooded = False
        if len(self._rest) > _LONGEST_LINE:
            if not self._flooded:
                events.append(Garbled("too_long", self._rest[:_LONGEST_LINE]))
            self._flooded = True
            self._rest = self._rest[-1:] if self._rest.endswith(b"\r") else b""
        return events


def _read(line: bytes) -> Iterator[Event]:
    """The frame that *line* is, after whatever a cut-off one before it has left."""
    if not line:
        return
    if len(line) > _LONGEST_LINE:
        yield Garbled("too_long", line[:_LONGEST_LINE])
        return
    fault = _fault(line)
    if fault != "" and (last := line.rfind(_HEAD)) > 0:
        yield Garbled(fault, line[:last])
        line, fault = line[last:], _fault(line[last:])
    yield Garbled(fault, line) if fault else Frame(line[6:-4])


def _fault(line: bytes) -> str:
    """What keeps *line* from being a frame; empty for none."""
    if not line.startswith(_HEAD) or len(line) < _OVERHEAD or not line[2:6].isdigit():
        return "noise"
    if int(line[2:6]) != len(line) - _OVERHEAD:
        return "length"
    return "" if line[-4:].upper() == b"%04X" % crc16(line[6:-4]) else "crc"


def frame(segment: bytes) -> bytes:
    r"""The frame of *segment*.

    >>> frame(b"ST=91;CN=9014;CP=&&&&")
    b'##0021ST=91;CN=9014;CP=&&&&4980\r\n'

    Raises `ProtocolError` for a segment that is too long or holds a line end.
    """
    if len(segment) > LONGEST:
        raise ProtocolError("too_long", f"{len(segment)} bytes, at most {LONGEST}: split it by PNUM and PNO")
    if _END in segment:
        raise ProtocolError("line_end", "a segment holds no line end")
    return b"##%04d%b%04X\r\n" % (len(segment), segment, crc16(segment))


def crc16(octets: bytes) -> int:
    """The check of annex A. It is not CRC-16/MODBUS: each byte meets the register's high half alone.

    >>> f"{crc16(b'ST=91;CN=9014;CP=&&&&'):04X}"
    '4980'
    """
    register = 0xFFFF
    for octet in octets:
        register = TABLE_A001[(register >> 8) ^ octet]
    return register
