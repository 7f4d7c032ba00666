"""Reads of commitments and special work that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from anlan.domains.monitoring.alarms.queries import active_alarms_of_kind
from anlan.domains.monitoring.commitments import tables
from anlan.domains.monitoring.commitments.checking import (
    Day,
    Found,
    GasAlarm,
    Permit,
    Promise,
    against_promise,
    check_enterprise,
)
from anlan.domains.monitoring.commitments.contracts import DiscrepancyView, ManagementFacts, OpenWork
from anlan.domains.monitoring.commitments.models import Commitment, Discrepancy, SpecialWork
from anlan.domains.monitoring.commitments.states import (
    DiscrepancyKind,
    DiscrepancyState,
    WorkGrade,
    WorkKind,
    WorkState,
)
from anlan.domains.monitoring.enterprises.queries import enterprises_of_kind
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.points.queries import find_point
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.clock import now
from anlan.kernel.text import Text
from anlan.platform.scope.reading import visible
from anlan.platform.standards.queries import table_in_force
from anlan.platform.standards.views import TableVersion

DAY = timedelta(days=1)


def find_discrepancy(discrepancy_id: UUID) -> DiscrepancyView:
    """The discrepancy, or `NotFound` when there is none that the principal may see."""
    row = visible(Discrepancy.objects.all(), discrepancy_id)
    return DiscrepancyView(
        id=row.id,
        kind=DiscrepancyKind(row.kind),
        state=DiscrepancyState(row.state),
        words=Text(row.zh, row.en),
        found_at=row.found_at,
        enterprise_id=row.enterprise_id,
        enterprise_name=row.enterprise_name,
        region=row.region,
        zone=row.zone,
        synthetic=row.synthetic,
    )


def open_special_work(unit_ids: Collection[UUID], at: datetime) -> list[OpenWork]:
    """Work under way at *at* in the given units: begun by then, and not accepted before; by start and id."""
    rows = SpecialWork.objects.filter(
        Q(accepted_at__isnull=True) | Q(accepted_at__gt=at),
        process_unit_id__in=list(unit_ids),
        started_at__lte=at,
    ).order_by("started_at", "id")
    return [
        OpenWork(
            id=row.id,
            number=row.number,
            kind=WorkKind(row.kind),
            grade=WorkGrade(row.grade),
            enterprise_id=row.enterprise_id,
            process_unit_id=row.process_unit_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            started_at=row.started_at,
            place=row.place,
            synthetic=row.synthetic,
        )
        for row in rows
        if row.process_unit_id is not None and row.started_at is not None
    ]


def management_facts(enterprise_ids: Collection[UUID], day: date) -> dict[UUID, ManagementFacts]:
    """How each enterprise stands with its commitment of *day* and with discrepancies; four queries.

    Enterprises of hazardous chemicals must commit. *overdue* is judged by the present time.
    """
    wanted, at = list(enterprise_ids), now()
    due = tables.due_at(table_in_force(tables.DUE, at), day)
    required = {one.id for one in enterprises_of_kind(EnterpriseKind.HAZCHEM)}
    submitted = {
        row.enterprise_id: row for row in Commitment.objects.filter(enterprise_id__in=wanted, day=day)
    }
    standing = dict(
        Discrepancy.objects.filter(enterprise_id__in=wanted)
        .exclude(state=DiscrepancyState.SETTLED.value)
        .order_by()
        .values_list("enterprise_id")
        .annotate(count=Count("id"))
    )
    return {id: _facts(submitted.get(id), id in required, due, at, standing.get(id, 0)) for id in wanted}


def committed_on(day: date) -> frozenset[UUID]:
    """The enterprises whose commitment of *day* is there, in time or late."""
    return frozenset(Commitment.objects.filter(day=day).values_list("enterprise_id", flat=True))


def work_numbered(enterprise_id: UUID, number: str) -> tuple[UUID, WorkState] | None:
    """The permit of an enterprise by its number, with where it stands; None when there is none in sight."""
    found = SpecialWork.objects.filter(enterprise_id=enterprise_id, number=number).first()
    return (found.id, WorkState(found.state)) if found else None


def _facts(
    commitment: Commitment | None, required: bool, due: datetime, at: datetime, discrepancies: int
) -> ManagementFacts:
    submitted = commitment.submitted_at if commitment else None
    return ManagementFacts(
        required=required,
        submitted_at=submitted,
        due_at=due,
        overdue=required and at >= due and (submitted is None or submitted > due),
        open_discrepancies=discrepancies,
        synthetic=bool(commitment and commitment.synthetic),
    )


def found_now(at: datetime) -> dict[str, Found]:
    """Every discrepancy of what the principal sees, by its key: today's, and what yesterday's promise owes."""
    required = {one.id for one in enterprises_of_kind(EnterpriseKind.HAZCHEM)}
    table = table_in_force(tables.DUE, at)
    today = tables.day_of(at)
    found: dict[str, Found] = {}
    for day in (today - DAY, today):
        permits = _permits_of(day, with_open=day == today)
        promises = {row.enterprise_id: _promise(row) for row in Commitment.objects.filter(day=day)}
        alarms = _gas_alarms(permits) if day == today else {}
        for enterprise in permits.keys() | promises.keys():
            about = _day(enterprise, day, table, enterprise in required)
            promise, work = promises.get(enterprise), permits.get(enterprise, [])
            found |= {
                one.key: one
                for one in (
                    check_enterprise(about, promise, work, alarms.get(enterprise, []), at)
                    if day == today
                    else against_promise(about, promise, work, at)
                )
            }
    return found


def _day(enterprise: UUID, day: date, table: TableVersion, required: bool) -> Day:
    begins = tables.midnight(day)
    return Day(enterprise, day, begins, begins + DAY, tables.due_at(table, day), required)


def _permits_of(day: date, *, with_open: bool) -> dict[UUID, list[Permit]]:
    """The permits whose time reaches into *day*, and those still under way whatever their time."""
    begins = tables.midnight(day)
    wanted = Q(starts_at__lt=begins + DAY, ends_at__gt=begins)
    if with_open:
        wanted |= Q(state=WorkState.WORKING.value)
    permits: dict[UUID, list[Permit]] = {}
    for row in SpecialWork.objects.filter(wanted).order_by("starts_at", "id"):
        permits.setdefault(row.enterprise_id, []).append(_permit(row))
    return permits


def _gas_alarms(permits: Mapping[UUID, Iterable[Permit]]) -> dict[UUID, list[GasAlarm]]:
    """Active alarms of flammable gas at the enterprises that do hot work now."""
    hot = [
        id
        for id, work in permits.items()
        if any(one.kind is WorkKind.HOT_WORK and one.state is WorkState.WORKING for one in work)
    ]
    alarms: dict[UUID, list[GasAlarm]] = {}
    for alarm in active_alarms_of_kind(hot, PointKind.FLAMMABLE_GAS) if hot else ():
        point = find_point(alarm.point_id)
        alarms.setdefault(alarm.enterprise_id, []).append(
            GasAlarm(alarm.id, point.process_unit_id, f"{point.tag} {point.name}", alarm.raised_at)
        )
    return alarms


def _promise(row: Commitment) -> Promise:
    return Promise(
        row.id, row.submitted_at, row.hot_special, row.hot_first, row.hot_second, row.confined_space
    )


def _permit(row: SpecialWork) -> Permit:
    return Permit(
        id=row.id,
        number=row.number,
        kind=WorkKind(row.kind),
        grade=WorkGrade(row.grade),
        state=WorkState(row.state),
        process_unit_id=row.process_unit_id,
        process_unit_name=row.process_unit_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        accepted_at=row.accepted_at,
    )
