"""Merging threads is an alias that every query resolves and that can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.people import LINGWU, YANCHI, as_service, grant, new_principal, new_user, principal

from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem
from anlan.platform.commands import Principal, acting_as, read_scope
from anlan.platform.threads.queries import resolve_thread, thread_family
from anlan.platform.threads.services import create_timeline, merge_threads, open_thread, separate_threads


@pytest.fixture
def desk(db: Any) -> Principal:
    return new_principal("duty_officer", "640000")


def opened(title: str, region: str = LINGWU, timeline: UUID | None = None) -> UUID:
    with as_service("demo"):
        return open_thread(region, None, title, timeline=timeline)


def root(thread: UUID, who: Principal) -> UUID:
    with acting_as(who), read_scope():
        return resolve_thread(thread)


def family(thread: UUID, who: Principal) -> frozenset[UUID]:
    with acting_as(who), read_scope():
        return thread_family(thread)


def test_two_reports_of_one_fire_become_one_and_can_be_told_apart_again(desk: Principal) -> None:
    first, second, third = opened("报警"), opened("来电"), opened("另一处")
    assert family(first, desk) == {first}
    with acting_as(desk):
        alias = merge_threads(second, first)
    assert root(second, desk) == root(first, desk) == first
    assert family(second, desk) == family(first, desk) == {first, second}
    assert root(third, desk) == third
    with acting_as(desk):
        separate_threads(alias)
    assert root(second, desk) == second and family(first, desk) == {first}
    with acting_as(desk), pytest.raises(NotFound):
        separate_threads(alias)
    with acting_as(desk):
        merge_threads(first, second)
    assert root(first, desk) == second, "after the separation they may be merged the other way round"


def test_chains_of_merges_resolve_to_one_root_from_everywhere(desk: Principal) -> None:
    a, b, c, d = (opened(name) for name in "abcd")
    with acting_as(desk):
        merge_threads(a, b)
        inner = merge_threads(b, c)
        merge_threads(d, a)
    assert {root(one, desk) for one in (a, b, c, d)} == {c}
    assert {family(one, desk) for one in (a, b, c, d)} == {frozenset({a, b, c, d})}
    with acting_as(desk):
        separate_threads(inner)
    assert family(a, desk) == {a, b} and family(d, desk) == {c, d}


def test_nothing_is_merged_with_itself_or_twice(desk: Principal) -> None:
    a, b = opened("a"), opened("b")
    with acting_as(desk):
        merge_threads(a, b)
        for pair in ((a, b), (b, a), (a, a)):
            with pytest.raises(Conflict):
                merge_threads(*pair)
        with pytest.raises(NotFound):
            merge_threads(a, uuid4())


def test_two_officers_who_merge_the_same_two_at_once_make_no_circle(desk: Principal) -> None:
    """A circle would hold every query for ever."""
    from django.db import connection

    for _ in range(5):
        a, b = opened("a"), opened("b")
        together = Barrier(2)

        def work(pair: tuple[UUID, UUID], together: Barrier = together) -> str:
            try:
                with acting_as(desk):
                    together.wait(10)
                    merge_threads(*pair)
            except Problem as problem:
                return problem.code
            finally:
                connection.close()
            return "merged"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(work, [(a, b), (b, a)])) == ["conflict", "merged"]
        assert root(a, desk) == root(b, desk)


def test_an_exercise_never_swallows_a_real_event_nor_the_other_way_round(desk: Principal) -> None:
    with as_service("demo"):
        drill = create_timeline("演练", origin=datetime(2024, 1, 1, tzinfo=UTC), rate=60.0)
        other = create_timeline("另一场", origin=datetime(2024, 1, 1, tzinfo=UTC))
    real, exercised, elsewhere = (
        opened("真实报警"),
        opened("演练报警", timeline=drill.id),
        opened("另一场", timeline=other.id),
    )
    with acting_as(desk):
        for pair in ((real, exercised), (exercised, real), (exercised, elsewhere)):
            with pytest.raises(Conflict):
                merge_threads(*pair)
        second = opened("演练来电", timeline=drill.id)
        merge_threads(second, exercised)


def test_a_thread_of_another_county_is_neither_seen_nor_merged(db: Any) -> None:
    here, there = opened("本县"), opened("外县", YANCHI)
    officer = new_principal("duty_officer", LINGWU)
    with acting_as(officer), pytest.raises(NotFound):
        merge_threads(here, there)
    user = new_user()
    grant(user, "duty_officer", LINGWU)
    grant(user, "leader", YANCHI)
    both = principal(user)
    assert root(there, both) == there
    with acting_as(both), pytest.raises(Forbidden):
        merge_threads(here, there)
    with acting_as(both), pytest.raises(Forbidden):
        open_thread(YANCHI, None, "越权")


def test_who_may_not_merge_may_not_separate_either(desk: Principal) -> None:
    a, b = opened("a"), opened("b")
    with acting_as(desk):
        alias = merge_threads(a, b)
    with acting_as(new_principal("leader", "640000")), pytest.raises(Forbidden):
        separate_threads(alias)
    assert root(a, desk) == b


def test_merging_is_audited_and_recorded_under_both_threads(
    desk: Principal, superuser: psycopg.Connection
) -> None:
    from anlan.platform.threads.queries import commands_of_thread

    a, b = opened("a"), opened("b")
    with acting_as(desk):
        alias = merge_threads(a, b)
        separate_threads(alias)
    for thread in (a, b):
        with as_service("console"), read_scope():
            verbs = [one.verb for one in commands_of_thread(thread)]
        assert verbs == ["threads.open", "threads.merge", "threads.separate"]
    rows = superuser.execute(
        "SELECT operation, principal FROM audit_row WHERE table_name = 'threads_threadalias' ORDER BY id"
    ).fetchall()
    assert rows == [("insert", desk.key), ("update", desk.key)]
