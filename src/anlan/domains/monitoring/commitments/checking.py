"""Whether what an enterprise promised, what it permits and what its detectors say agree: pure functions.

Each discrepancy names both sources and what each of them says. Sub-metrics of the national effect score
(domain of 工业互联网+安全生产): 承诺与作业票数据一致性, 完工验收及时性, 交叉作业.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from anlan.domains.monitoring.commitments.states import (
    GRANTED_STATES,
    DiscrepancyKind,
    WorkGrade,
    WorkKind,
    WorkState,
)
from anlan.kernel.text import Text

CHINA = ZoneInfo("Asia/Shanghai")
OF_A_DAY = (
    DiscrepancyKind.PROMISE_BELOW_PERMITS,
    DiscrepancyKind.PROMISE_ABOVE_PERMITS,
    DiscrepancyKind.WORK_WITHOUT_PROMISE,
)
"""Kinds that are about one day and looked at on that day and the next."""


@dataclass(frozen=True)
class Promise:
    """What was promised for the day, by category."""

    id: UUID
    submitted_at: datetime
    hot_special: int
    hot_first: int
    hot_second: int
    confined_space: int


@dataclass(frozen=True)
class Permit:
    """A permit as the checks look at it."""

    id: UUID
    number: str
    kind: WorkKind
    grade: WorkGrade
    state: WorkState
    process_unit_id: UUID | None
    process_unit_name: str
    starts_at: datetime
    ends_at: datetime
    accepted_at: datetime | None = None

    @property
    def until(self) -> datetime:
        """When the work ended, or is to end."""
        return self.accepted_at or self.ends_at


@dataclass(frozen=True)
class GasAlarm:
    """An active alarm of a detector of flammable gas."""

    id: UUID
    process_unit_id: UUID | None
    point: str
    raised_at: datetime


@dataclass(frozen=True)
class Day:
    """One enterprise on one day in China: *begins* and *ends* it, by *due_at* it must have promised."""

    enterprise_id: UUID
    day: date
    begins: datetime
    ends: datetime
    due_at: datetime
    required: bool = True


@dataclass(frozen=True)
class Said:
    """What one source says: its kind and id, the time it says it of, in words."""

    kind: str
    id: UUID | None
    at: datetime
    text: Text


@dataclass(frozen=True)
class Found:
    """A discrepancy; *key* is the same whenever the same one is found."""

    key: str
    kind: DiscrepancyKind
    enterprise_id: UUID
    process_unit_id: UUID | None
    day: date
    text: Text
    sources: tuple[Said, ...]


@dataclass(frozen=True)
class _Category:
    """A number of the promise, and the permits that it speaks of."""

    field: str
    kind: WorkKind
    grade: WorkGrade
    label: Text


CATEGORIES = (
    _Category("hot_special", WorkKind.HOT_WORK, WorkGrade.SPECIAL, Text("特级动火", "special hot work")),
    _Category("hot_first", WorkKind.HOT_WORK, WorkGrade.FIRST, Text("一级动火", "grade 1 hot work")),
    _Category("hot_second", WorkKind.HOT_WORK, WorkGrade.SECOND, Text("二级动火", "grade 2 hot work")),
    _Category(
        "confined_space",
        WorkKind.CONFINED_SPACE,
        WorkGrade.UNGRADED,
        Text("受限空间", "confined space entry"),
    ),
)


def check_enterprise(
    day: Day, promise: Promise | None, permits: Sequence[Permit], alarms: Sequence[GasAlarm], at: datetime
) -> list[Found]:
    """Everything that does not agree at *at*, in a fixed order."""
    return [
        *against_promise(day, promise, permits, at),
        *expired(day, permits, at),
        *overlapping(day, permits),
        *hot_work_in_gas(day, permits, alarms),
    ]


def against_promise(
    day: Day, promise: Promise | None, permits: Sequence[Permit], at: datetime
) -> Iterator[Found]:
    """The promise against the day's permits: fewer than permitted at once, more only when the day is over."""
    todays = [one for one in permits if _of_the_day(day, one)]
    if promise is None:
        if day.required and todays and at >= day.due_at:
            yield _without_promise(day, todays)
        return
    for category in CATEGORIES:
        promised = int(getattr(promise, category.field))
        matching = [one for one in todays if (one.kind, one.grade) == (category.kind, category.grade)]
        if len(matching) > promised:
            yield _mismatch(day, promise, promised, category, matching, DiscrepancyKind.PROMISE_BELOW_PERMITS)
        elif len(matching) < promised and at >= day.ends:
            yield _mismatch(day, promise, promised, category, matching, DiscrepancyKind.PROMISE_ABOVE_PERMITS)


def expired(day: Day, permits: Iterable[Permit], at: datetime) -> Iterator[Found]:
    """Work under way beyond the end of its permit."""
    for permit in permits:
        if permit.state is WorkState.WORKING and at > permit.ends_at:
            end = _clock(permit.ends_at)
            yield Found(
                f"{DiscrepancyKind.EXPIRED_NOT_ACCEPTED}:{permit.id}",
                DiscrepancyKind.EXPIRED_NOT_ACCEPTED,
                day.enterprise_id,
                permit.process_unit_id,
                day.day,
                Text(
                    f"作业票 {permit.number} 于 {end} 到期，作业未验收",
                    f"Permit {permit.number} ran out at {end}, the work is not accepted",
                ),
                (_permit_says(permit), Said("special_work", permit.id, permit.ends_at, _NO_ACCEPTANCE)),
            )


