"""The kinds of deadlines that apps declare, and their states."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.notices import Urgency


class DeadlineState(LabelledEnum):
    """What has become of a deadline."""

    RUNNING = "running", "计时中", "Running"
    PAUSED = "paused", "已暂停", "Paused"
    MET = "met", "按时完成", "Met"
    MET_LATE = "met_late", "超时完成", "Met late"
    CANCELLED = "cancelled", "已取消", "Cancelled"


@dataclass(frozen=True)
class Step:
    """What happens *after* the due time (before it, when negative): who is told, and how urgently.

    *permission* is the audience's; those who hold it at the deadline's place hear of it. None
    leaves telling to the kind's handler, which knows more than a fixed sentence can say.
    """

    after: timedelta
    permission: str | None
    urgency: Urgency
    title: Text


@dataclass(frozen=True)
class DeadlineEvent:
    """What a handler is told when a step falls due."""

    deadline: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    step: int


@dataclass(frozen=True)
class DeadlineKind:
    """A kind of deadline by its code: its words, its steps in order, what else happens at one.

    *handler* is called with each step that falls due, in the step's own transaction; it may end or
    restart the very clock that called it.
    """

    code: str
    title: Text
    steps: tuple[Step, ...]
    handler: Callable[[DeadlineEvent], None] | None = None

    def __post_init__(self) -> None:
        if list(self.steps) != sorted(self.steps, key=lambda step: step.after):
            raise ValueError(f"the steps of deadline {self.code} are not in order")


_kinds: dict[str, DeadlineKind] = {}


def register_deadline(kind: DeadlineKind) -> None:
    """Declare *kind*; call it in `AppConfig.ready`. The same code twice is refused."""
    if kind.code in _kinds:
        raise ValueError(f"deadline {kind.code} is declared twice")
    _kinds[kind.code] = kind


def kind_of(code: str) -> DeadlineKind:
    """The declared kind. Raises `KeyError`."""
    return _kinds[code]


def registered_deadlines() -> dict[str, DeadlineKind]:
    """All declared kinds, by code."""
    return dict(_kinds)
