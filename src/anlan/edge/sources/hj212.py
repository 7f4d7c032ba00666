"""HJ 212: emission monitors and park sensors that call by TCP."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from anlan.codecs.errors import ProtocolError
from anlan.codecs.hj212 import Assembler, Frame, Frames, Message, acknowledgement, decode, encode, readings_of
from anlan.edge.core.config import Factor, Hj212, Hj212Device
from anlan.edge.core.guards import ClockGuard
from anlan.edge.core.readings import Reading
from anlan.edge.sources.base import Desk
from anlan.edge.sources.listener import Heard
from anlan.kernel.clock import to_ms

_UPLOADS = ("2", "3")
"""Commands of these thousands bring data; others ask for something that a collector does not do."""


@dataclass
class _Device:
    points: dict[str, Factor]
    password: str | None
    clock: ClockGuard


class Hj212Protocol:
    """The devices that *config* declares."""

    def __init__(self, config: Hj212, desk: Desk, environment: Mapping[str, str]) -> None:
        self.desk = desk
        self._environment = environment
        self.devices = {device.mn: self._declared(device, config) for device in config.devices}

    def _declared(self, device: Hj212Device, config: Hj212) -> _Device:
        clock = self.desk.fare.clocks[device.mn] = ClockGuard(config.clock_ahead_s)
        password = self._environment[device.password_env] if device.password_env else None
        return _Device({point.factor: point for point in device.points}, password, clock)

    def begin(self) -> "_Talk":
        return _Talk(self)


@dataclass
class _Talk:
    protocol: Hj212Protocol
    _frames: Frames = field(default_factory=Frames)
    _parts: Assembler = field(default_factory=Assembler)

    def hear(self, octets: bytes) -> Iterator[Heard]:
        for event in self._frames.feed(octets):
            if isinstance(event, Frame):
                yield from self._read(event.segment)
            else:
                self.protocol.desk.unreadable(event.reason, event.octets)
                yield Heard(strange=True)

    def fall_silent(self) -> Iterator[Heard]:
        """A line that is not ended keeps waiting for its end: it takes no neighbour along."""
        yield from ()

    def _read(self, segment: bytes) -> Iterator[Heard]:
        try:
            message = decode(segment)
            device = self._device_of(message)
            if device is None:
                yield Heard(strange=True)
                return
            # parts that bear their own time stand for themselves
            whole = message if message.field("DataTime") else self._parts.add(message)
            readings = self._readings(device, whole) if whole is not None else ()
        except ProtocolError as error:
            self.protocol.desk.unreadable(error.code, segment)
            yield Heard(strange=True)
            return
        if whole is not None:
            yield Heard(readings, self._answer(message))

    def _device_of(self, message: Message) -> _Device | None:
        """The declared device that *message* comes from; any other is counted with what it calls itself."""
        device = self.protocol.devices.get(message.mn)
        if device is None:
            self.protocol.desk.fare.stranger(f"MN {message.mn[:64]}")
        elif device.password is not None and message.pw != device.password:
            self.protocol.desk.fare.stranger(f"MN {message.mn} PW")
            return None
        return device

    def _readings(self, device: _Device, message: Message) -> tuple[Reading, ...]:
        found = []
        for one in readings_of(message):
            point = device.points.get(f"{one.factor}-{one.statistic}")
            if point is None:
                self.protocol.desk.fare.counts["undeclared_values"] += 1
                continue
            reading = self.protocol.desk.reading(point, one.value, one.quality, to_ms(one.at), device.clock)
            if reading is not None:
                found.append(reading)
        return tuple(found)

    def _answer(self, message: Message) -> bytes:
        if not message.wants_answer or not message.cn.startswith(_UPLOADS):
            return b""
        with suppress(ProtocolError):
            return encode(acknowledgement(message))
        return b""  # a number or name that cannot be written back
