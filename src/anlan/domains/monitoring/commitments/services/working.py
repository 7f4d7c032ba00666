"""特殊作业: 申请 → 批准 → 开工 → 完工验收 → 关闭, by the rules of its kind and grade."""

from datetime import datetime, timedelta
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.commitments import tables
from anlan.domains.monitoring.commitments.models import GasTest, SpecialWork
from anlan.domains.monitoring.commitments.states import (
    READ,
    SPECIAL_WORK_WORKFLOW,
    WORK_APPLY,
    WORK_APPROVE,
    GasKind,
    WorkGrade,
    WorkKind,
)
from anlan.domains.monitoring.editing import insert_once, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise, find_process_unit
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.standards.declaration import TableRow
from anlan.platform.standards.queries import table_in_force

TOPIC = "special_work"


@service("special_work.apply", permission=WORK_APPLY)
def apply_for_work(
    *,
    enterprise_id: UUID,
    number: str,
    kind: WorkKind,
    grade: WorkGrade,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    responsible: str,
    process_unit_id: UUID | None = None,
    guardian: str = "",
    content: str = "",
) -> UUID:
    """Apply for a permit. Raises `Invalid` for a grade that the kind does not have, a time longer than the
    table allows, or a unit of another enterprise; `Conflict` for a number that the enterprise has used.
    """
    enterprise = find_enterprise(enterprise_id)
    decide_there(WORK_APPLY, enterprise.region, enterprise.zone)
    unit = find_process_unit(process_unit_id) if process_unit_id else None
    if unit is not None and unit.enterprise_id != enterprise.id:
        raise refuse_field("process_unit_id", "该单元不属于所选企业", "The unit is another enterprise's")
    _check_time(_rule(WorkKind(kind), WorkGrade(grade)), starts_at, ends_at)
    work = SpecialWork(
        id=new_id(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        process_unit_id=unit.id if unit else None,
        process_unit_name=unit.name if unit else "",
        number=require_text("number", number),
        kind=WorkKind(kind).value,
        grade=WorkGrade(grade).value,
        place=require_text("place", place),
        content=content.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        responsible=require_text("responsible", responsible),
        guardian=guardian.strip(),
        applied_at=now(),
        applied_by=current_principal().name,
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    insert_once(
        work, "number", Text("该企业已有同编号的作业票", "The enterprise has a permit of this number")
    )
    announce(TOPIC, work, READ)
    return work.id


@service("special_work.approve", permission=WORK_APPROVE)
def approve_work(work_id: UUID, *, note: str = "") -> None:
    """批准, by somebody other than the applicant."""
    work = _moved(work_id, "approve", WORK_APPROVE)
    person = current_principal()
    if person.kind == "user" and work.applied_by == person.name:
        raise Conflict(
            Text("审批人不能是申请人", "Who applied does not approve"),
            next_step=Text("请由另一人审批", "Let somebody else approve it"),
        )
    _decided(work, note)


@service("special_work.refuse", permission=WORK_APPROVE)
def refuse_work(work_id: UUID, *, note: str) -> None:
    """不予批准."""
    _decided(_moved(work_id, "refuse", WORK_APPROVE), require_text("note", note, 2))


@service("special_work.gas_test", permission=WORK_APPLY)
def record_gas_test(
    work_id: UUID, *, kind: GasKind, value: float, unit: str, sampled_at: datetime, tester: str
) -> None:
    """Record one value of a gas test. Raises `Invalid` for a sample of the future."""
    work = _moved(work_id, "gas_test", WORK_APPLY)
    if sampled_at > now():
        raise refuse_field("sampled_at", "取样时间不能晚于当前时间", "The sample cannot be of the future")
    GasTest.objects.create(
        id=new_id(),
        work=work,
        kind=GasKind(kind).value,
        value=value,
        unit=require_text("unit", unit),
        sampled_at=sampled_at,
        tester=require_text("tester", tester),
        recorded_at=now(),
        recorded_by=current_principal().name,
        synthetic=work.synthetic,
        region=work.region,
        zone=work.zone,
    )
    _save(work)


@service("special_work.start", permission=WORK_APPLY)
def start_work(work_id: UUID) -> None:
    """开工: within the permit's time, and where the table asks for it, soon after a gas test."""
    work = _moved(work_id, "start", WORK_APPLY)
    at = now()
    if not work.starts_at <= at <= work.ends_at:
        raise Conflict(
            Text("不在作业票有效时间内，不能开工", "Outside the permit's time the work cannot begin"),
            next_step=Text("请在有效时间内开工，或重新申请", "Begin within its time, or apply anew"),
        )
    _require_gas_test(work, at)
    work.started_at = at
    _save(work)


@service("special_work.accept", permission=WORK_APPROVE)
def accept_work(work_id: UUID, *, note: str = "") -> None:
    """完工验收."""
    work = _moved(work_id, "accept", WORK_APPROVE)
    work.accepted_at, work.accepted_by = now(), current_principal().name
    work.acceptance_note = note.strip()
    _save(work)


@service("special_work.close", permission=WORK_APPROVE)
def close_work(work_id: UUID) -> None:
    """关闭."""
    work = _moved(work_id, "close", WORK_APPROVE)
    work.closed_at = now()
    _save(work)


def _rule(kind: WorkKind, grade: WorkGrade) -> TableRow:
    found = table_in_force(tables.WORK).rows.get(f"{kind}.{grade}")
    if found is None:
        raise refuse_field(
            "grade",
            f"{kind.label.zh}没有“{grade.label.zh}”",
            f"There is no “{grade.label.en}” of {kind.label.en.lower()}",
        )
    return found


def _check_time(rule: TableRow, starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise refuse_field("ends_at", "结束时间应晚于开始时间", "It must end after it starts")
    longest = rule.values.get("max_h")
    if isinstance(longest, float | int) and ends_at - starts_at > timedelta(hours=longest):
        raise refuse_field(
            "ends_at",
            f"有效期不应超过 {longest:g} 小时",
            f"The permit is valid for {longest:g} hours at most",
        )


def _require_gas_test(work: SpecialWork, at: datetime) -> None:
    rule = _rule(WorkKind(work.kind), WorkGrade(work.grade)).values
    before = float(rule.get("gas_before_min") or 0.0)
    if not rule.get("gas_test"):
        return
    since = at - timedelta(minutes=before)
    if not work.gas_tests.filter(sampled_at__gte=since, sampled_at__lte=at).exists():
        raise Conflict(
            Text(
                f"开工前 {before:g} 分钟内没有气体分析记录，不能开工",
                f"No gas test within {before:g} minutes: the work cannot begin",
            ),
            next_step=Text("请先登记气体分析", "Record a gas test first"),
        )


def _moved(work_id: UUID, event: str, permission: str) -> SpecialWork:
    work = locked(SpecialWork, work_id, permission)
    transition = SPECIAL_WORK_WORKFLOW.require(event, work, current_principal())
    if transition.target is not None:
        work.state = str(transition.target)
    return work


def _decided(work: SpecialWork, note: str) -> None:
    work.decided_at, work.decided_by = now(), current_principal().name
    work.decision_note = note.strip()
    _save(work)


def _save(work: SpecialWork) -> None:
    work.version += 1
    work.save()
    announce(TOPIC, work, READ)
