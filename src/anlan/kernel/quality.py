"""Quality of a reading: one byte that travels with every value."""

from enum import IntEnum

from anlan.kernel.text import Text


class Quality(IntEnum):
    """The kernel's table of quality codes (architecture: the batch contract)."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2
    MANUAL = 3
    SIMULATED = 4

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS = {
    Quality.GOOD: Text("正常", "Good"),
    Quality.UNCERTAIN: Text("可疑", "Uncertain"),
    Quality.BAD: Text("无效", "Bad"),
    Quality.MANUAL: Text("人工", "Manual"),
    Quality.SIMULATED: Text("模拟", "Simulated"),
}
