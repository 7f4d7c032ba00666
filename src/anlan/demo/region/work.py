"""Generated commitments and special work of a day: a pure plan from the seed, brought in as its hours pass.

One enterprise promises no hot work and permits three pieces of it, another lets two works cross in one unit:
what the cross-checks are for. All of it is invented, and its enterprises say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from anlan.demo.region.generate import SEED, NewEnterprise, enterprises, source_of
from anlan.domains.monitoring.commitments import services
from anlan.domains.monitoring.commitments.contracts import WorkGrade, WorkKind, WorkState
from anlan.domains.monitoring.commitments.queries import committed_on, work_numbered
from anlan.domains.monitoring.commitments.states import GasKind
from anlan.domains.monitoring.commitments.tables import day_of, midnight
from anlan.domains.monitoring.enterprises.queries import (
    enterprises_of_kind,
    find_enterprise_by_code,
    process_units_of,
)
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.warnings.contracts import Evidence, EvidenceKind, WarningSource
from anlan.domains.monitoring.warnings.queries import open_counts
from anlan.domains.monitoring.warnings.services import generate_warning, issue_circular
from anlan.kernel.clock import FixedClock, now, use_clock
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text
from anlan.platform.commands import read_scope

BEFORE = timedelta(minutes=20)
"""Before its start a permit is applied for, before its end the work is accepted: more than the keeper's round."""
_COMMIT_SHARE = 0.94
_WORKING = 8
_SHY = 3
_KINDS = (
    (WorkKind.HOT_WORK, WorkGrade.FIRST, 6.0),
    (WorkKind.HOT_WORK, WorkGrade.SECOND, 8.0),
    (WorkKind.CONFINED_SPACE, WorkGrade.UNGRADED, 4.0),
    (WorkKind.HEIGHT, WorkGrade.SECOND, 5.0),
    (WorkKind.LIFTING, WorkGrade.THIRD, 3.0),
)


@dataclass(frozen=True)
class PlannedWork:
    """A piece of work of the day; *in_unit* places it in the enterprise's first unit."""

    number: str
    kind: WorkKind
    grade: WorkGrade
    starts_at: datetime
    ends_at: datetime
    in_unit: bool
    responsible: str


@dataclass(frozen=True)
class PlannedDay:
    """What an enterprise does on a day; *promised_at* None for one that forgets."""

    code: str
    promised_at: datetime | None
    promiser: str
    units: int
    promised: dict[str, int]
    work: tuple[PlannedWork, ...]


def plan(day: date, seed: int = SEED) -> list[PlannedDay]:
    """The day of every generated enterprise, the same for the same seed and day."""
    chance = np.random.default_rng([seed, day.toordinal()])
    every = enterprises(seed)
    busy = {int(place): turn for turn, place in enumerate(chance.permutation(len(every))[:_WORKING])}
    return [_day_of(chance, one, day, busy.get(place)) for place, one in enumerate(every)]


def load_work(seed: int = SEED) -> None:
    """Bring in what the plan of today has until now, each step at its own time; safe to repeat."""
    at = now()
    day = day_of(at)
    with read_scope():
        known = {one.code: one.id for one in enterprises_of_kind(EnterpriseKind.HAZCHEM)}
        committed = committed_on(day)
    for one in plan(day, seed):
        enterprise = known.get(one.code)
        if enterprise is None:
            continue
        if one.promised_at and one.promised_at <= at and enterprise not in committed:
            _promise(enterprise, one, seed)
        for work in one.work:
            _advance(enterprise, work, at, seed)
    services.check_all()


def load_past_work(seed: int = SEED) -> None:
    """Yesterday to its end, so that there is something to see at whatever hour the demonstration is loaded."""
    with use_clock(FixedClock(midnight(day_of(now())) - timedelta(minutes=1))):
        load_work(seed)


def load_circular(seed: int = SEED) -> None:
    """A circular to the first generated enterprise, once."""
    with read_scope():
        enterprise = find_enterprise_by_code(enterprises(seed)[0].code)
    if enterprise is None:
        return
    with read_scope():
        standing = open_counts([enterprise.id]).get(enterprise.id)
    if standing is None or not standing.circulars_not_fed_back:
        issue_circular(
            title="冬季防冻防凝专项自查（演示）",
            text=f"请对防冻防凝措施开展自查并反馈。{source_of(seed)}",
            enterprise_id=enterprise.id,
        )


def load_warning(seed: int = SEED) -> None:
    """A warning about the enterprise that promised none yesterday: one as long as it is open, whoever loads again."""
    at = now()
    day = day_of(at) - timedelta(days=1)
    (shy,) = [one for one in plan(day, seed) if one.work and not one.promised and len(one.work) == _SHY]
    with read_scope():
        enterprise = find_enterprise_by_code(shy.code)
    if enterprise is not None:
        words = Text(f"{day} 承诺动火 0 项，作业票 {_SHY} 张", f"{day}: no hot work promised, {_SHY} permits")
        generate_warning(
            subject_kind="enterprise",
            subject_id=enterprise.id,
            enterprise_id=enterprise.id,
            level=WarningLevel.YELLOW,
            title=f"{enterprise.short_name} 安全承诺与作业票不符（演示）",
            evidence=[Evidence(EvidenceKind.COMMITMENT, None, at, words)],
            source=WarningSource.CROSS_CHECK,
        )


