"""Commitments, special work, gas tests and discrepancies on the generic screens."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.commitments import permissions, services
from anlan.domains.monitoring.commitments.states import (
    COMMIT,
    DISCREPANCY_WORKFLOW,
    READ,
    SPECIAL_WORK_WORKFLOW,
    WORK_APPLY,
    DiscrepancyKind,
    DiscrepancyState,
    GasKind,
    WorkGrade,
    WorkKind,
    WorkState,
)
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC

GROUP = Text("承诺与作业", "Commitments and work")
ENTERPRISE = Column(
    "enterprise_name", Text("企业", "Enterprise"), kind="link", link="enterprise", link_id="enterprise_id"
)
ENTERPRISE_FILTER = Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise")


class CommitmentOut(Schema):
    """A commitment as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    day: date
    units_total: int
    units_running: int = labelled("运行装置", "Units running", unit="套")
    units_stopped: int = labelled("停产装置", "Units stopped", unit="套")
    units_maintained: int = labelled("检修装置", "Units in maintenance", unit="套")
    hot_special: int
    hot_first: int
    hot_second: int
    confined_space: int
    trial_production: bool = labelled("是否试生产", "Trial production")
    starting_or_stopping: bool = labelled("是否开停车", "Starting up or shutting down")
    promiser: str
    note: str = labelled("承诺内容", "Note")
    submitted_at: datetime
    submitted_by: str = labelled("提交人", "Submitted by")
    due_at: datetime
    in_time: bool
    region: str
    zone: str | None
    synthetic: bool
    version: int

    @staticmethod
    def resolve_in_time(row: Any) -> bool:
        """Whether it came by the hour of the table."""
        return bool(row.submitted_at <= row.due_at)


def _count(zh: str, en: str, **more: Any) -> Any:
    return labelled(zh, en, ge=0, le=10_000, **more)


class CommitmentForm(Schema):
    """What a commitment says."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    units_total: int = _count("装置总数", "Units")
    units_running: int = _count("运行装置", "Units running")
    units_stopped: int = _count("停产装置", "Units stopped")
    units_maintained: int = _count("检修装置", "Units in maintenance")
    hot_special: int = _count("特级动火（项）", "Special hot work", default=0)
    hot_first: int = _count("一级动火（项）", "Grade 1 hot work", default=0)
    hot_second: int = _count("二级动火（项）", "Grade 2 hot work", default=0)
    confined_space: int = _count("受限空间作业（项）", "Confined space entries", default=0)
    trial_production: bool = labelled("是否试生产", "Trial production", default=False)
    starting_or_stopping: bool = labelled("是否开停车", "Starting up or shutting down", default=False)
    promiser: str = labelled("承诺人（主要负责人）", "Promised by", min_length=1, max_length=80)
    note: str = labelled("承诺内容", "Note", default="", max_length=500, widget="textarea")


class CommitmentChange(Schema):
    """What can be corrected on the same day."""

    units_total: int = _count("装置总数", "Units")
    units_running: int = _count("运行装置", "Units running")
    units_stopped: int = _count("停产装置", "Units stopped")
    units_maintained: int = _count("检修装置", "Units in maintenance")
    hot_special: int = _count("特级动火（项）", "Special hot work")
    hot_first: int = _count("一级动火（项）", "Grade 1 hot work")
    hot_second: int = _count("二级动火（项）", "Grade 2 hot work")
    confined_space: int = _count("受限空间作业（项）", "Confined space entries")
    trial_production: bool = labelled("是否试生产", "Trial production")
    starting_or_stopping: bool = labelled("是否开停车", "Starting up or shutting down")
    promiser: str = labelled("承诺人（主要负责人）", "Promised by", min_length=1, max_length=80)
    note: str = labelled("承诺内容", "Note", max_length=500, widget="textarea")


class SpecialWorkOut(Schema):
    """A permit as a row and as a detail."""

    id: UUID
    number: str
    kind: WorkKind
    grade: WorkGrade
    state: WorkState
    enterprise_id: UUID
    enterprise_name: str
    process_unit_id: UUID | None
    process_unit_name: str
    place: str
    content: str = labelled("作业内容", "What is done")
    starts_at: datetime
    ends_at: datetime
    responsible: str
    guardian: str = labelled("监护人", "Guardian")
    applied_at: datetime = labelled("申请时间", "Applied")
    applied_by: str = labelled("申请人", "Applied by")
    decided_at: datetime | None = labelled("审批时间", "Decided", default=None)
    decided_by: str = labelled("审批人", "Decided by")
    decision_note: str = labelled("审批意见", "Decision")
    started_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str = labelled("验收人", "Accepted by")
    acceptance_note: str = labelled("验收意见", "Acceptance")
    closed_at: datetime | None = labelled("关闭时间", "Closed", default=None)
    region: str
    zone: str | None
    synthetic: bool
    version: int


class SpecialWorkForm(Schema):
    """What an application says."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    process_unit_id: UUID | None = labelled("单元", "Unit", default=None, link="process_unit")
    number: str = labelled("作业票编号", "Permit number", min_length=1, max_length=40)
    kind: WorkKind = labelled("作业类别", "Kind")
    grade: WorkGrade = labelled("级别", "Grade")
    place: str = labelled("作业地点", "Place", min_length=1, max_length=200)
    content: str = labelled("作业内容", "What is done", default="", max_length=500, widget="textarea")
    starts_at: datetime = labelled("开始时间", "From")
    ends_at: datetime = labelled("结束时间", "To")
    responsible: str = labelled("作业负责人", "Responsible", min_length=1, max_length=80)
    guardian: str = labelled("监护人", "Guardian", default="", max_length=80)


