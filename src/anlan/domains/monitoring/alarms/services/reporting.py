"""Making the monthly analysis of alarms."""

from uuid import UUID

from django.db import connection
from django.db.models import Max
from pydantic_core import to_jsonable_python

from anlan import __version__
from anlan.domains.monitoring.alarms.kpis import KpiRow, live_alarms
from anlan.domains.monitoring.alarms.models import AlarmKpi, AlarmReport
from anlan.domains.monitoring.alarms.reports import Scope, facts_of, month_of, subject_name
from anlan.domains.monitoring.alarms.states import READ, REPORT, Dimension
from anlan.domains.monitoring.editing import refuse_field
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.models import Manifest, Verification
from anlan.kernel.regions import ningxia, prefix_of
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.outbox import emit

TOPIC = "alarm_report"
MODEL, MODEL_VERSION = "alarms.monthly_report", "1"


@service("alarms.report", permission=REPORT)
def make_alarm_report(*, month: str, region: str) -> UUID:
    """Analyse the alarms of a division in a month and keep the analysis under a number of its own.

    A month that is not over is reported as far as it has gone. An earlier report of the same month stays.
    Raises `Invalid` for a month that is none or has not begun, or an unknown division.
    """
    if region not in {entry.code for entry in ningxia()}:
        raise refuse_field("region", "请选择行政区划", "Choose a division")
    decide_there(REPORT, region, None)
    scope = Scope(region, month, month_of(month, now()))
    alarms = live_alarms().filter(region__startswith=prefix_of(region))
    facts, rows = facts_of(scope, alarms)
    serial = _next_serial(region, month)
    manifest = Manifest(
        MODEL,
        MODEL_VERSION,
        __version__,
        {
            "region": region,
            "start": facts["start"],
            "end": facts["end"],
            "alarms": alarms.filter(raised_at__lt=scope.period.end).count(),
        },
        tables=facts["tables"],
        verification=Verification.UNVERIFIED,
        title=Text("报警月度分析", "Monthly analysis of alarms"),
    )
    report = AlarmReport.objects.create(
        id=new_id(),
        number=f"AL-{region}-{month.replace('-', '')}-{serial:02d}",
        month=month,
        serial=serial,
        title=f"{facts['region_name']} {month} 报警分析",
        made_by=current_principal().name,
        made_at=now(),
        facts=to_jsonable_python(facts),
        manifest=to_jsonable_python(manifest.as_json()),
        digest=manifest.digest,
        synthetic=alarms.filter(synthetic=True, raised_at__lt=scope.period.end).exists(),
        region=region,
    )
    AlarmKpi.objects.bulk_create(
        _kpi(report, dimension, row) for dimension, found in rows.items() for row in found
    )
    emit(TOPIC, {"id": report.id}, thread=None, region=region, zone=None, permission=READ)
    return report.id


def _next_serial(region: str, month: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"alarm report {region} {month}"]
        )
    last = AlarmReport.objects.filter(region=region, month=month).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _kpi(report: AlarmReport, dimension: Dimension, row: KpiRow) -> AlarmKpi:
    return AlarmKpi(
        id=new_id(),
        report=report,
        month=report.month,
        dimension=dimension.value,
        subject=row.subject[:128],
        name=subject_name(dimension, row.name)[:250],
        announced=row.announced,
        quieted=row.quieted,
        average_per_10_min=row.average_per_10_min,
        peak_in_10_min=row.peak_in_10_min,
        flood_share=row.flood_share,
        flood_minutes=row.flood_minutes,
        standing=row.standing,
        stale=row.stale,
        chattering=row.chattering,
        fleeting=row.fleeting,
        first_level_share=row.first_level_share,
        acknowledge_median_s=row.acknowledge_median_s,
        acknowledge_p90_s=row.acknowledge_p90_s,
        region=report.region,
        zone=report.zone,
    )
