"""The route of warnings that the generic ones do not cover: how many, and how many were answered in time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from anlan.domains.monitoring.warnings.queries import warning_statistics
from anlan.domains.monitoring.warnings.states import READ
from anlan.kernel.clock import now
from anlan.kernel.levels import WarningLevel
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}
CHINA = ZoneInfo("Asia/Shanghai")

router = Router(tags=["warnings"])


class WarningStatisticsQuery(Schema):
    """Of warnings generated from *since* up to *until* (left out); this month so far when not given."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class WarningStatisticsRow(Schema):
    """Warnings of one colour in one division; rates are null while nothing was due."""

    region: str
    level: WarningLevel
    total: int
    open: int
    signed_due: int
    signed_in_time: int
    sign_rate: float | None
    feedback_due: int
    feedback_in_time: int
    feedback_rate: float | None


class WarningStatisticsOut(Schema):
    """The rows, the span that they count, and when this was so."""

    since: datetime
    until: datetime
    as_of: datetime
    items: list[WarningStatisticsRow]


@router.get(
    "/statistics", operation_id="get_warning_statistics", response={200: WarningStatisticsOut, **_REFUSED}
)
def get_statistics(request: HttpRequest, query: Query[WarningStatisticsQuery]) -> WarningStatisticsOut:
    """How many warnings there were, and how many were signed for and answered in time."""
    decide(current_principal(), READ)
    at = now()
    month = at.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since, until = query.since or month, query.until or at + timedelta(seconds=1)
    with read_scope():
        rows = warning_statistics(since, until, at)
    return WarningStatisticsOut(
        since=since,
        until=until,
        as_of=at,
        items=[
            WarningStatisticsRow(
                region=row.region,
                level=row.level,
                total=row.total,
                open=row.open,
                signed_due=row.signed_due,
                signed_in_time=row.signed_in_time,
                sign_rate=_rate(row.signed_in_time, row.signed_due),
                feedback_due=row.feedback_due,
                feedback_in_time=row.feedback_in_time,
                feedback_rate=_rate(row.feedback_in_time, row.feedback_due),
            )
            for row in rows
        ],
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