class GasTestOut(Schema):
    """One value of a gas test."""

    id: UUID
    work_id: UUID
    kind: GasKind
    value: float
    unit: str
    sampled_at: datetime
    tester: str
    recorded_at: datetime
    recorded_by: str
    region: str
    synthetic: bool


class DiscrepancyOut(Schema):
    """A discrepancy with what each source says."""

    id: UUID
    kind: DiscrepancyKind
    state: DiscrepancyState
    enterprise_id: UUID
    enterprise_name: str
    day: date
    zh: str
    en: str
    sources: list[dict[str, Any]]
    sources_zh: str = labelled("各来源所述", "What each source says (Chinese)")
    sources_en: str = labelled("各来源所述（英文）", "What each source says")
    found_at: datetime
    holds: bool
    ceased_at: datetime | None = labelled("不再成立", "No longer holds since", default=None)
    explanation: str = labelled("企业说明", "Explanation")
    explained_at: datetime | None = labelled("说明时间", "Explained", default=None)
    explained_by: str = labelled("说明人", "Explained by")
    verdict: str = labelled("核销意见", "Verdict")
    settled_at: datetime | None = labelled("核销时间", "Settled", default=None)
    settled_by: str = labelled("核销人", "Settled by")
    region: str
    zone: str | None
    synthetic: bool
    version: int

    @staticmethod
    def resolve_sources_zh(row: Any) -> str:
        """The sources in one line, in Chinese."""
        return "；".join(said["zh"] for said in row.sources)

    @staticmethod
    def resolve_sources_en(row: Any) -> str:
        """The sources in one line, in English."""
        return "; ".join(said["en"] for said in row.sources)


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    register(_commitments())
    register(_special_work())
    register(_gas_tests())
    register(_discrepancies())


