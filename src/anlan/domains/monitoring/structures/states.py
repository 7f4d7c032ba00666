"""What a structure can be, and what is watched of a tailings pond."""

from anlan.kernel.text import LabelledEnum


class StructureKind(LabelledEnum):
    """Judged by the velocity of its stations, or by the cascade of its points."""

    PIT_SLOPE = "pit_slope", "露天矿山边坡", "Open-pit slope"
    TAILINGS_POND = "tailings_pond", "尾矿库", "Tailings pond"


class PondItem(LabelledEnum):
    """监测项目 of a tailings pond, whose points are put together first (GB 39496-2020, 5.5.4)."""

    DISPLACEMENT = "displacement", "坝体位移", "Displacement of the dam"
    PHREATIC_LINE = "phreatic_line", "浸润线", "Phreatic line"
    BEACH = "beach", "干滩长度", "Dry beach"
    POOL_LEVEL = "pool_level", "库水位", "Pool level"
    RAIN = "rain", "降雨量", "Rainfall"


class Outcome(LabelledEnum):
    """Whether the last judgement could be made."""

    NOT_YET = "not_yet", "尚未研判", "Not judged yet"
    JUDGED = "judged", "已研判", "Judged"
    NO_DATA = "no_data", "数据不足", "Too little data"