def _day_of(chance: np.random.Generator, made: NewEnterprise, day: date, turn: int | None) -> PlannedDay:
    """*turn* counts the enterprises that work today: the first promises none, the second lets works cross."""
    promised_at = midnight(day) + timedelta(minutes=int(chance.integers(450, 590)))
    keeps = bool(chance.random() < _COMMIT_SHARE) or turn is not None
    people = made.units[0].responsible
    work = () if turn is None else _work(chance, day, turn, people[2])
    return PlannedDay(
        code=made.code,
        promised_at=promised_at if keeps else None,
        promiser=people[0],
        units=len(made.units),
        promised={} if turn == 0 else _counts(work),
        work=work,
    )


def _work(chance: np.random.Generator, day: date, turn: int, responsible: str) -> tuple[PlannedWork, ...]:
    if turn == 0:
        chosen = [(WorkKind.HOT_WORK, WorkGrade.SECOND, 8.0)] * _SHY
    elif turn == 1:
        chosen = [_KINDS[1], _KINDS[3]]
    else:
        chosen = [_KINDS[int(chance.integers(len(_KINDS)))]]
    begins = midnight(day) + timedelta(minutes=int(chance.integers(510, 600)))
    return tuple(
        PlannedWork(
            number=f"ZY-{day:%Y%m%d}-{turn + 1}{number}",
            kind=kind,
            grade=grade,
            starts_at=begins,
            ends_at=begins + timedelta(hours=hours),
            in_unit=turn > 0,
            responsible=responsible,
        )
        for number, (kind, grade, hours) in enumerate(chosen, start=1)
    )


def _counts(work: Sequence[PlannedWork]) -> dict[str, int]:
    """What a promise that covers *work* says."""
    categories = {
        (WorkKind.HOT_WORK, WorkGrade.SPECIAL): "hot_special",
        (WorkKind.HOT_WORK, WorkGrade.FIRST): "hot_first",
        (WorkKind.HOT_WORK, WorkGrade.SECOND): "hot_second",
        (WorkKind.CONFINED_SPACE, WorkGrade.UNGRADED): "confined_space",
    }
    counted: dict[str, int] = {}
    for one in work:
        name = categories.get((one.kind, one.grade))
        if name is not None:
            counted[name] = counted.get(name, 0) + 1
    return counted


def _promise(enterprise: UUID, planned: PlannedDay, seed: int) -> None:
    with use_clock(FixedClock(planned.promised_at or now())):
        services.submit_commitment(
            enterprise_id=enterprise,
            units_total=planned.units,
            units_running=planned.units,
            units_stopped=0,
            units_maintained=0,
            promiser=planned.promiser,
            note=source_of(seed),
            hot_special=planned.promised.get("hot_special", 0),
            hot_first=planned.promised.get("hot_first", 0),
            hot_second=planned.promised.get("hot_second", 0),
            confined_space=planned.promised.get("confined_space", 0),
        )


def _advance(enterprise: UUID, work: PlannedWork, at: datetime, seed: int) -> None:
    """Take the steps of *work* whose time has come and that are not taken yet."""
    with read_scope():
        found = work_numbered(enterprise, work.number)
    applied_at = work.starts_at - BEFORE
    if found is None and applied_at <= at:
        with use_clock(FixedClock(applied_at)):
            services.approve_work(_apply(enterprise, work, seed))
        with read_scope():
            found = work_numbered(enterprise, work.number)
    if found is None:
        return
    id, state = found
    if state is WorkState.APPROVED and work.starts_at <= at:
        _start(id, work)
        state = WorkState.WORKING
    done_at = work.ends_at - BEFORE
    if state is WorkState.WORKING and done_at <= at:
        with use_clock(FixedClock(done_at)):
            services.accept_work(id)
            services.close_work(id)


def _apply(enterprise: UUID, work: PlannedWork, seed: int) -> UUID:
    with read_scope():
        units = process_units_of(enterprise) if work.in_unit else []
    return services.apply_for_work(
        enterprise_id=enterprise,
        process_unit_id=units[0].id if units else None,
        number=work.number,
        kind=work.kind,
        grade=work.grade,
        place=units[0].name if units else "管廊",
        starts_at=work.starts_at,
        ends_at=work.ends_at,
        responsible=work.responsible,
        content=source_of(seed),
    )


def _start(id: UUID, work: PlannedWork) -> None:
    with use_clock(FixedClock(work.starts_at)):
        if work.kind in (WorkKind.HOT_WORK, WorkKind.CONFINED_SPACE):
            services.record_gas_test(
                id,
                kind=GasKind.FLAMMABLE,
                value=0.0,
                unit="%LEL",
                sampled_at=work.starts_at,
                tester=work.responsible,
            )
        services.start_work(id)
