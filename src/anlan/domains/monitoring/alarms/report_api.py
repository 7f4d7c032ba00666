"""The document of a monthly report, printable and as Markdown, drawn from its stored facts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from anlan.domains.monitoring.alarms.models import AlarmReport
from anlan.domains.monitoring.alarms.reports import html_of, markdown_of
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import one_row

_REFUSED = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["alarm-reports"])


@router.get("/{uuid:id}/print", operation_id="print_alarm_report", response={200: str, **_REFUSED})
def get_print(request: HttpRequest, id: UUID) -> HttpResponse:
    """The report as a page that prints by itself."""
    report = _report(id)
    answer = HttpResponse(html_of(report.facts, report.number), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@router.get("/{uuid:id}/markdown", operation_id="alarm_report_markdown", response={200: str, **_REFUSED})
def get_markdown(request: HttpRequest, id: UUID) -> HttpResponse:
    """The report as Markdown, to be taken away."""
    report = _report(id)
    answer = HttpResponse(
        markdown_of(report.facts, report.number), content_type="text/markdown; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{report.number}.md"'
    return answer


def _report(id: UUID) -> AlarmReport:
    with read_scope():
        found: AlarmReport = one_row(resource_named("alarm_report"), current_principal(), id)
        return found
