"""核对问题: recorded as they are found, explained by the enterprise, settled by its supervisor."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.commitments import tables
from anlan.domains.monitoring.commitments.checking import OF_A_DAY, Found
from anlan.domains.monitoring.commitments.models import Discrepancy
from anlan.domains.monitoring.commitments.queries import DAY, found_now
from anlan.domains.monitoring.commitments.states import (
    CHECK,
    DISCREPANCY_WORKFLOW,
    EXPLAIN,
    READ,
    SETTLE,
    DiscrepancyKind,
    DiscrepancyState,
)
from anlan.domains.monitoring.editing import locked, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, read_scope, service
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice

TOPIC = "discrepancy"


def check_all() -> int:
    """Look at everything, and record only when something has changed; how many were found anew."""
    with read_scope():
        found = found_now(now())
        standing = _standing()
        same = all(key in standing and _as_found(standing[key], one) for key, one in found.items())
        same = same and not _ceased(standing, found)
    return 0 if same else record_discrepancies()


@service("commitments.cross_check", permission=CHECK)
def record_discrepancies() -> int:
    """Check everything and keep what is found; how many are new.

    One that was found before follows what the sources say, and keeps what people said of it; one that no
    longer holds is marked so and stays open; one that was settled while it held comes up again only after
    it has ceased.
    """
    found, standing = found_now(now()), _standing(lock=True)
    ceased = _ceased(standing, found)
    for gone in ceased:
        gone.holds, gone.ceased_at = False, now()
        _save(gone)
    made = 0
    for key, one in found.items():
        known = standing.get(key)
        if known is None:
            _make(one)
            made += 1
        elif not _as_found(known, one):
            _tell(known, one)
            _save(known)
    return made


@service("discrepancies.explain", permission=EXPLAIN)
def explain_discrepancy(discrepancy_id: UUID, *, note: str) -> None:
    """说明原因."""
    row = _moved(discrepancy_id, "explain", EXPLAIN)
    row.explanation = require_text("note", note, 2)
    row.explained_at, row.explained_by = now(), current_principal().name
    _save(row)


@service("discrepancies.reopen", permission=SETTLE)
def reopen_discrepancy(discrepancy_id: UUID, *, note: str) -> None:
    """退回重新说明."""
    row = _moved(discrepancy_id, "reopen", SETTLE)
    row.verdict = require_text("note", note, 2)
    _save(row)


@service("discrepancies.settle", permission=SETTLE)
def settle_discrepancy(discrepancy_id: UUID, *, note: str) -> None:
    """核销."""
    row = _moved(discrepancy_id, "settle", SETTLE)
    row.verdict = require_text("note", note, 2)
    row.settled_at, row.settled_by = now(), current_principal().name
    _save(row)


def _standing(*, lock: bool = False) -> dict[str, Discrepancy]:
    """Those that are not settled, and those settled that still hold: one for each key."""
    rows = Discrepancy.objects.select_for_update() if lock else Discrepancy.objects.all()
    standing = ~Q(state=DiscrepancyState.SETTLED.value) | Q(holds=True)
    return {row.key: row for row in rows.filter(standing).order_by("id")}


def _ceased(standing: Mapping[str, Discrepancy], found: Mapping[str, Found]) -> list[Discrepancy]:
    """What held and is not found any more; what is about a day before yesterday is not looked at again."""
    first = tables.day_of(now()) - DAY
    return [
        row
        for key, row in standing.items()
        if row.holds and key not in found and not (DiscrepancyKind(row.kind) in OF_A_DAY and row.day < first)
    ]


def _as_found(row: Discrepancy, found: Found) -> bool:
    return row.holds and (row.zh, row.en) == _words(found)


def _words(found: Found) -> tuple[str, str]:
    return found.text.zh[:300], found.text.en[:300]


def _tell(row: Discrepancy, found: Found) -> None:
    """Let *row* say what the sources say now."""
    row.zh, row.en = _words(found)
    row.sources = [
        {
            "kind": said.kind,
            "id": str(said.id) if said.id else None,
            "at": said.at.isoformat(),
            "zh": said.text.zh,
            "en": said.text.en,
        }
        for said in found.sources
    ]
    row.holds, row.ceased_at = True, None


def _make(found: Found) -> None:
    enterprise = find_enterprise(found.enterprise_id)
    row = Discrepancy(
        id=new_id(),
        key=found.key,
        kind=found.kind.value,
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        process_unit_id=found.process_unit_id,
        day=found.day,
        found_at=now(),
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    _tell(row, found)
    row.save(force_insert=True)
    for permission in (EXPLAIN, SETTLE):
        place_notice(
            NoticeSpec(
                title=Text(
                    f"{found.kind.label.zh}：{found.text.zh}", f"{found.kind.label.en}: {found.text.en}"
                ),
                region=row.region,
                zone=row.zone,
                permission=permission,
                urgency=_URGENCY.get(found.kind, Urgency.ATTENTION),
                body=Text(enterprise.name, enterprise.name),
                subject_kind="discrepancy",
                subject_id=row.id,
            )
        )
    announce(TOPIC, row, READ)


_URGENCY = {DiscrepancyKind.HOT_WORK_IN_GAS_ALARM: Urgency.URGENT}


def _moved(discrepancy_id: UUID, event: str, permission: str) -> Discrepancy:
    row = locked(Discrepancy, discrepancy_id, permission)
    row.state = str(DISCREPANCY_WORKFLOW.require(event, row, current_principal()).target)
    return row


def _save(row: Discrepancy) -> None:
    row.version += 1
    row.save()
    announce(TOPIC, row, READ)
