"""警示通报: issued to an enterprise or to the bureaus of a division, each of which signs and answers."""

from datetime import timedelta
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.warnings import tables
from anlan.domains.monitoring.warnings.deadlines import CIRCULAR
from anlan.domains.monitoring.warnings.models import Circular
from anlan.domains.monitoring.warnings.states import (
    ANSWER,
    CIRCULAR_WORKFLOW,
    HEAR_ENTERPRISE,
    HEAR_LOCAL,
    ISSUE,
    READ,
)
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.regions import RegionLevel, level_of, ningxia, prefix_of
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.deadlines.services import DeadlineSpec, meet_deadline, start_deadline
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.standards.queries import table_in_force

TOPIC = "circular"


@service("circulars.issue", permission=ISSUE)
def issue_circular(
    *,
    title: str,
    text: str,
    enterprise_id: UUID | None = None,
    region: str | None = None,
    feedback_within_h: float | None = None,
) -> UUID:
    """Issue a circular: to an enterprise, else to the bureau of each county of *region*; the first one's id.

    Without *feedback_within_h* the table's time is taken. Raises `Invalid` without an addressee, `Forbidden`
    when one of them is outside the issuer's area: then none is issued.
    """
    title, text = require_text("title", title, 2), require_text("text", text, 2)
    table = table_in_force(tables.HANDLING)
    within = (
        tables.clocks(table, tables.CIRCULAR)[1]
        if feedback_within_h is None
        else timedelta(hours=feedback_within_h)
    )
    basis = f"{table.code} {table.name} {tables.CIRCULAR}" if feedback_within_h is None else ""
    addressees = _addressees(enterprise_id, region)
    for _, place, zone in addressees:
        decide_there(ISSUE, place, zone)
    batch = new_id()
    made = [
        Circular.objects.create(
            id=new_id(),
            batch=batch,
            title=title[:200],
            text=text[:4000],
            enterprise_id=enterprise.id if enterprise else None,
            enterprise_name=enterprise.name if enterprise else "",
            issued_at=now(),
            issued_by=current_principal().name,
            due_at=now() + within,
            synthetic=bool(enterprise and enterprise.synthetic),
            region=place,
            zone=zone,
        )
        for enterprise, place, zone in addressees
    ]
    for circular in made:
        _send(circular, within, basis)
    return made[0].id


@service("circulars.sign", permission=ANSWER)
def sign_circular(circular_id: UUID) -> None:
    """签收."""
    circular = _moved(circular_id, "sign", ANSWER)
    circular.signed_at, circular.signed_by = now(), current_principal().name
    _save(circular)


@service("circulars.feed_back", permission=ANSWER)
def circular_feed_back(circular_id: UUID, *, measures: str) -> None:
    """反馈: its clock stops."""
    circular = _moved(circular_id, "feed_back", ANSWER)
    circular.measures = require_text("measures", measures, 2)
    circular.fed_back_at, circular.fed_back_by = now(), current_principal().name
    meet_deadline(CIRCULAR, circular.id)
    _save(circular)


@service("circulars.send_back", permission=ISSUE)
def send_back_circular(circular_id: UUID, *, note: str) -> None:
    """退回: feedback is due anew, within the table's time."""
    circular = _moved(circular_id, "send_back", ISSUE)
    circular.returned_because = require_text("note", note, 2)
    circular.fed_back_at, circular.fed_back_by = None, ""
    table = table_in_force(tables.HANDLING)
    _, within = tables.clocks(table, tables.CIRCULAR)
    circular.due_at = now() + within
    _start(circular, within, f"{table.code} {table.name} {tables.CIRCULAR}")
    _save(circular)


@service("circulars.close", permission=ISSUE)
def close_circular(circular_id: UUID) -> None:
    """办结, by somebody other than who gave the feedback."""
    circular = _moved(circular_id, "close", ISSUE)
    if circular.fed_back_by == current_principal().name:
        raise Conflict(
            Text("办结人不能是反馈人", "Who gave the feedback does not close it"),
            next_step=Text("请由另一人办结", "Let somebody else close it"),
        )
    circular.closed_at = now()
    _save(circular)


def _addressees(
    enterprise_id: UUID | None, region: str | None
) -> list[tuple[EnterpriseView | None, str, str | None]]:
    if enterprise_id is not None:
        enterprise = find_enterprise(enterprise_id)
        return [(enterprise, enterprise.region, enterprise.zone)]
    counties = [
        (None, entry.code, None)
        for entry in ningxia()
        if region and level_of(entry.code) == RegionLevel.COUNTY and entry.code.startswith(_prefix(region))
    ]
    if not counties:
        raise refuse_field("region", "请选择企业或行政区划", "Choose an enterprise or a division")
    return list(counties)


def _prefix(region: str) -> str:
    try:
        return prefix_of(region)
    except ValueError:
        raise refuse_field("region", "请选择行政区划", "Choose a division") from None


def _send(circular: Circular, within: timedelta, basis: str) -> None:
    _start(circular, within, basis)
    place_notice(
        NoticeSpec(
            title=Text(f"警示通报：{circular.title}", f"Circular: {circular.title}"),
            region=circular.region,
            zone=circular.zone,
            permission=HEAR_ENTERPRISE if circular.enterprise_id else HEAR_LOCAL,
            urgency=Urgency.ATTENTION,
            subject_kind="circular",
            subject_id=circular.id,
        )
    )
    announce(TOPIC, circular, READ)


def _start(circular: Circular, within: timedelta, basis: str) -> None:
    start_deadline(
        DeadlineSpec(
            kind=CIRCULAR,
            subject_kind="circular",
            subject_id=circular.id,
            due_after=within,
            region=circular.region,
            zone=circular.zone,
            basis=basis,
        )
    )


def _moved(circular_id: UUID, event: str, permission: str) -> Circular:
    circular = locked(Circular, circular_id, permission)
    circular.state = str(CIRCULAR_WORKFLOW.require(event, circular, current_principal()).target)
    return circular


def _save(circular: Circular) -> None:
    circular.version += 1
    circular.save()
    announce(TOPIC, circular, READ)
