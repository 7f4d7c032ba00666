"""Refused data on the generic screens."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.states import DeadLetterReason
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER


class DeadLetterOut(Schema):
    """Refused data as a row; ``reason`` is a code of the door's contract."""

    id: UUID
    at: datetime
    source: str
    reason: str
    detail: str
    tag: str
    count: int
    region: str
    zone: str | None


class DeadLetterDetail(DeadLetterOut):
    """Refused data with what was sent, as far as it was kept."""

    payload: str = labelled("原始内容", "What was sent")


def dead_letter_resource() -> Resource:
    """The resource ``dead_letter``."""
    from anlan.domains.monitoring.points.models import DeadLetter

    return Resource(
        name="dead_letter",
        plural="dead-letters",
        title=Text("拒收数据", "Refused data"),
        model=DeadLetter,
        out=DeadLetterOut,
        detail=DeadLetterDetail,
        icon="refused",
        read_permission=permissions.DEAD_LETTERS_READ,
        order=("-at", "id"),
        columns=(
            Column("at", Text("时间", "Time"), kind="time", width=170, sortable=True),
            Column("source", Text("接入名", "Source name"), width=180),
            Column("reason", Text("原因", "Reason"), kind="enum", enum=DeadLetterReason, width=220),
            Column("tag", Text("位号", "Tag"), width=150),
            Column("count", Text("条数", "Readings"), kind="number", width=90),
            Column("detail", Text("说明", "Detail")),
            REGION,
        ),
        filters=(
            Filter("source", Text("接入名", "Source name")),
            Filter("reason", Text("原因", "Reason"), kind="enum", enum=DeadLetterReason),
            Filter("at", Text("时间", "Time"), kind="time"),
            REGION_FILTER,
        ),
        search=("source", "tag", "detail"),
        detail_groups=(
            Group(Text("拒收", "Refused"), ("at", "source", "reason", "tag", "count", "detail")),
            Group(Text("内容", "Content"), ("payload",)),
        ),
    )
