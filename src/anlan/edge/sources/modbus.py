"""Modbus devices: registers read in rounds, over TCP, RTU behind a serial device server, or a serial line."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pymodbus import FramerType
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from anlan.edge.core.config import Modbus, ModbusPoint
from anlan.edge.core.pace import Backoff, Pace
from anlan.edge.core.readings import Reading
from anlan.edge.sources.base import Desk, again_and_again
from anlan.kernel.quality import Quality

MOST_REGISTERS, MOST_BITS = 125, 2000
"""In one answer (Modbus Application Protocol V1.1b3, 6.1 to 6.4)."""
_FORMATS = {
    "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "int64": ">q", "float32": ">f", "float64": ">d",
}  # fmt: skip
_TROUBLES = (OSError, TimeoutError, ModbusException)


@dataclass(frozen=True)
class Block:
    """Points of one table whose registers lie side by side."""

    table: str
    start: int
    count: int
    points: tuple[ModbusPoint, ...]


def registers_of(point: ModbusPoint) -> int:
    """How many registers (or bits) the value takes."""
    return 1 if point.type == "bit" else struct.calcsize(_FORMATS[point.type]) // 2


def blocks_of(points: Sequence[ModbusPoint]) -> Iterator[Block]:
    """The fewest reads that touch no register which is not asked for: many devices refuse those they do not have."""
    ordered = sorted(points, key=lambda point: (point.table, point.register))
    while ordered:
        first = ordered.pop(0)
        most = MOST_BITS if first.type == "bit" else MOST_REGISTERS
        taken, end = [first], first.register + registers_of(first)
        while ordered and ordered[0].table == first.table and ordered[0].register <= end:
            reach = max(end, ordered[0].register + registers_of(ordered[0]))
            if reach - first.register > most:
                break
            taken.append(ordered.pop(0))
            end = reach
        yield Block(first.table, first.register, end - first.register, tuple(taken))


def value_of(point: ModbusPoint, registers: Sequence[int]) -> float:
    """The number that *registers* hold by the point's type and order.

    >>> pressure = ModbusPoint(tag="P", unit="kPa", register=0, type="float32", order="CDAB")
    >>> value_of(pressure, [0x0000, 0x42F6])
    123.0
    """
    words = registers if point.order in ("ABCD", "BADC") else list(reversed(registers))
    within: Literal["big", "little"] = "big" if point.order in ("ABCD", "CDAB") else "little"
    octets = b"".join(word.to_bytes(2, within) for word in words)
    return float(struct.unpack(_FORMATS[point.type], octets)[0])


class ModbusSource:
    """Reads the device of *config* in rounds for as long as it answers, and calls it again when it does not."""

    def __init__(self, config: Modbus, desk: Desk, pace: Pace, backoff: Backoff) -> None:
        self._config, self._desk, self._pace, self._backoff = config, desk, pace, backoff
        self._blocks = tuple(blocks_of(config.points))

    async def run(self) -> None:
        await again_and_again(self._desk.fare, self._session, self._pace, self._backoff, _TROUBLES)

    async def _session(self) -> None:
        client = _client(self._config)
        try:
            if not await client.connect():
                raise ConnectionError(f"no connection to {self._config.host or self._config.serial}")
            while True:
                began = self._pace.seconds()
                await self._desk.keep(await self._round(client))
                spent = self._pace.seconds() - began
                await self._pace.rest(max(0.0, self._config.every_s - spent))
        finally:
            client.close()

    async def _round(self, client: ModbusBaseClient) -> list[Reading]:
        """One reading of every point that the device has an answer for."""
        readings = []
        for block in self._blocks:
            answer = await self._read(client, block)
            if answer.isError():
                self._desk.fare.counts[f"exception_{answer.exception_code}"] += len(block.points)
                self._desk.fare.trouble = f"{block.table} {block.start}: exception {answer.exception_code}"
                continue
            readings += [found for point in block.points if (found := self._reading(point, block, answer))]
        if readings:
            self._connected()
        return readings

    def _connected(self) -> None:
        if not self._desk.fare.connected:
            self._desk.fare.connected, self._desk.fare.trouble = True, ""

    async def _read(self, client: ModbusBaseClient, block: Block) -> ModbusPDU:
        ask = {
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
        }[block.table]
        answer: ModbusPDU = await ask(block.start, count=block.count, device_id=self._config.device)
        return answer

    def _reading(self, point: ModbusPoint, block: Block, answer: ModbusPDU) -> Reading | None:
        at, size = point.register - block.start, registers_of(point)
        bit = point.type == "bit"
        raw = float(answer.bits[at]) if bit else value_of(point, answer.registers[at : at + size])
        return self._desk.reading(point, raw, Quality.GOOD, None)


def _client(config: Modbus) -> ModbusBaseClient:
    """Without pymodbus's own ways of calling again: the session ends, and is begun again."""
    framer = FramerType.RTU if config.framing == "rtu" or config.serial else FramerType.SOCKET
    if config.serial is not None:
        return AsyncModbusSerialClient(
            config.serial, framer=framer, baudrate=config.baud, parity=config.parity, timeout=config.timeout_s,
            retries=1, reconnect_delay=0,
        )  # fmt: skip
    return AsyncModbusTcpClient(
        config.host or "",
        port=config.port,
        framer=framer,
        timeout=config.timeout_s,
        retries=1,
        reconnect_delay=0,
    )
