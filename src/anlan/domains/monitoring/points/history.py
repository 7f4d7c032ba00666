"""Where the product's one composition root puts the historian, and where charts find it."""

from anlan.kernel.errors import Unavailable
from anlan.kernel.text import Text
from anlan.ports.history import Historian

_historian: Historian | None = None


class HistoryUnavailable(Unavailable):
    """The store of history does not answer; live values and alarms go on without it."""

    code = "history_unavailable"
    title = Text("历史库暂不可用", "The history is not available right now")
    next_step = Text(
        "实时数据和报警不受影响，请稍后重试", "Live values and alarms go on; try again in a moment"
    )


def use(historian: Historian | None) -> None:
    """Answer charts from *historian* in this process; None takes it away."""
    global _historian
    _historian = historian


def historian() -> Historian:
    """The historian in use. Raises `HistoryUnavailable` when there is none."""
    if _historian is None:
        raise HistoryUnavailable()
    return _historian
