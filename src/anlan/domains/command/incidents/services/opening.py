"""接报立案: from an alarm, or from what somebody reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from shapely.geometry import Point

from anlan.domains.command.incidents import tables
from anlan.domains.command.incidents.contracts import IncidentView
from anlan.domains.command.incidents.deadlines import HANDLING, REPORT_UP
from anlan.domains.command.incidents.hazard import hazard_of_point
from anlan.domains.command.incidents.models import Incident
from anlan.domains.command.incidents.queries import incident_view
from anlan.domains.command.incidents.services.writing import add_entry, told
from anlan.domains.command.incidents.states import OPEN, EntryKind, IncidentKind
from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.points.queries import find_point
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.regions import prefix_of
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.deadlines.services import DeadlineSpec, start_deadline
from anlan.platform.geo.divisions import county_of
from anlan.platform.standards.queries import table_in_force
from anlan.platform.threads.queries import clock_of_timeline, resolve_thread
from anlan.platform.threads.services import open_thread

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class _Matter:
    """What an incident is opened about."""

    kind: IncidentKind
    title: str
    lon: float
    lat: float
    region: str
    zone: str | None
    thread: UUID
    occurred_at: datetime
    timeline: UUID | None = None
    exercise: bool = False
    synthetic: bool = False
    alarm_id: UUID | None = None
    enterprise_id: UUID | None = None
    enterprise_name: str = ""
    hazard_id: UUID | None = None
    substance: str = ""
    cas: str = ""
    place_note: str = ""


@service("incidents.open_from_alarm", permission=OPEN)
def open_from_alarm(alarm_id: UUID, *, kind: IncidentKind, note: str = "") -> IncidentView:
    """Open the incident of an alarm, on the alarm's own thread and timeline.

    The place is the major hazard's that the point belongs to. Raises `Conflict` when
    the alarm has its incident already, `Invalid` when no place is known.
    """
    alarm = find_alarm(alarm_id)
    decide_there(OPEN, alarm.region, alarm.zone)
    standing = Incident.objects.filter(alarm_id=alarm_id).first()
    if standing is not None:
        raise Conflict(
            Text(f"该报警已立案：{standing.number}", f"This alarm has its incident: {standing.number}"),
            facts={"incident": str(standing.id), "number": standing.number},
        )
    point = find_point(alarm.point_id)
    hazard = hazard_of_point(point)
    holding = max(hazard.holdings, key=lambda one: one.design_max_t, default=None)
    matter = _Matter(
        kind=IncidentKind(kind),
        title=f"{point.enterprise_name} {point.name}{alarm.condition.label.zh}",
        lon=hazard.lon,
        lat=hazard.lat,
        region=alarm.region,
        zone=alarm.zone,
        thread=resolve_thread(alarm.thread),
        occurred_at=alarm.raised_at,
        timeline=alarm.timeline,
        exercise=alarm.exercise,
        synthetic=hazard.synthetic or point.synthetic,
        alarm_id=alarm.id,
        enterprise_id=alarm.enterprise_id,
        enterprise_name=point.enterprise_name,
        hazard_id=hazard.id,
        substance=holding.substance if holding else "",
        cas=holding.cas if holding else "",
        place_note=hazard.name,
    )
    return _opened(matter, note)


@service("incidents.open", permission=OPEN)
def open_incident(
    *,
    kind: IncidentKind,
    title: str,
    lon: float,
    lat: float,
    region: str | None = None,
    occurred_at: datetime | None = None,
    cas: str = "",
    substance: str = "",
    note: str = "",
) -> IncidentView:
    """Open an incident from a report, on a thread of its own.

    Without *region* the county is found from the place. Raises `Invalid` when it cannot be.
    """
    place = region or county_of(lon, lat)
    if place is None:
        raise refuse_field(
            "region",
            "无法由坐标判定所在县，请选择行政区划",
            "The county cannot be told from the place: choose it",
        )
    decide_there(OPEN, place, None)
    at = clock_of_timeline(None).now()
    matter = _Matter(
        kind=IncidentKind(kind),
        title=title.strip(),
        lon=lon,
        lat=lat,
        region=place,
        zone=None,
        thread=open_thread(place, None, title.strip()[:256]),
        occurred_at=occurred_at or at,
        cas=cas.strip(),
        substance=substance.strip(),
    )
    return _opened(matter, note)


def _opened(matter: _Matter, note: str) -> IncidentView:
    at = clock_of_timeline(matter.timeline).now()
    incident = Incident.objects.create(
        id=new_id(),
        number=_number(matter.region, at),
        thread=matter.thread,
        timeline=matter.timeline,
        exercise=matter.exercise,
        synthetic=matter.synthetic,
        title=matter.title[:200],
        kind=matter.kind.value,
        geometry=Point(matter.lon, matter.lat),
        place_note=matter.place_note[:120],
        occurred_at=matter.occurred_at,
        opened_at=at,
        opened_by=current_principal().name,
        alarm_id=matter.alarm_id,
        enterprise_id=matter.enterprise_id,
        enterprise_name=matter.enterprise_name,
        hazard_id=matter.hazard_id,
        substance=matter.substance,
        cas=matter.cas,
        region=matter.region,
        zone=matter.zone,
    )
    add_entry(incident, EntryKind.OPENED, note)
    _start_clocks(incident)
    told(incident)
    return incident_view(incident)


def _start_clocks(incident: Incident) -> None:
    table = table_in_force(tables.CLOCKS)
    for kind, row in ((HANDLING, "handling"), (REPORT_UP, "report_up")):
        start_deadline(
            DeadlineSpec(
                kind=kind,
                subject_kind="incident",
                subject_id=incident.id,
                due_after=timedelta(minutes=table.number_of(row, "minutes")),
                region=incident.region,
                zone=incident.zone,
                thread=incident.thread,
                timeline=incident.timeline,
                exercise=incident.exercise,
                basis=f"{table.code} {table.name} {row}",
            )
        )


def _number(region: str, at: datetime) -> str:
    """``640181-20261125-001``: county, day in China, count of the day (演练 have numbers like any)."""
    start = f"{prefix_of(region)}-{at.astimezone(CHINA):%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [start])
        return f"{start}-{cursor.fetchone()[0]:03d}"


_NEXT = """
    INSERT INTO incidents_numberseries AS s (prefix, last) VALUES (%s, 1)
    ON CONFLICT (prefix) DO UPDATE SET last = s.last + 1 RETURNING last"""
"""One row per prefix: seen by all, so that a zone's numbers and its county's never meet."""
