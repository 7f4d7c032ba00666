"""要素: what a gauge measures, by its identifier (SL 651-2014, annex C), as far as public sources agree on it."""

from dataclasses import dataclass

from anlan.kernel.text import Text


@dataclass(frozen=True)
class Element:
    """An element's name and the unit that its figures are in."""

    name: Text
    unit: str


ELEMENTS: dict[int, Element] = {
    0x02: Element(Text("瞬时气温", "Air temperature"), "°C"),
    0x03: Element(Text("瞬时水温", "Water temperature"), "°C"),
    0x1A: Element(Text("1 小时时段降水量", "Rain of 1 h"), "mm"),
    0x1B: Element(Text("2 小时时段降水量", "Rain of 2 h"), "mm"),
    0x1C: Element(Text("3 小时时段降水量", "Rain of 3 h"), "mm"),
    0x1D: Element(Text("6 小时时段降水量", "Rain of 6 h"), "mm"),
    0x1E: Element(Text("12 小时时段降水量", "Rain of 12 h"), "mm"),
    0x1F: Element(Text("日降水量", "Rain of the day"), "mm"),
    0x20: Element(Text("当前降水量", "Rain at present"), "mm"),
    0x21: Element(Text("1 分钟时段降水量", "Rain of 1 min"), "mm"),
    0x22: Element(Text("5 分钟时段降水量", "Rain of 5 min"), "mm"),
    0x23: Element(Text("10 分钟时段降水量", "Rain of 10 min"), "mm"),
    0x24: Element(Text("30 分钟时段降水量", "Rain of 30 min"), "mm"),
    0x25: Element(Text("暴雨量", "Rain of a storm"), "mm"),
    0x26: Element(Text("降水量累计值", "Rain counted up"), "mm"),
    0x27: Element(Text("瞬时流量、抽水流量", "Discharge"), "m³/s"),
    0x30: Element(Text("总出库流量、过闸总流量", "Total outflow"), "m³/s"),
    0x35: Element(Text("风速", "Wind speed"), "m/s"),
    0x36: Element(Text("断面平均流速", "Mean velocity of the section"), "m/s"),
    0x37: Element(Text("当前瞬时流速", "Velocity"), "m/s"),
    0x38: Element(Text("电源电压", "Supply voltage"), "V"),
    0x39: Element(Text("瞬时河道水位、潮位", "River stage"), "m"),
    0x3A: Element(Text("库（闸、站）下水位", "Stage below the dam or gate"), "m"),
    0x3B: Element(Text("库（闸、站）上水位", "Stage above the dam or gate"), "m"),
    0xF4: Element(Text("1 小时内每 5 分钟时段雨量", "Rain of each 5 min of an hour"), "mm"),
    0xF5: Element(Text("1 小时内每 5 分钟相对水位 1", "Relative stage 1 each 5 min of an hour"), "m"),
}
"""Others are read by the size that they state of themselves, and bear their number only."""