def overlapping(day: Day, permits: Iterable[Permit]) -> Iterator[Found]:
    """交叉作业: two pieces of granted, unfinished work whose times overlap in one unit."""
    open_ones = sorted(
        (
            one
            for one in permits
            if one.state in (WorkState.APPROVED, WorkState.WORKING) and one.process_unit_id
        ),
        key=lambda one: str(one.id),
    )
    for one, other in combinations(open_ones, 2):
        if one.process_unit_id == other.process_unit_id and _overlap(one, other):
            yield Found(
                f"{DiscrepancyKind.OVERLAPPING_WORK}:{one.id}:{other.id}",
                DiscrepancyKind.OVERLAPPING_WORK,
                day.enterprise_id,
                one.process_unit_id,
                day.day,
                Text(
                    f"{one.process_unit_name}：{one.number} {one.kind.label.zh}与"
                    f" {other.number} {other.kind.label.zh}时间交叉",
                    f"{one.process_unit_name}: {one.number} ({one.kind.label.en}) and"
                    f" {other.number} ({other.kind.label.en}) overlap",
                ),
                (_permit_says(one), _permit_says(other)),
            )


def hot_work_in_gas(day: Day, permits: Iterable[Permit], alarms: Sequence[GasAlarm]) -> Iterator[Found]:
    """Hot work under way in a unit whose detector of flammable gas is in alarm."""
    for permit in permits:
        if permit.kind is not WorkKind.HOT_WORK or permit.state is not WorkState.WORKING:
            continue
        for alarm in alarms:
            if permit.process_unit_id and alarm.process_unit_id == permit.process_unit_id:
                yield Found(
                    f"{DiscrepancyKind.HOT_WORK_IN_GAS_ALARM}:{permit.id}:{alarm.id}",
                    DiscrepancyKind.HOT_WORK_IN_GAS_ALARM,
                    day.enterprise_id,
                    permit.process_unit_id,
                    day.day,
                    Text(
                        f"{permit.process_unit_name}：{alarm.point} 可燃气体报警时，{permit.number} 仍在动火",
                        f"{permit.process_unit_name}: {permit.number} goes on while {alarm.point} is in alarm",
                    ),
                    (
                        _permit_says(permit),
                        Said(
                            "alarm",
                            alarm.id,
                            alarm.raised_at,
                            Text(f"{alarm.point} 可燃气体报警", f"{alarm.point}: flammable gas alarm"),
                        ),
                    ),
                )


def _mismatch(
    day: Day,
    promise: Promise,
    promised: int,
    category: _Category,
    permits: Sequence[Permit],
    kind: DiscrepancyKind,
) -> Found:
    label = category.label
    return Found(
        f"{kind}:{day.enterprise_id}:{day.day}:{category.field}",
        kind,
        day.enterprise_id,
        None,
        day.day,
        Text(
            f"{day.day} 承诺{label.zh} {promised} 项，作业票 {len(permits)} 张",
            f"{day.day}: {promised} promised, {len(permits)} permitted ({label.en})",
        ),
        (
            Said(
                "commitment",
                promise.id,
                promise.submitted_at,
                Text(f"安全承诺：{label.zh} {promised} 项", f"Commitment: {promised} of {label.en}"),
            ),
            *(_permit_says(permit) for permit in permits),
        ),
    )


def _without_promise(day: Day, permits: Sequence[Permit]) -> Found:
    return Found(
        f"{DiscrepancyKind.WORK_WITHOUT_PROMISE}:{day.enterprise_id}:{day.day}",
        DiscrepancyKind.WORK_WITHOUT_PROMISE,
        day.enterprise_id,
        None,
        day.day,
        Text(
            f"{day.day} 未提交安全承诺，但有作业票 {len(permits)} 张",
            f"{day.day}: no commitment, yet {len(permits)} permits",
        ),
        (
            Said(
                "commitment",
                None,
                day.due_at,
                Text(f"至 {_clock(day.due_at)} 未提交安全承诺", f"No commitment by {_clock(day.due_at)}"),
            ),
            *(_permit_says(permit) for permit in permits),
        ),
    )


_NO_ACCEPTANCE = Text("无完工验收记录", "No acceptance on record")


def _permit_says(permit: Permit) -> Said:
    grade = "" if permit.grade is WorkGrade.UNGRADED else permit.grade.label.zh
    span = f"{_clock(permit.starts_at)}–{_clock(permit.ends_at)}"
    return Said(
        "special_work",
        permit.id,
        permit.starts_at,
        Text(
            f"作业票 {permit.number}：{grade}{permit.kind.label.zh} {span}，{permit.state.label.zh}",
            f"Permit {permit.number}: {permit.kind.label.en} {span}, {permit.state.label.en}",
        ),
    )


def _of_the_day(day: Day, permit: Permit) -> bool:
    return permit.state in GRANTED_STATES and permit.starts_at < day.ends and permit.until > day.begins


def _overlap(one: Permit, other: Permit) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _clock(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%m-%d %H:%M")
