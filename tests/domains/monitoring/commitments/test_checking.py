"""Promises against permits against detectors: what is named, with both sources, and what is not."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from anlan.domains.monitoring.commitments.checking import (
    Day,
    Found,
    GasAlarm,
    Permit,
    Promise,
    check_enterprise,
)
from anlan.domains.monitoring.commitments.states import DiscrepancyKind, WorkGrade, WorkKind, WorkState

ID = UUID("01890000-0000-7000-8000-000000000000")
UNIT, OTHER_UNIT = uuid5(ID, "unit"), uuid5(ID, "other")
HOUR = timedelta(hours=1)
BEGINS = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
"""Midnight of 26 November in China."""
DAY = Day(uuid5(ID, "enterprise"), date(2026, 11, 26), BEGINS, BEGINS + 24 * HOUR, BEGINS + 10 * HOUR)
NINE, NOON = BEGINS + 9 * HOUR, BEGINS + 12 * HOUR
_numbers = count(1)


def promise(hot_second: int = 0, confined_space: int = 0) -> Promise:
    return Promise(uuid5(ID, "promise"), NINE, 0, 0, hot_second, confined_space)


def permit(
    kind: WorkKind = WorkKind.HOT_WORK,
    grade: WorkGrade = WorkGrade.SECOND,
    state: WorkState = WorkState.WORKING,
    *,
    begins: datetime = NINE,
    hours: float = 8.0,
    unit: UUID | None = UNIT,
    accepted_at: datetime | None = None,
) -> Permit:
    number = f"DH-{next(_numbers)}"
    ends = begins + timedelta(hours=hours)
    return Permit(uuid5(ID, number), number, kind, grade, state, unit, "液氨罐区", begins, ends, accepted_at)


def kinds(found: list[Found]) -> list[DiscrepancyKind]:
    return [one.kind for one in found]


def of(kind: DiscrepancyKind, found: list[Found]) -> list[Found]:
    return [one for one in found if one.kind is kind]


def test_the_promise_says_none_and_the_permits_say_three() -> None:
    work = [permit(unit=None) for _ in range(3)]
    (found,) = check_enterprise(DAY, promise(), work, [], NOON)
    assert found.kind is DiscrepancyKind.PROMISE_BELOW_PERMITS
    assert "承诺二级动火 0 项，作业票 3 张" in found.text.zh
    assert [said.kind for said in found.sources] == ["commitment", *["special_work"] * 3]
    assert {said.id for said in found.sources[1:]} == {one.id for one in work}
    assert "DH-" in found.sources[1].text.zh and "11-26 09:00" in found.sources[1].text.zh


def test_a_promise_that_covers_the_permits_is_fine() -> None:
    assert check_enterprise(DAY, promise(hot_second=1), [permit(unit=None)], [], NOON) == []


def test_each_category_is_counted_for_itself() -> None:
    """A promise of hot work does not cover a confined space."""
    work = [permit(WorkKind.CONFINED_SPACE, WorkGrade.UNGRADED, unit=None)]
    (found,) = check_enterprise(DAY, promise(hot_second=1), work, [], NOON)
    assert "受限空间" in found.text.zh


def test_work_that_was_only_applied_for_or_refused_does_not_count() -> None:
    work = [permit(state=state, unit=None) for state in (WorkState.APPLIED, WorkState.REFUSED)]
    assert check_enterprise(DAY, promise(), work, [], NOON) == []


def test_a_permit_over_midnight_counts_on_both_days_and_one_accepted_before_on_the_first_only() -> None:
    late = BEGINS - 2 * HOUR
    running = permit(begins=late, hours=4, unit=None)
    assert kinds(check_enterprise(DAY, promise(), [running], [], BEGINS + HOUR)) == ["below_permits"]
    done = permit(begins=late, hours=4, unit=None, state=WorkState.ACCEPTED, accepted_at=BEGINS - HOUR)
    assert check_enterprise(DAY, promise(), [done], [], BEGINS + HOUR) == []


def test_promised_work_without_permits_is_named_only_when_the_day_is_over() -> None:
    assert check_enterprise(DAY, promise(hot_second=3), [], [], NOON) == []
    (found,) = check_enterprise(DAY, promise(hot_second=3), [], [], DAY.ends)
    assert found.kind is DiscrepancyKind.PROMISE_ABOVE_PERMITS


def test_work_without_any_promise_is_named_once_the_hour_is_past() -> None:
    work = [permit(unit=None)]
    assert check_enterprise(DAY, None, work, [], NINE) == []
    (found,) = check_enterprise(DAY, None, work, [], NOON)
    assert found.kind is DiscrepancyKind.WORK_WITHOUT_PROMISE and found.sources[0].id is None
    free = Day(DAY.enterprise_id, DAY.day, DAY.begins, DAY.ends, DAY.due_at, required=False)
    assert check_enterprise(free, None, work, [], NOON) == []


def test_a_permit_that_ran_out_without_acceptance() -> None:
    work = permit(hours=2, unit=None)
    enough = promise(hot_second=1)
    assert check_enterprise(DAY, enough, [work], [], work.ends_at) == []
    (found,) = check_enterprise(DAY, enough, [work], [], work.ends_at + timedelta(seconds=1))
    assert found.kind is DiscrepancyKind.EXPIRED_NOT_ACCEPTED and work.number in found.text.zh


def test_two_works_at_once_in_one_unit_cross_and_those_side_by_side_in_time_or_place_do_not() -> None:
    one = permit(hours=2)
    other = permit(WorkKind.HEIGHT, WorkGrade.FIRST, begins=NINE + HOUR, hours=2)
    found = check_enterprise(DAY, promise(hot_second=1), [one, other], [], NINE + HOUR)
    (cross,) = of(DiscrepancyKind.OVERLAPPING_WORK, found)
    assert {said.id for said in cross.sources} == {one.id, other.id}
    after = permit(WorkKind.HEIGHT, WorkGrade.FIRST, begins=one.ends_at, hours=2)
    elsewhere = permit(WorkKind.HEIGHT, WorkGrade.FIRST, unit=OTHER_UNIT, hours=2)
    finished = permit(WorkKind.HEIGHT, WorkGrade.FIRST, state=WorkState.ACCEPTED, hours=2)
    found = check_enterprise(DAY, promise(hot_second=1), [one, after, elsewhere, finished], [], NINE + HOUR)
    assert of(DiscrepancyKind.OVERLAPPING_WORK, found) == []


def test_the_same_pair_has_the_same_key_in_whatever_order_it_is_read() -> None:
    one, other = permit(), permit(WorkKind.LIFTING, WorkGrade.FIRST)
    enough = promise(hot_second=1)
    first = check_enterprise(DAY, enough, [one, other], [], NOON)
    second = check_enterprise(DAY, enough, [other, one], [], NOON)
    assert [found.key for found in first] == [found.key for found in second] != []


def test_hot_work_during_a_gas_alarm_of_its_own_unit() -> None:
    alarm = GasAlarm(uuid5(ID, "alarm"), UNIT, "GT-101 可燃气体", NOON)
    enough = promise(hot_second=2, confined_space=1)
    hot, elsewhere = permit(), permit(unit=OTHER_UNIT)
    cold = permit(WorkKind.CONFINED_SPACE, WorkGrade.UNGRADED, unit=OTHER_UNIT, begins=NOON + 8 * HOUR)
    (found,) = of(
        DiscrepancyKind.HOT_WORK_IN_GAS_ALARM,
        check_enterprise(DAY, enough, [hot, elsewhere, cold], [alarm], NOON),
    )
    assert [said.kind for said in found.sources] == ["special_work", "alarm"]
    assert found.sources[1].id == alarm.id and hot.number in found.text.zh
