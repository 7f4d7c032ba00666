"""The notices of the person who asks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from anlan.kernel.clock import now
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import Label, ProblemOut
from anlan.platform.notices.contracts import Urgency
from anlan.platform.notices.models import Notice, Reading
from anlan.platform.notices.permissions import READ
from anlan.platform.notices.services import mark_read

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["notices"])


class NoticeOut(Schema):
    """A notice as its reader sees it."""

    id: UUID
    at: datetime
    urgency: Urgency
    title: Label
    body: Label
    subject_kind: str | None
    subject_id: UUID | None
    thread: UUID | None
    region: str
    exercise: bool
    read: bool


class NoticeList(Schema):
    """The newest notices, how many are unread, and when this was so."""

    items: list[NoticeOut]
    unread: int
    as_of: datetime


class NoticeQuery(Schema):
    """How many, and whether only what is unread."""

    unread: bool = False
    size: Annotated[int, Field(ge=1, le=200)] = 50


@router.get("", operation_id="list_notices", response={200: NoticeList, **_REFUSED})
def list_notices(request: HttpRequest, query: Query[NoticeQuery]) -> NoticeList:
    """What concerns this person, the newest first."""
    decide(current_principal(), READ)
    with read_scope():
        rows = mine()
        unread = rows.filter(is_read=False)
        chosen = (unread if query.unread else rows)[: query.size]
        return NoticeList(items=[_out(row) for row in chosen], unread=unread.count(), as_of=now())


@router.post("/{uuid:id}/read", operation_id="read_notice", response={204: None, **_REFUSED})
def read_notice(request: HttpRequest, id: UUID) -> Status[None]:
    """Say that it has been read."""
    mark_read(id)
    return Status(204, None)


def mine() -> "QuerySet[Any]":
    """The notices of the current principal, each with ``is_read``."""
    principal = current_principal()
    read = Reading.objects.filter(notice=OuterRef("pk"), user=principal.id)
    return Notice.objects.filter(permission__in=principal.permissions).annotate(is_read=Exists(read))


def _out(notice: Any) -> NoticeOut:
    return NoticeOut(
        id=notice.id,
        at=notice.at,
        urgency=Urgency(notice.urgency),
        title=Label(zh=notice.zh, en=notice.en),
        body=Label(zh=notice.body_zh, en=notice.body_en),
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        thread=notice.thread,
        region=notice.region,
        exercise=notice.exercise,
        read=notice.is_read,
    )
