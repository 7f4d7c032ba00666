"""Registers become numbers by the type and order that the device's manual states."""

import struct

import pytest

from anlan.edge.core.config import ModbusPoint
from anlan.edge.sources.modbus import MOST_REGISTERS, blocks_of, registers_of, value_of


def point(
    register: int = 0, type: str = "uint16", order: str = "ABCD", table: str = "holding"
) -> ModbusPoint:
    return ModbusPoint(
        tag=f"{table}-{register}", unit="kPa", register=register, type=type, order=order, table=table
    )


@pytest.mark.parametrize(
    ("order", "registers"),
    [
        ("ABCD", [0x42F6, 0xE979]),
        ("CDAB", [0xE979, 0x42F6]),
        ("BADC", [0xF642, 0x79E9]),
        ("DCBA", [0x79E9, 0xF642]),
    ],
)
def test_one_float_in_the_four_orders_of_the_field(order: str, registers: list[int]) -> None:
    assert value_of(point(type="float32", order=order), registers) == pytest.approx(123.456)


@pytest.mark.parametrize(
    ("type", "registers", "value"),
    [
        ("int16", [0xFF85], -123),
        ("uint16", [0xFF85], 65413),
        ("int32", [0xFFFF, 0xFF85], -123),
        ("uint32", [0x0001, 0x0000], 65536),
        ("int64", [0xFFFF, 0xFFFF, 0xFFFF, 0xFF85], -123),
        ("float64", [*struct.unpack(">4H", struct.pack(">d", 0.1))], 0.1),
    ],
)
def test_every_type_takes_its_registers(type: str, registers: list[int], value: float) -> None:
    assert registers_of(point(type=type)) == len(registers)
    assert value_of(point(type=type), registers) == value


def test_neighbours_are_read_together_and_what_lies_between_others_is_not_touched() -> None:
    points = [point(0, "float32"), point(2), point(3), point(10), point(0, table="coil", type="bit")]
    blocks = {(block.table, block.start, block.count) for block in blocks_of(points)}
    assert blocks == {("holding", 0, 4), ("holding", 10, 1), ("coil", 0, 1)}


def test_no_read_asks_for_more_than_an_answer_can_hold() -> None:
    blocks = list(blocks_of([point(register) for register in range(300)]))
    assert sum(block.count for block in blocks) == 300
    assert max(block.count for block in blocks) == MOST_REGISTERS


def test_two_views_of_one_register_are_read_once() -> None:
    (block,) = blocks_of([point(5, "uint16"), point(5, "int16"), point(4, "float32")])
    assert (block.start, block.count, len(block.points)) == (4, 2, 3)
