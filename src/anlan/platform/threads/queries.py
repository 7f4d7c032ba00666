"""Reads of threads and timelines; every one of them resolves aliases."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.platform.commands.models import Command, Outcome
from anlan.platform.threads.models import Thread, Timeline

_ROOT = """
    WITH RECURSIVE up AS (
        SELECT %s::uuid AS id, 0 AS step
        UNION ALL
        SELECT a.into_id, up.step + 1 FROM threads_threadalias a JOIN up ON a.thread_id = up.id
        WHERE a.separated_at IS NULL
    )
    SELECT id FROM up ORDER BY step DESC LIMIT 1"""

_FAMILY = """
    WITH RECURSIVE down AS (
        SELECT %s::uuid AS id
        UNION
        SELECT a.thread_id FROM threads_threadalias a JOIN down ON a.into_id = down.id
        WHERE a.separated_at IS NULL
    )
    SELECT id FROM down"""


def resolve_thread(thread: UUID) -> UUID:
    """The thread that *thread* now belongs to: itself unless merged. `NotFound` if it is not visible."""
    if not Thread.objects.filter(id=thread).exists():
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute(_ROOT, [thread])
        return UUID(str(cursor.fetchone()[0]))


def thread_family(thread: UUID) -> frozenset[UUID]:
    """Ids of all threads that are one with *thread*: filter rows that carry a thread by these."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [resolve_thread(thread)])
        return frozenset(UUID(str(row[0])) for row in cursor.fetchall())


def commands_of_thread(thread: UUID) -> QuerySet[Command]:
    """What was done about *thread* and the threads merged with it, in order: what a replay calls again."""
    return Command.objects.filter(
        threads__overlap=list(thread_family(thread)), parent__isnull=True, outcome=Outcome.DONE.value
    ).order_by("at", "id")


def timeline_of(timeline: UUID) -> clock.Timeline:
    """The kernel's value of a stored timeline. Raises `NotFound`."""
    row = Timeline.objects.filter(id=timeline).first()
    if row is None:
        raise NotFound
    return row.as_clock_timeline()


def timeline_named(name: str) -> clock.Timeline | None:
    """The oldest stored timeline of this name, if any."""
    row = Timeline.objects.filter(name=name).order_by("id").first()
    return row.as_clock_timeline() if row else None


def timelines_of(ids: Iterable[UUID]) -> dict[UUID, clock.Timeline]:
    """The stored timelines with these ids, in one query; unknown ids are left out."""
    rows = Timeline.objects.in_bulk(list(ids))
    return {id: row.as_clock_timeline() for id, row in rows.items()}


def clock_of_timeline(timeline: UUID | None) -> clock.Clock:
    """The clock of a timeline, driven by the current clock; None is the current clock itself."""
    if timeline is None:
        return clock.current_clock()
    return clock.TimelineClock(timeline_of(timeline), clock.current_clock())