def _commitments() -> Resource:
    from anlan.domains.monitoring.commitments.models import Commitment

    return Resource(
        name="commitment",
        plural="commitments",
        title=Text("安全承诺", "Safety commitments"),
        model=Commitment,
        out=CommitmentOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=COMMIT,
        order=("-day", "enterprise_name", "id"),
        columns=(
            Column("day", Text("日期", "Day"), width=120, sortable=True),
            ENTERPRISE,
            Column("units_total", Text("装置总数", "Units"), kind="number", unit="套", width=100),
            Column("hot_special", Text("特级动火", "Special hot work"), kind="number", width=90),
            Column("hot_first", Text("一级动火", "Grade 1 hot work"), kind="number", width=90),
            Column("hot_second", Text("二级动火", "Grade 2 hot work"), kind="number", width=90),
            Column("confined_space", Text("受限空间", "Confined space"), kind="number", width=90),
            Column("promiser", Text("承诺人", "Promised by"), width=110),
            Column("submitted_at", Text("提交时间", "Submitted"), kind="time", width=170, sortable=True),
            Column("due_at", Text("应于", "Due"), kind="time", width=170),
            Column("in_time", Text("按时", "In time"), kind="bool", width=80),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            REGION_FILTER,
            ENTERPRISE_FILTER,
            Filter("submitted_at", Text("提交时间", "Submitted"), kind="time"),
        ),
        search=("enterprise_name", "promiser"),
        detail_groups=(
            Group(Text("承诺", "Commitment"), ("day", "enterprise_name", "region", "promiser", "note")),
            Group(
                Text("装置", "Units"),
                (
                    "units_total",
                    "units_running",
                    "units_stopped",
                    "units_maintained",
                    "trial_production",
                    "starting_or_stopping",
                ),
            ),
            Group(
                Text("特殊作业", "Special work"), ("hot_special", "hot_first", "hot_second", "confined_space")
            ),
            Group(Text("提交", "Submission"), ("submitted_at", "submitted_by", "due_at", "in_time")),
        ),
        form=CommitmentForm,
        edit_form=CommitmentChange,
        create=services.submit_commitment,
        update=services.update_commitment,
    )


def _special_work() -> Resource:
    from anlan.domains.monitoring.commitments.models import SpecialWork

    return Resource(
        name="special_work",
        plural="special-work",
        title=Text("特殊作业票", "Special work permits"),
        model=SpecialWork,
        out=SpecialWorkOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=WORK_APPLY,
        order=("-starts_at", "id"),
        columns=(
            Column("number", Text("作业票编号", "Number"), width=150, sortable=True),
            Column("kind", Text("类别", "Kind"), kind="enum", enum=WorkKind, width=130),
            Column("grade", Text("级别", "Grade"), kind="enum", enum=WorkGrade, width=90),
            Column("state", Text("状态", "State"), kind="enum", enum=WorkState, width=100),
            ENTERPRISE,
            Column(
                "process_unit_name",
                Text("单元", "Unit"),
                kind="link",
                link="process_unit",
                link_id="process_unit_id",
            ),
            Column("place", Text("地点", "Place")),
            Column("starts_at", Text("开始时间", "From"), kind="time", width=170, sortable=True),
            Column("ends_at", Text("结束时间", "To"), kind="time", width=170, sortable=True),
            Column("started_at", Text("开工", "Begun"), kind="time", width=170),
            Column("accepted_at", Text("验收", "Accepted"), kind="time", width=170),
            Column("responsible", Text("作业负责人", "Responsible"), width=110),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=WorkState),
            Filter("kind", Text("类别", "Kind"), kind="enum", enum=WorkKind),
            Filter("grade", Text("级别", "Grade"), kind="enum", enum=WorkGrade),
            REGION_FILTER,
            ENTERPRISE_FILTER,
            Filter("process_unit_id", Text("单元", "Unit"), kind="link", link="process_unit"),
            Filter("starts_at", Text("开始时间", "From"), kind="time"),
        ),
        search=("number", "place", "enterprise_name", "responsible"),
        detail_groups=(
            Group(Text("作业", "Work"), ("number", "kind", "grade", "state", "content")),
            Group(Text("地点", "Place"), ("enterprise_name", "process_unit_name", "place", "region")),
            Group(Text("时间", "Times"), ("starts_at", "ends_at", "started_at", "accepted_at", "closed_at")),
            Group(
                Text("责任", "People"),
                (
                    "responsible",
                    "guardian",
                    "applied_at",
                    "applied_by",
                    "decided_at",
                    "decided_by",
                    "decision_note",
                    "accepted_by",
                    "acceptance_note",
                ),
            ),
        ),
        related=(Related("gas_test", "work_id", Text("气体分析", "Gas tests")),),
        form=SpecialWorkForm,
        create=services.apply_for_work,
        actions=SPECIAL_WORK_WORKFLOW,
        handlers={
            "approve": services.approve_work,
            "refuse": services.refuse_work,
            "gas_test": services.record_gas_test,
            "start": services.start_work,
            "accept": services.accept_work,
            "close": services.close_work,
        },
    )


