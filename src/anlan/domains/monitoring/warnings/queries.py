"""Reads of warnings that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from anlan.domains.monitoring.warnings.contracts import WarningCounts, WarningView
from anlan.domains.monitoring.warnings.models import Circular, Warning
from anlan.domains.monitoring.warnings.states import (
    CIRCULAR_NOT_FED_BACK,
    NOT_FED_BACK,
    OPEN_STATES,
    Reach,
    WarningSource,
    WarningState,
)
from anlan.kernel.levels import WarningLevel
from anlan.platform.scope.reading import visible


@dataclass(frozen=True)
class RegionStatistics:
    """Warnings of a division that were generated in a span, and how many were answered in time.

    ``signed_due`` are those that were pushed and are signed for, or whose time for it has passed;
    ``signed_in_time`` of them; feedback alike. A warning whose time still runs counts in neither.
    """

    region: str
    level: WarningLevel
    total: int
    open: int
    signed_due: int
    signed_in_time: int
    feedback_due: int
    feedback_in_time: int


def find_warning(warning_id: UUID) -> WarningView:
    """The warning, or `NotFound` when there is none that the principal may see."""
    return warning_view(visible(Warning.objects.all(), warning_id))


def open_warning_of(subject_kind: str, subject_id: UUID, source: WarningSource) -> WarningView | None:
    """The warning of a subject and source that is not closed, if there is one."""
    found = Warning.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, source=source.value, state__in=OPEN_STATES
    ).first()
    return warning_view(found) if found else None


def open_counts(enterprise_ids: Collection[UUID]) -> dict[UUID, WarningCounts]:
    """What stands open for each enterprise; two aggregates. Enterprises without any are left out.

    Exercises count nowhere: a drill's open warning is nobody's debt.
    """
    wanted = list(enterprise_ids)
    warned = {
        row["enterprise_id"]: row
        for row in Warning.objects.filter(enterprise_id__in=wanted, state__in=OPEN_STATES, exercise=False)
        .order_by()
        .values("enterprise_id")
        .annotate(open=Count("id"), waiting=Count("id", filter=Q(state__in=NOT_FED_BACK)))
    }
    asked: dict[UUID, int] = dict(
        Circular.objects.filter(enterprise_id__in=wanted, state__in=CIRCULAR_NOT_FED_BACK)
        .order_by()
        .values_list("enterprise_id")
        .annotate(count=Count("id"))
    )
    return {id: _counts(warned.get(id), asked.get(id, 0)) for id in wanted if id in warned or id in asked}


def _counts(warned: Mapping[str, Any] | None, circulars: int) -> WarningCounts:
    return (
        WarningCounts(warned["open"], warned["waiting"], circulars)
        if warned
        else WarningCounts(circulars_not_fed_back=circulars)
    )


def bureau_circulars_waiting() -> dict[str, int]:
    """Circulars to bureaus that are not fed back, by division."""
    rows = Circular.objects.filter(enterprise_id__isnull=True, state__in=CIRCULAR_NOT_FED_BACK)
    return dict(rows.order_by().values_list("region").annotate(count=Count("id")))


def warning_statistics(start: datetime, end: datetime, at: datetime) -> list[RegionStatistics]:
    """By division and colour, of warnings generated from *start* up to *end* (left out), as of *at*; one aggregate."""
    signed, signing_over = Q(signed_at__isnull=False), Q(sign_due_at__lt=at)
    fed_back, feedback_over = Q(fed_back_at__isnull=False), Q(feedback_due_at__lt=at)
    pushed = Q(pushed_at__isnull=False)
    rows = (
        Warning.objects.filter(generated_at__gte=start, generated_at__lt=end, exercise=False)
        .order_by("region", "level")
        .values("region", "level")
        .annotate(
            total=Count("id"),
            open=Count("id", filter=Q(state__in=OPEN_STATES)),
            signed_due=Count("id", filter=pushed & (signed | signing_over)),
            signed_in_time=Count("id", filter=Q(signed_at__lte=F("sign_due_at"))),
            feedback_due=Count("id", filter=pushed & (fed_back | feedback_over)),
            feedback_in_time=Count("id", filter=Q(fed_back_at__lte=F("feedback_due_at"))),
        )
    )
    return [_statistics(row) for row in rows]


def _statistics(row: Mapping[str, Any]) -> RegionStatistics:
    return RegionStatistics(**{**row, "level": WarningLevel(row["level"])})


def warning_view(warning: Warning) -> WarningView:
    """The contract of a row."""
    return WarningView(
        id=warning.id,
        thread=warning.thread,
        subject_kind=warning.subject_kind,
        subject_id=warning.subject_id,
        source=WarningSource(warning.source),
        enterprise_id=warning.enterprise_id,
        enterprise_name=warning.enterprise_name,
        level=WarningLevel(warning.level),
        state=WarningState(warning.state),
        reach=Reach(warning.reach),
        title=warning.title,
        generated_at=warning.generated_at,
        pushed_at=warning.pushed_at,
        sign_due_at=warning.sign_due_at,
        feedback_due_at=warning.feedback_due_at,
        signed_at=warning.signed_at,
        fed_back_at=warning.fed_back_at,
        region=warning.region,
        zone=warning.zone,
        timeline=warning.timeline,
        exercise=warning.exercise,
        synthetic=warning.synthetic,
        version=warning.version,
    )
