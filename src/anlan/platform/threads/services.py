"""The only writers of threads and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, record_thread, service
from anlan.platform.threads.models import Thread, ThreadAlias, ThreadName, Timeline
from anlan.platform.threads.queries import resolve_thread

OPEN = "threads.open"
MERGE = "threads.merge"


@dataclass(frozen=True)
class NewThread:
    """A thread to open: where, on which timeline (None is live), under what title."""

    region: str
    zone: str | None
    title: str
    timeline: UUID | None = None


@service("threads.open", permission=OPEN)
def open_thread(region: str, zone: str | None, title: str, *, timeline: UUID | None = None) -> UUID:
    """Open the thread of a first alarm or report; its id goes with all that follows."""
    (thread,) = _open([NewThread(region, zone, title, timeline)])
    return thread


@service("threads.open_many", permission=OPEN)
def open_threads(threads: Sequence[NewThread]) -> list[UUID]:
    """Open many threads with one insert; ids in the order given."""
    return _open(threads)


@service("threads.merge", permission=MERGE)
def merge_threads(thread: UUID, into: UUID) -> UUID:
    """Say that *thread* is the same matter as *into*; returns the alias, which can be separated again.

    Raises `Conflict` when they are one already, or belong to different timelines:
    an exercise must never swallow a real event.
    """
    _one_merge_at_a_time()
    source, root = _mergeable(resolve_thread(thread)), _mergeable(resolve_thread(into))
    if source.id == root.id:
        raise Conflict(Text("两条线索已是同一事件", "The two threads are one already"))
    if source.timeline_id != root.timeline_id:
        raise Conflict(
            Text("演练与真实事件的线索不能归并", "Threads of different timelines cannot be merged"),
            next_step=Text("请核对线索是否属于演练", "Check which of them belongs to an exercise"),
        )
    alias = ThreadAlias.objects.create(
        id=new_id(), thread=source, into=root, merged_at=clock.now(), region=source.region, zone=source.zone
    )
    record_thread(source.id, root.id)
    return alias.id


@service("threads.separate", permission=MERGE)
def separate_threads(alias: UUID) -> None:
    """Undo a merge."""
    found = ThreadAlias.objects.select_for_update().filter(id=alias, separated_at__isnull=True).first()
    if found is None:
        raise NotFound
    decide_there(MERGE, found.region, found.zone)
    found.separated_at = clock.now()
    found.save(update_fields=["separated_at"])
    record_thread(found.thread_id, found.into_id)


@service("threads.name", permission="threads.open")
def name_thread(name: UUID, thread: UUID) -> None:
    """Let *name* stand for *thread* from now on, whatever it stood for before."""
    row = Thread.objects.filter(id=thread).first()
    if row is None:
        raise NotFound
    ThreadName.objects.update_or_create(
        name=name,
        defaults={"thread": row, "named_at": clock.now(), "region": row.region, "zone": row.zone},
    )


@service("timelines.create", permission="timelines.manage")
def create_timeline(
    name: str, *, origin: datetime, rate: float = 1.0, exercise: bool = True
) -> clock.Timeline:
    """A timeline that starts now, at its own time *origin*. Raises `Invalid` for a rate outside 0–60."""
    _check_rate(rate)
    made = clock.Timeline(new_id(), name, origin, clock.now(), rate, exercise)
    Timeline.objects.create(
        id=made.id, name=name, origin=origin, anchored_at=made.anchored_at, rate=rate, exercise=exercise
    )
    return made


@service("timelines.reanchor", permission="timelines.manage")
def reanchor_timeline(
    timeline: UUID, *, rate: float | None = None, origin: datetime | None = None
) -> clock.Timeline:
    """Go on from the timeline's present time, or from *origin*, at *rate* if given.

    Raises `NotFound`, or `Invalid` for a rate outside 0–60.
    """
    if rate is not None:
        _check_rate(rate)
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
    wanted = {thread.timeline for thread in threads if thread.timeline}
    timelines = Timeline.objects.in_bulk(wanted)
    if wanted - timelines.keys():
        raise NotFound
    for region, zone in {(thread.region, thread.zone) for thread in threads}:
        decide_there(OPEN, region, zone)
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
    ids = [row.id for row in Thread.objects.bulk_create(rows)]
    record_thread(*ids)
    return ids


def _mergeable(thread: UUID) -> Thread:
    found = Thread.objects.filter(id=thread).first()
    if found is None:
        raise NotFound
    decide_there(MERGE, found.region, found.zone)
    return found


def _one_merge_at_a_time() -> None:
    """Two merges at once could each miss the other's alias and close a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('threads.merge'))")


def _check_rate(rate: float) -> None:
    if not 0 <= rate <= clock.MAX_RATE:
        raise Invalid(
            Text(
                f"倍速应在 0 到 {clock.MAX_RATE:g} 之间",
                f"The rate must lie between 0 and {clock.MAX_RATE:g}",
            ),
            facts={"rate": rate},
        )
