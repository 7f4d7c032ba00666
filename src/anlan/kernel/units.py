"""Units of measurement that points may carry, and conversion within a dimension."""

from typing import NamedTuple

from anlan.kernel.text import Text


class Unit(NamedTuple):
    """A unit: its symbol on screen, its dimension, and how it becomes the SI one.

    ``si = value * factor + offset``.
    """

    symbol: str
    dimension: str
    factor: float
    offset: float
    name: Text


UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("°C", "temperature", 1.0, 273.15, Text("摄氏度", "degree Celsius")),
        Unit("K", "temperature", 1.0, 0.0, Text("开尔文", "kelvin")),
        Unit("°F", "temperature", 5 / 9, 273.15 - 32 * 5 / 9, Text("华氏度", "degree Fahrenheit")),
        Unit("Pa", "pressure", 1.0, 0.0, Text("帕", "pascal")),
        Unit("kPa", "pressure", 1e3, 0.0, Text("千帕", "kilopascal")),
        Unit("MPa", "pressure", 1e6, 0.0, Text("兆帕", "megapascal")),
        Unit("m", "length", 1.0, 0.0, Text("米", "metre")),
        Unit("cm", "length", 1e-2, 0.0, Text("厘米", "centimetre")),
        Unit("mm", "length", 1e-3, 0.0, Text("毫米", "millimetre")),
        Unit("%", "ratio", 1e-2, 0.0, Text("百分比", "per cent")),
        Unit("%LEL", "lel_ratio", 1e-2, 0.0, Text("爆炸下限百分比", "per cent of LEL")),
        Unit("%vol", "volume_ratio", 1e-2, 0.0, Text("体积百分比", "per cent by volume")),
        Unit("ppm", "volume_ratio", 1e-6, 0.0, Text("百万分比", "parts per million")),
        Unit("mol%", "mole_ratio", 1e-2, 0.0, Text("摩尔百分比", "mole per cent")),
        Unit("mg/m³", "concentration", 1e-6, 0.0, Text("毫克每立方米", "milligram per cubic metre")),
        Unit("mg/L", "concentration", 1e-3, 0.0, Text("毫克每升", "milligram per litre")),
        Unit("µg/m³", "concentration", 1e-9, 0.0, Text("微克每立方米", "microgram per cubic metre")),
        Unit("kg/s", "mass_flow", 1.0, 0.0, Text("千克每秒", "kilogram per second")),
        Unit("kg/h", "mass_flow", 1 / 3600, 0.0, Text("千克每小时", "kilogram per hour")),
        Unit("m³/s", "volume_flow", 1.0, 0.0, Text("立方米每秒", "cubic metre per second")),
        Unit("m³/h", "volume_flow", 1 / 3600, 0.0, Text("立方米每小时", "cubic metre per hour")),
        Unit("m³/min", "volume_flow", 1 / 60, 0.0, Text("立方米每分钟", "cubic metre per minute")),
        Unit("km³/h", "volume_flow", 1e3 / 3600, 0.0, Text("千立方米每小时", "thousand m³ per hour")),
        Unit("kW", "power", 1e3, 0.0, Text("千瓦", "kilowatt")),
        Unit("V", "voltage", 1.0, 0.0, Text("伏", "volt")),
        Unit("m/s", "speed", 1.0, 0.0, Text("米每秒", "metre per second")),
        Unit("cm/s", "speed", 1e-2, 0.0, Text("厘米每秒", "centimetre per second")),
        Unit("mm/h", "speed", 1e-3 / 3600, 0.0, Text("毫米每小时", "millimetre per hour")),
        Unit("mm/d", "speed", 1e-3 / 86400, 0.0, Text("毫米每日", "millimetre per day")),
        Unit("Ω", "resistance", 1.0, 0.0, Text("欧姆", "ohm")),
        Unit("", "none", 1.0, 0.0, Text("无量纲", "dimensionless")),
    )
}


def convert(value: float, source: str, target: str) -> float:
    """*value* in unit *source*, expressed in unit *target*.

    >>> convert(1.5, "MPa", "kPa")
    1500.0
    >>> round(convert(25.0, "°C", "K"), 2)
    298.15

    Raises `KeyError` for an unknown unit, `ValueError` across dimensions.
    """
    one, other = UNITS[source], UNITS[target]
    if one.dimension != other.dimension:
        raise ValueError(f"{source} ({one.dimension}) cannot become {target} ({other.dimension})")
    return (value * one.factor + one.offset - other.offset) / other.factor