def _gas_tests() -> Resource:
    from anlan.domains.monitoring.commitments.models import GasTest

    return Resource(
        name="gas_test",
        plural="gas-tests",
        title=Text("气体分析", "Gas tests"),
        model=GasTest,
        out=GasTestOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-sampled_at", "id"),
        columns=(
            Column("sampled_at", Text("取样时间", "Sampled"), kind="time", width=170, sortable=True),
            Column("kind", Text("气体", "Gas"), kind="enum", enum=GasKind, width=110),
            Column("value", Text("数值", "Value"), kind="number", width=90),
            Column("unit", Text("单位", "Unit"), width=80),
            Column("tester", Text("分析人", "Tester"), width=110),
            Column("recorded_at", Text("登记时间", "Recorded"), kind="time", width=170),
            Column("recorded_by", Text("登记人", "Recorded by"), width=110),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("work_id", Text("作业票", "Permit"), kind="link", link="special_work"),
            Filter("kind", Text("气体", "Gas"), kind="enum", enum=GasKind),
            REGION_FILTER,
        ),
    )


def _discrepancies() -> Resource:
    from anlan.domains.monitoring.commitments.models import Discrepancy

    return Resource(
        name="discrepancy",
        plural="discrepancies",
        title=Text("核对问题", "Discrepancies"),
        model=Discrepancy,
        out=DiscrepancyOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-found_at", "id"),
        columns=(
            Column("kind", Text("类别", "Kind"), kind="enum", enum=DiscrepancyKind, width=170),
            Column("state", Text("状态", "State"), kind="enum", enum=DiscrepancyState, width=100),
            Column("zh", Text("问题", "What (Chinese)")),
            Column("en", Text("问题（英文）", "What")),
            ENTERPRISE,
            Column("day", Text("日期", "Day"), width=120, sortable=True),
            Column("found_at", Text("发现时间", "Found"), kind="time", width=170, sortable=True),
            Column("holds", Text("仍成立", "Still holds"), kind="bool", width=90),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("kind", Text("类别", "Kind"), kind="enum", enum=DiscrepancyKind),
            Filter("state", Text("状态", "State"), kind="enum", enum=DiscrepancyState),
            Filter("holds", Text("仍成立", "Still holds"), kind="bool"),
            REGION_FILTER,
            ENTERPRISE_FILTER,
            Filter("found_at", Text("发现时间", "Found"), kind="time"),
        ),
        search=("zh", "en", "enterprise_name"),
        detail_groups=(
            Group(
                Text("问题", "Discrepancy"),
                ("kind", "state", "zh", "en", "day", "found_at", "holds", "ceased_at"),
            ),
            Group(Text("依据", "Evidence"), ("sources_zh", "sources_en")),
            Group(Text("归属", "Belongs to"), ("enterprise_name", "region")),
            Group(
                Text("办理", "Handling"),
                ("explanation", "explained_at", "explained_by", "verdict", "settled_at", "settled_by"),
            ),
        ),
        actions=DISCREPANCY_WORKFLOW,
        handlers={
            "explain": services.explain_discrepancy,
            "reopen": services.reopen_discrepancy,
            "settle": services.settle_discrepancy,
        },
    )
