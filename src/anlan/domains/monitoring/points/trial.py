"""The test bench of rules: what a rule would have told in a period, found by the evaluator's own step.

The rule in force and the one that is tried go through the same readings of the
history, in the order of their events, as if each had come as it happened.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.points import history
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.models import Limit, Point
from anlan.domains.monitoring.points.rules import compiled, row_of
from anlan.domains.monitoring.points.services.specs import check_links, check_spec, spec_of
from anlan.kernel.clock import from_ms, to_ms
from anlan.kernel.levels import Condition
from anlan.ports.history import Historian
from anlan.science.signals import Readings, Rules, compile_rules, new_state, step
from anlan.science.signals.step import Transitions

LONGEST = timedelta(days=92)
MAX_READINGS = 6_000_000
MAX_LISTED = 1000
MAX_SECONDS = 20.0
_CHUNK = 200_000
_FIRST_STEP = timedelta(days=1)
_TRIED, _IN_FORCE = 1, 2


@dataclass(frozen=True)
class TriedAlarm:
    """One alarm that a rule would have raised; *returned_at* is None when it held to the end."""

    raised_at: datetime
    returned_at: datetime | None
    value: float | None


@dataclass(frozen=True)
class Outcome:
    """What one rule would have told: how many alarms, for how long together, and the first of them."""

    count: int
    total_s: float
    alarms: tuple[TriedAlarm, ...]


@dataclass(frozen=True)
class Trial:
    """What the tried rule, and the one in force if there is one, would have told up to *until*.

    *complete* is false when the time allowed ran out before the period's end.
    """

    tried: Outcome
    in_force: Outcome | None
    in_force_id: UUID | None
    readings: int
    until: datetime
    complete: bool


def try_rule(
    spec: LimitSpec,
    start: datetime,
    end: datetime,
    *,
    instead_of: UUID | None = None,
    seconds: float = MAX_SECONDS,
) -> Trial:
    """Try *spec* on the history of [start, end); call it within `read_scope`.

    *instead_of* is the limit to compare with, its point's own of the same kind
    when left out. At most `LONGEST` of history and `MAX_READINGS` readings, and
    *seconds* of work: what is found by then is told. Raises `Invalid` for a rule
    or a period without sense, `HistoryUnavailable`.
    """
    _check(spec, start, end)
    point = Point.objects.get(pk=spec.point_id)
    check_links([spec], {point.id: point})
    limits = [_limit(_TRIED, spec, point)]
    present = _present(spec, instead_of)
    if present is not None:
        limits.append(_limit(_IN_FORCE, spec_of(present), point))
    rules = _compiled(limits)
    points = sorted(
        {point.number} | {limit.reference.number for limit in limits if limit.reference is not None}
    )
    store = history.historian()
    _check_size(store, points, start, end)
    state, found, readings, until = new_state(rules), [], 0, start
    deadline = time.monotonic() + seconds
    for block_end, block in _blocks(store, points, start, end):
        until = block_end
        found.append(step(state, rules, block))
        readings += len(block)
        if time.monotonic() > deadline:
            break
    return Trial(
        tried=_outcome(found, _TRIED, until),
        in_force=_outcome(found, _IN_FORCE, until) if present is not None else None,
        in_force_id=present.pk if present is not None else None,
        readings=readings,
        until=until,
        complete=until >= end,
    )


def _check(spec: LimitSpec, start: datetime, end: datetime) -> None:
    check_spec(spec)
    if spec.kind in (Condition.NO_DATA, Condition.COMBINED):
        raise refuse_field(
            "kind",
            "数据中断请看历史缺口，组合报警请分别试算其成员",
            "For silence see the gaps of the history; of a combination try the members one by one",
        )
    if not timedelta(0) < end - start <= LONGEST:
        raise refuse_field(
            "to",
            f"结束时间应晚于开始时间，跨度不超过 {LONGEST.days} 天",
            f"The end must be after the start, by {LONGEST.days} days at most",
        )


def _check_size(store: Historian, points: Sequence[int], start: datetime, end: datetime) -> None:
    count = store.count(points, to_ms(start), to_ms(end))
    if count > MAX_READINGS:
        raise refuse_field(
            "to",
            f"该时段有 {count} 条数据，一次最多试算 {MAX_READINGS} 条，请缩短时段",
            f"The period has {count} readings; at most {MAX_READINGS} are tried at once: choose a shorter one",
        )


def _present(spec: LimitSpec, instead_of: UUID | None) -> Limit | None:
    """The rule to compare with, of the same point."""
    of_point = Limit.objects.filter(point_id=spec.point_id).select_related("reference")
    if instead_of is not None:
        return of_point.filter(pk=instead_of).first()
    return of_point.filter(kind=spec.kind.value, silent=spec.silent, enabled=True).first()


def _limit(number: int, spec: LimitSpec, point: Point) -> Limit:
    """The rule as a row that is in no table, always in force but for its calendar and dates."""
    reference = Point.objects.get(pk=spec.reference_id) if spec.reference_id else None
    figures = {name: getattr(spec, name) for name in vars(spec) if name not in _NOT_COLUMNS}
    return Limit(number=number, point=point, reference=reference, kind=spec.kind.value, members=[], **figures)


_NOT_COLUMNS = ("point_id", "kind", "members", "origin", "reference_id", "level")


def _compiled(limits: Sequence[Limit]) -> Rules:
    columns = compiled([row_of(replaced) for replaced in limits], 0, {})
    # by itself nothing is silent here, and what the history holds came as it happened
    told = replace(columns, silent=np.zeros(len(limits), np.bool_))
    return compile_rules(**vars(told))


def _blocks(
    store: Historian, points: Sequence[int], start: datetime, end: datetime
) -> Iterator[tuple[datetime, Readings]]:
    """The readings of *points* in bounded blocks, each in the order of events, with the end of each."""
    length, begin = _FIRST_STEP, start
    while begin < end:
        until = min(begin + length, end)
        series = [store.series(point, to_ms(begin), to_ms(until), _CHUNK) for point in points]
        if any(one.thinned for one in series):
            length = (until - begin) / 2
            continue
        columns = [
            (np.full(len(one.time_ms), point, np.int32), one.time_ms, one.last, one.quality)
            for point, one in zip(points, series, strict=True)
        ]
        number, at_ms, value, quality = (np.concatenate(parts) for parts in zip(*columns, strict=True))
        order = np.lexsort((number, at_ms))
        yield until, Readings(number[order], at_ms[order], at_ms[order], value[order], quality[order])
        begin = until


def _outcome(found: Sequence[Transitions], number: int, until: datetime) -> Outcome:
    alarms: list[TriedAlarm] = []
    for part in found:
        for row in np.flatnonzero(part.condition == number).tolist():
            at = from_ms(int(part.event_ms[row]))
            if part.raised[row]:
                value = float(part.value[row])
                alarms.append(TriedAlarm(at, None, value if np.isfinite(value) else None))
            else:
                alarms[-1] = replace(alarms[-1], returned_at=at)
    total_s = sum(((one.returned_at or until) - one.raised_at).total_seconds() for one in alarms)
    return Outcome(len(alarms), total_s, tuple(alarms[:MAX_LISTED]))
