"""Kinds and grades of special work (GB 30871-2022), and the lives of a permit and of a discrepancy."""

from datetime import datetime

from ninja import Schema

from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "commitments.read"
COMMIT = "commitments.submit"
WORK_APPLY = "special_work.apply"
WORK_APPROVE = "special_work.approve"
CHECK = "commitments.check"
EXPLAIN = "discrepancies.explain"
SETTLE = "discrepancies.settle"


class WorkKind(LabelledEnum):
    """The eight kinds of special work of GB 30871-2022."""

    HOT_WORK = "hot_work", "动火作业", "Hot work"
    CONFINED_SPACE = "confined_space", "受限空间作业", "Confined space entry"
    BLIND_PLATE = "blind_plate", "盲板抽堵作业", "Blind plate work"
    HEIGHT = "height", "高处作业", "Work at height"
    LIFTING = "lifting", "吊装作业", "Lifting"
    TEMPORARY_POWER = "temporary_power", "临时用电作业", "Temporary power"
    EXCAVATION = "excavation", "动土作业", "Excavation"
    ROAD_CLOSURE = "road_closure", "断路作业", "Road closure"


class WorkGrade(LabelledEnum):
    """The grade of a piece of special work; which ones a kind has stands in the table of its rules."""

    SPECIAL = "special", "特级", "Special grade"
    FIRST = "first", "一级", "Grade 1"
    SECOND = "second", "二级", "Grade 2"
    THIRD = "third", "三级", "Grade 3"
    FOURTH = "fourth", "四级", "Grade 4"
    UNGRADED = "ungraded", "不分级", "Not graded"


class WorkState(LabelledEnum):
    """Where a permit stands."""

    APPLIED = "applied", "待审批", "Applied for"
    APPROVED = "approved", "已批准", "Approved"
    WORKING = "working", "作业中", "Under way"
    ACCEPTED = "accepted", "已验收", "Accepted"
    CLOSED = "closed", "已关闭", "Closed"
    REFUSED = "refused", "未批准", "Refused"


GRANTED_STATES = (WorkState.APPROVED, WorkState.WORKING, WorkState.ACCEPTED, WorkState.CLOSED)


class GasKind(LabelledEnum):
    """What a gas test measured."""

    FLAMMABLE = "flammable", "可燃气体", "Flammable gas"
    TOXIC = "toxic", "有毒气体", "Toxic gas"
    OXYGEN = "oxygen", "氧含量", "Oxygen"


class DiscrepancyKind(LabelledEnum):
    """Where two sources do not agree, or should not stand beside each other."""

    PROMISE_BELOW_PERMITS = "below_permits", "承诺少于作业票", "Promise below permits"
    PROMISE_ABOVE_PERMITS = "above_permits", "承诺作业无作业票", "Promised work without permits"
    WORK_WITHOUT_PROMISE = "no_promise", "有作业无承诺", "Work without a promise"
    EXPIRED_NOT_ACCEPTED = "expired", "作业票超期未验收", "Permit expired, not accepted"
    OVERLAPPING_WORK = "overlapping", "交叉作业", "Overlapping work"
    HOT_WORK_IN_GAS_ALARM = "gas_alarm", "可燃气体报警时动火", "Hot work during a gas alarm"


class DiscrepancyState(LabelledEnum):
    """Where a discrepancy stands with people; none is settled but by one."""

    OPEN = "open", "待说明", "Waits for an explanation"
    EXPLAINED = "explained", "待核销", "Waits to be settled"
    SETTLED = "settled", "已核销", "Settled"


class WorkRemark(Schema):
    """A remark that may be left out."""

    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class WorkReason(Schema):
    """A step that needs a reason."""

    note: str = labelled("说明", "Reason", min_length=2, max_length=500, widget="textarea")


class GasTestForm(Schema):
    """One value of a gas test at the place of work."""

    kind: GasKind = labelled("气体", "Gas")
    value: float = labelled("数值", "Value", ge=0, le=1e6)
    unit: str = labelled("单位", "Unit", min_length=1, max_length=16)
    sampled_at: datetime = labelled("取样时间", "Sampled at")
    tester: str = labelled("分析人", "Tester", min_length=1, max_length=80)


SPECIAL_WORK_WORKFLOW = Workflow(
    WorkState,
    (
        Transition(
            event="approve",
            source=frozenset({WorkState.APPLIED}),
            target=WorkState.APPROVED,
            label=Text("批准", "Approve"),
            permission=WORK_APPROVE,
            form=WorkRemark,
        ),
        Transition(
            event="refuse",
            source=frozenset({WorkState.APPLIED}),
            target=WorkState.REFUSED,
            label=Text("不予批准", "Refuse"),
            permission=WORK_APPROVE,
            form=WorkReason,
        ),
        Transition(
            event="gas_test",
            source=frozenset({WorkState.APPLIED, WorkState.APPROVED, WorkState.WORKING}),
            target=None,
            label=Text("登记气体分析", "Record a gas test"),
            permission=WORK_APPLY,
            form=GasTestForm,
        ),
        Transition(
            event="start",
            source=frozenset({WorkState.APPROVED}),
            target=WorkState.WORKING,
            label=Text("开工", "Begin"),
            permission=WORK_APPLY,
        ),
        Transition(
            event="accept",
            source=frozenset({WorkState.WORKING}),
            target=WorkState.ACCEPTED,
            label=Text("完工验收", "Accept"),
            permission=WORK_APPROVE,
            form=WorkRemark,
        ),
        Transition(
            event="close",
            source=frozenset({WorkState.ACCEPTED}),
            target=WorkState.CLOSED,
            label=Text("关闭", "Close"),
            permission=WORK_APPROVE,
        ),
    ),
)

DISCREPANCY_WORKFLOW = Workflow(
    DiscrepancyState,
    (
        Transition(
            event="explain",
            source=frozenset({DiscrepancyState.OPEN}),
            target=DiscrepancyState.EXPLAINED,
            label=Text("说明原因", "Explain"),
            permission=EXPLAIN,
            form=WorkReason,
        ),
        Transition(
            event="reopen",
            source=frozenset({DiscrepancyState.EXPLAINED}),
            target=DiscrepancyState.OPEN,
            label=Text("退回重新说明", "Ask again"),
            permission=SETTLE,
            form=WorkReason,
        ),
        Transition(
            event="settle",
            source=frozenset({DiscrepancyState.EXPLAINED}),
            target=DiscrepancyState.SETTLED,
            label=Text("核销", "Settle"),
            permission=SETTLE,
            form=WorkReason,
        ),
    ),
)
