"""The routes of the patrol that the generic ones do not cover: the page to print, and making today's bulletins."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from anlan.domains.monitoring.patrol.models import Bulletin
from anlan.domains.monitoring.patrol.printing import bulletin_page
from anlan.domains.monitoring.patrol.services import issue_bulletins
from anlan.domains.monitoring.patrol.states import READ
from anlan.kernel.regions import ningxia
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.scope.models import FunctionalZone

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["patrol"])


class BulletinPrintQuery(Schema):
    """Which day (the newest that there is when not given), in which language."""

    day: date | None = None
    lang: Literal["zh", "en"] = "zh"


class BulletinsIssued(Schema):
    """How many bulletins were made."""

    bulletins: int


@router.get("/print", operation_id="print_bulletins", response={200: Any, **_REFUSED})
def get_page(request: HttpRequest, query: Query[BulletinPrintQuery]) -> HttpResponse:
    """The bulletins of a day that the person may see, as a page to print."""
    decide(current_principal(), READ)
    with read_scope():
        rows = Bulletin.objects.prefetch_related("lines").order_by("online_rank", "region", "zone")
        newest = query.day or Bulletin.objects.order_by("-day").values_list("day", flat=True).first()
        names = {region.code: Text(region.zh, region.en) for region in ningxia()}
        names |= {zone.id: Text(zone.zh, zone.en) for zone in FunctionalZone.objects.all()}
        found = [] if newest is None else list(rows.filter(day=newest))
        page = bulletin_page(newest, found, names, chinese=query.lang == "zh")
    answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@router.post("/issue", operation_id="issue_bulletins", response={200: BulletinsIssued, **_REFUSED})
def post_issue(request: HttpRequest) -> BulletinsIssued:
    """Make today's bulletins now."""
    return BulletinsIssued(bulletins=issue_bulletins())
