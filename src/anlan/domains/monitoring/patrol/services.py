"""The only writers of bulletins."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import anlan
from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.commitments import tables as commitment_tables
from anlan.domains.monitoring.commitments.tables import day_of, midnight
from anlan.domains.monitoring.editing import locked, require_text
from anlan.domains.monitoring.enterprises.queries import enterprises_of_kind
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.patrol import tables
from anlan.domains.monitoring.patrol.counting import Counted, Place, by_place, counted
from anlan.domains.monitoring.patrol.figures import Figures, added_up, ranked
from anlan.domains.monitoring.patrol.models import Bulletin, BulletinLine
from anlan.domains.monitoring.patrol.states import ANSWER, BULLETIN_WORKFLOW, ISSUE, READ
from anlan.domains.monitoring.points.queries import presence
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.models import Caveat, Manifest, Verification
from anlan.kernel.regions import ningxia
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, read_scope, service
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.standards.queries import table_in_force

TOPIC = "bulletin"
TITLE = Text("线上巡查统计", "Daily patrol count")
NO_VIDEO = Caveat(
    "patrol.video_not_connected",
    Text("视频未接入，视频在线率不作统计", "Video is not connected: its online rate is not counted"),
)
SHARED = (
    "points",
    "online",
    "online_rate",
    "commitment_rate",
    "unresolved",
    "longest_h",
    "warnings_open",
    "warnings_waiting",
    "circulars_waiting",
    "discrepancies",
)


def issue_when_due() -> bool:
    """Make today's bulletins once their hour has come; whether that was now.

    While nothing at all is heard of it waits, for as long as the table says: a system that has just been started
    would call everybody offline.
    """
    with read_scope():
        at = now()
        day = day_of(at)
        rules = table_in_force(tables.RULES)
        due = midnight(day) + timedelta(hours=rules.number_of("hour", "value"))
        patience = timedelta(hours=rules.number_of("patience", "value"))
        if at < due or Bulletin.objects.filter(day=day).exists():
            return False
        if not enterprises_of_kind(EnterpriseKind.HAZCHEM):
            return False
        if at < due + patience and not any(unit.online for unit in presence(at)):
            return False
    return issue_bulletins() > 0


@service("patrol.issue", permission=ISSUE)
def issue_bulletins() -> int:
    """Count and keep today's bulletin of every place with enterprises to supervise; how many.

    Ranks are among all places, so that only who answers for the whole region makes bulletins. Raises `Conflict`
    when today's are made, `Invalid` when there is no enterprise.
    """
    decide_there(ISSUE, ningxia()[0].code, None)
    at = now()
    day = day_of(at)
    if Bulletin.objects.filter(day=day).exists():
        raise Conflict(Text("当日通报已形成", "Today's bulletins are made"))
    window = timedelta(hours=table_in_force(tables.RULES).number_of("window", "value"))
    places = by_place(counted(at, window))
    if not places:
        raise Invalid(
            Text("没有可巡查的危险化学品企业", "There is no enterprise of hazardous chemicals to look at"),
            next_step=Text("请先登记企业", "Record enterprises first"),
        )
    sums = {place: added_up(one.figures for one in group) for place, group in places.items()}
    online = ranked({place: figures.online_rate for place, figures in sums.items()})
    committed = ranked({place: figures.commitment_rate for place, figures in sums.items()})
    for place, group in places.items():
        _issue(place, group, sums[place], {"online": online[place], "commitment": committed[place]}, window)
    return len(places)


@service("patrol.feed_back", permission=ANSWER)
def feed_back(bulletin_id: UUID, *, contact: str, note: str) -> None:
    """反馈: who answers for the place, and what was done."""
    bulletin = locked(Bulletin, bulletin_id, ANSWER)
    bulletin.state = str(BULLETIN_WORKFLOW.require("feed_back", bulletin, current_principal()).target)
    bulletin.contact, bulletin.feedback = require_text("contact", contact, 2), require_text("note", note, 2)
    bulletin.fed_back_at, bulletin.fed_back_by = now(), current_principal().name
    bulletin.version += 1
    bulletin.save()
    announce(TOPIC, bulletin, READ)


def _issue(
    place: Place, group: list[Counted], sums: Figures, ranks: Mapping[str, int | None], window: timedelta
) -> None:
    region, zone = place
    synthetic = any(one.enterprise.synthetic for one in group)
    bulletin = Bulletin(
        id=new_id(),
        day=day_of(now()),
        made_at=now(),
        made_by=current_principal().name,
        enterprises=sums.enterprises,
        required=sums.required,
        committed=sums.committed,
        online_rank=ranks["online"],
        commitment_rank=ranks["commitment"],
        synthetic=synthetic,
        region=region,
        zone=zone,
        **_shared(sums),
    )
    bulletin.run = _record(bulletin, sums, window)
    bulletin.save(force_insert=True)
    online = ranked({one.enterprise.id: one.figures.online_rate for one in group})
    BulletinLine.objects.bulk_create(
        BulletinLine(
            id=new_id(),
            bulletin=bulletin,
            enterprise_id=one.enterprise.id,
            enterprise_name=one.enterprise.name,
            required=bool(one.figures.required),
            committed=bool(one.figures.committed),
            online_rank=online[one.enterprise.id],
            synthetic=one.enterprise.synthetic,
            region=region,
            zone=zone,
            **_shared(one.figures),
        )
        for one in group
    )
    place_notice(
        NoticeSpec(
            title=Text(f"{bulletin.day} 线上巡查通报", f"Patrol bulletin of {bulletin.day}"),
            region=region,
            zone=zone,
            permission=ANSWER,
            urgency=Urgency.ATTENTION,
            subject_kind="bulletin",
            subject_id=bulletin.id,
        )
    )
    announce(TOPIC, bulletin, READ)


def _shared(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in SHARED}


def _record(bulletin: Bulletin, sums: Figures, window: timedelta) -> UUID:
    at = bulletin.made_at
    used = (tables.RULES, commitment_tables.DUE)
    manifest = Manifest(
        model="patrol.bulletin",
        model_version="1",
        software_version=anlan.__version__,
        inputs={
            "at": at.isoformat(),
            "window_h": window.total_seconds() / 3600.0,
            "region": bulletin.region,
            "zone": bulletin.zone,
        },
        tables={code: table_in_force(code).name for code in used},
        caveats=(NO_VIDEO,),
        verification=Verification.VERIFIED,
        title=TITLE,
    )
    return record_run(
        manifest,
        {
            **vars(sums),
            "online_rate": sums.online_rate,
            "commitment_rate": sums.commitment_rate,
            "video": None,
        },
        RunSubject("bulletin", bulletin.id, "patrol"),
        RunPlace(bulletin.region, bulletin.zone, synthetic=bulletin.synthetic),
        valid_at=at,
    )
