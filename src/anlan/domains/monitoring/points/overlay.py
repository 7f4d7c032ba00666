"""What else happened while a point was measured: alarms, maintenance, notes, as other apps tell it.

An app that knows of such events registers a provider in `AppConfig.ready`; points know none of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.kernel.text import Text

MAX_EVENTS = 500


@dataclass(frozen=True)
class PointStep:
    """Something that happened in the course of an event, at a moment of the point's time."""

    title: Text
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class PointEvent:
    """An event of a point from *at* until *until* (None: still going on, or a moment if *momentary*).

    *source* names the app that tells it, *id* its row there; *level* is an
    alarm's level where it has one.
    """

    source: str
    id: UUID
    point_id: UUID
    title: Text
    at: datetime
    until: datetime | None
    level: str | None = None
    momentary: bool = False
    note: str = ""
    steps: Sequence[PointStep] = ()


Provider = Callable[[Sequence[UUID], datetime, datetime], Iterable[PointEvent]]
"""Events of points that touch [start, end), as the principal in force may see them, newest first."""

_providers: dict[str, Provider] = {}


def register_events(source: str, provider: Provider) -> None:
    """Let *provider* tell of events; called in `AppConfig.ready`."""
    if _providers.setdefault(source, provider) is not provider:
        raise ValueError(f"events of {source} are registered twice")


def events_of(point_ids: Sequence[UUID], start: datetime, end: datetime) -> tuple[list[PointEvent], bool]:
    """The events of points in [start, end) by time, and whether there were more than `MAX_EVENTS` newest ones.

    Call it inside a service or `read_scope`.
    """
    found = [event for provider in _providers.values() for event in provider(point_ids, start, end)]
    newest = sorted(found, key=lambda event: (event.at, event.id))
    return newest[-MAX_EVENTS:], len(newest) > MAX_EVENTS
