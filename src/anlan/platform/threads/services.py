"""The only writers of threads and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.kernel import clock
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import record_thread, service
from anlan.platform.threads.models import Thread, ThreadAlias, Timeline
from anlan.platform.threads.queries import resolve_thread


@dataclass(frozen=True)
class NewThread:
    """A thread to open: where, on which timeline (None is live), under what title."""

    region: str
    zone: str | None
    title: str
    timeline: UUID | None = None


@service("threads.open", permission="threads.open")
def open_thread(region: str, zone: str | None, title: str, *, timeline: UUID | None = None) -> UUID:
    """Open the thread of a first alarm or report; its id goes with all that follows."""
    (thread,) = _open([NewThread(region, zone, title, timeline)])
    record_thread(thread)
    return thread


@service("threads.open_many", permission="threads.open")
def open_threads(threads: Sequence[NewThread]) -> list[UUID]:
    """Open many threads with one insert; ids in the order given."""
    return _open(threads)


@service("threads.merge", permission="threads.merge")
def merge_threads(thread: UUID, into: UUID) -> UUID:
    """Say that *thread* is the same matter as *into*; returns the alias, which can be separated again."""
    source, root = resolve_thread(thread), resolve_thread(into)
    if source == root:
        raise Conflict(Text("两条线索已是同一事件", "The two threads are one already"))
    merged = _visible(source)
    alias = ThreadAlias.objects.create(
        thread_id=source, into_id=root, merged_at=clock.now(), region=merged.region, zone=merged.zone
    )
    record_thread(root)
    return alias.id


@service("threads.separate", permission="threads.merge")
def separate_threads(alias: UUID) -> None:
    """Undo a merge."""
    changed = ThreadAlias.objects.filter(id=alias, separated_at__isnull=True).update(separated_at=clock.now())
    if not changed:
        raise NotFound


@service("timelines.create", permission="timelines.manage")
def create_timeline(
    name: str, *, origin: datetime, rate: float = 1.0, exercise: bool = True
) -> clock.Timeline:
    """A timeline that starts now, at its own time *origin*."""
    made = clock.Timeline(new_id(), name, origin, clock.now(), rate, exercise)
    Timeline.objects.create(
        id=made.id, name=name, origin=origin, anchored_at=made.anchored_at, rate=rate, exercise=exercise
    )
    return made


@service("timelines.reanchor", permission="timelines.manage")
def reanchor_timeline(
    timeline: UUID, *, rate: float | None = None, origin: datetime | None = None
) -> clock.Timeline:
    """Go on from the timeline's present time, or from *origin*, at *rate* if given."""
    row = Timeline.objects.select_for_update().filter(id=timeline).first()
    if row is None:
        raise NotFound
    changed = row.as_clock_timeline().reanchored(clock.now(), rate)
    row.origin = origin or changed.origin
    row.anchored_at, row.rate = changed.anchored_at, changed.rate
    row.save()
    return row.as_clock_timeline()


def _open(threads: Sequence[NewThread]) -> list[UUID]:
    at_live = clock.now()
    timelines = Timeline.objects.in_bulk({thread.timeline for thread in threads if thread.timeline})
    rows = [
        Thread(
            id=new_id(),
            timeline_id=thread.timeline,
            title=thread.title,
            opened_at=at_live
            if thread.timeline is None
            else timelines[thread.timeline].as_clock_timeline().at(at_live),
            region=thread.region,
            zone=thread.zone,
        )
        for thread in threads
    ]
    return [row.id for row in Thread.objects.bulk_create(rows)]


def _visible(thread: UUID) -> Thread:
    found = Thread.objects.filter(id=thread).first()
    if found is None:
        raise NotFound
    return found
