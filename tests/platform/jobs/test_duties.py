"""The round of duties: each in its turn, and none held up by another."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from anlan.kernel.text import Text
from anlan.platform.commands import current_principal
from anlan.platform.jobs.duties import Duty, DutyRound, do_duty


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def at_once(call: Callable[[], Any]) -> Awaitable[Any]:
    async def done() -> Any:
        return call()

    return done()


def just_run(duty: Duty) -> None:
    duty.run()


def duty(code: str, every_s: float, run: Callable[[], object]) -> Duty:
    return Duty(code, Text(code, code), timedelta(seconds=every_s), run)


async def test_each_duty_comes_round_in_its_own_interval() -> None:
    clock, done = Clock(), []
    rounds = DutyRound(
        at_once,
        {
            "minute": duty("minute", 60, lambda: done.append("minute")),
            "hour": duty("hour", 3600, lambda: done.append("hour")),
        },
        clock,
        just_run,
    )
    for _ in range(121):
        await rounds.once()
        clock.now_s += 30
    assert (done.count("minute"), done.count("hour")) == (61, 2)


async def test_a_failing_duty_is_told_and_tried_again_and_the_others_go_on() -> None:
    clock, done = Clock(), []

    def fails_once() -> None:
        done.append("tried")
        if done.count("tried") == 1:
            raise RuntimeError("the table is away")

    rounds = DutyRound(
        at_once,
        {"a": duty("a", 10, fails_once), "b": duty("b", 10, lambda: done.append("b"))},
        clock,
        just_run,
    )
    await rounds.once()
    assert rounds.health()["ok"] is False
    assert [duty["trouble"] for duty in rounds.health()["last"]] == ["RuntimeError", ""]  # type: ignore[attr-defined]
    assert "b" in done
    clock.now_s += 10
    await rounds.once()
    assert rounds.health()["ok"] is True


async def test_a_monthly_duty_that_met_a_moment_without_a_database_is_done_seconds_later() -> None:
    clock, tried = Clock(), []

    def away_for_half_a_minute() -> None:
        tried.append(clock.now_s)
        if clock.now_s < began + 30:
            raise ConnectionError("the database is away")

    began, month_s = clock.now_s, 30 * 86_400.0
    rounds = DutyRound(at_once, {"month": duty("month", month_s, away_for_half_a_minute)}, clock, just_run)
    while clock.now_s < began + 3600:
        await rounds.once()
        clock.now_s += 1
    assert rounds.health()["ok"] is True
    assert [at - began for at in tried] == [0, 5, 15, 35], "ever later, and then not before its time"


@pytest.mark.parametrize(("every_s", "then_s"), [(10, 10), (60, 60), (3600, 60)])
async def test_what_fails_for_good_is_tried_each_minute_but_not_more_often_than_it_is_due(
    every_s: float, then_s: float
) -> None:
    clock, tried = Clock(), []

    def fails() -> None:
        tried.append(clock.now_s)
        raise ConnectionError

    rounds = DutyRound(at_once, {"failing": duty("failing", every_s, fails)}, clock, just_run)
    for _ in range(3600):
        await rounds.once()
        clock.now_s += 1
    gaps = [after - before for before, after in pairwise(tried)]
    assert gaps[:4] == [min(gap, then_s) for gap in (5, 10, 20, 40)] and set(gaps[4:]) == {then_s}


def test_a_duty_acts_as_the_worker(db: Any) -> None:
    seen: list[str] = []
    do_duty(duty("a", 10, lambda: seen.append(current_principal().key)))
    assert seen == ["service:worker"]


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        duty("a", 0, lambda: None)
