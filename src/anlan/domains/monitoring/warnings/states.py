"""The lives of a warning and of a circular, as tables."""

from ninja import Schema

from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "warnings.read"
GENERATE = "warnings.generate"
JUDGE = "warnings.judge"
ANSWER = "warnings.answer"
ISSUE = "circulars.issue"
HEAR_ENTERPRISE = "warnings.hear_enterprise"
HEAR_LOCAL = "warnings.hear_local"
HEAR_REGION = "warnings.hear_region"
DUTY = "warnings.duty"


class WarningSource(LabelledEnum):
    """What a warning came from."""

    RISK = "risk", "风险研判", "Risk index"
    ALARM = "alarm", "报警转预警", "From an alarm"
    CROSS_CHECK = "cross_check", "作业与承诺核对", "Cross-check of work and commitments"
    STRUCTURE = "structure", "边坡与尾矿库研判", "Judgement of a slope or pond"


class EvidenceKind(LabelledEnum):
    """What a piece of evidence is."""

    ALARM = "alarm", "报警", "Alarm"
    READING = "reading", "监测数据", "Reading"
    SCORE = "score", "风险分值", "Risk score"
    RULE = "rule", "判定规则", "Rule"
    HAZARD = "hazard", "重大危险源", "Major hazard"
    WORK = "special_work", "特殊作业", "Special work"
    COMMITMENT = "commitment", "安全承诺", "Safety commitment"
    WEATHER = "weather", "气象", "Weather"
    MANAGEMENT = "management", "管理情况", "Management"
    STATEMENT = "statement", "人工说明", "Statement"


class Reach(LabelledEnum):
    """How far up a warning has been pushed (企业 → 园区/县 → 市 → 省)."""

    ENTERPRISE = "enterprise", "企业", "Enterprise"
    COUNTY = "county", "园区/县", "Park or county"
    CITY = "city", "市", "City"
    REGION = "region", "自治区", "Region"


class WarningState(LabelledEnum):
    """Where a warning stands."""

    GENERATED = "generated", "待推送", "Not pushed yet"
    PUSHED = "pushed", "待签收", "Waits for sign-off"
    SIGNED = "signed", "待反馈", "Waits for feedback"
    FED_BACK = "fed_back", "待核查", "Waits for verification"
    VERIFIED = "verified", "已核查", "Verified"
    CLOSED = "closed", "已销警", "Closed"
    HANDED_OVER = "handed_over", "已转执法", "Handed over to enforcement"
    ARCHIVED = "archived", "已归档", "Archived"


OPEN_STATES = (
    WarningState.GENERATED,
    WarningState.PUSHED,
    WarningState.SIGNED,
    WarningState.FED_BACK,
    WarningState.VERIFIED,
)
NOT_FED_BACK = (WarningState.PUSHED, WarningState.SIGNED)


class WarningEntryKind(LabelledEnum):
    """What an entry of a warning's time line tells."""

    GENERATED = "generated", "生成预警", "Generated"
    RAISED = "raised", "预警升级", "Level raised"
    PUSHED = "pushed", "推送", "Pushed"
    DUTY = "duty", "通报值班", "Duty told"
    SIGNED = "signed", "签收", "Signed for"
    FED_BACK = "fed_back", "反馈", "Feedback"
    SENT_BACK = "sent_back", "退回重新反馈", "Sent back"
    VERIFIED = "verified", "核查", "Verified"
    ESCALATED = "escalated", "超时升级", "Escalated"
    CLOSED = "closed", "销警", "Closed"
    HANDED_OVER = "handed_over", "转执法", "Handed over to enforcement"
    ARCHIVED = "archived", "归档", "Archived"
    NOTE = "note", "记录", "Note"


class CircularState(LabelledEnum):
    """Where a circular stands with one addressee."""

    ISSUED = "issued", "待签收", "Waits for sign-off"
    SIGNED = "signed", "待反馈", "Waits for feedback"
    FED_BACK = "fed_back", "已反馈", "Fed back"
    CLOSED = "closed", "已办结", "Closed"


CIRCULAR_NOT_FED_BACK = (CircularState.ISSUED, CircularState.SIGNED)


class WarnForm(Schema):
    """What making a warning from an alarm or a discrepancy needs."""

    level: WarningLevel = labelled("预警级别", "Warning level")
    note: str = labelled("研判依据", "Why", min_length=2, max_length=500, widget="textarea")


class WarningRemark(Schema):
    """A remark that may be left out."""

    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class WarningReason(Schema):
    """A step that needs a reason."""

    note: str = labelled("说明", "Reason", min_length=2, max_length=1000, widget="textarea")


class WarningFeedback(Schema):
    """What a feedback says."""

    measures: str = labelled(
        "核实情况与处置措施", "What was found and done", min_length=2, max_length=1000, widget="textarea"
    )


class WarningHandOver(Schema):
    """To whom a warning is handed over, and why."""

    office: str = labelled("接收执法机构", "Enforcement body", min_length=2, max_length=120)
    note: str = labelled("移交事由", "Why", min_length=2, max_length=1000, widget="textarea")


WARNING_WORKFLOW = Workflow(
    WarningState,
    (
        Transition(
            event="push",
            source=frozenset({WarningState.GENERATED}),
            target=WarningState.PUSHED,
            label=Text("推送", "Push"),
            permission=JUDGE,
            form=WarningRemark,
        ),
        Transition(
            event="dismiss",
            source=frozenset({WarningState.GENERATED}),
            target=WarningState.CLOSED,
            label=Text("研判不成立", "Dismiss"),
            permission=JUDGE,
            form=WarningReason,
            confirm=Text("确定该预警不成立？", "Dismiss this warning?"),
        ),
        Transition(
            event="sign",
            source=frozenset({WarningState.PUSHED}),
            target=WarningState.SIGNED,
            label=Text("签收", "Sign for it"),
            permission=ANSWER,
            form=WarningRemark,
        ),
        Transition(
            event="feed_back",
            source=frozenset({WarningState.SIGNED}),
            target=WarningState.FED_BACK,
            label=Text("反馈", "Give feedback"),
            permission=ANSWER,
            form=WarningFeedback,
        ),
        Transition(
            event="verify",
            source=frozenset({WarningState.FED_BACK}),
            target=WarningState.VERIFIED,
            label=Text("核查通过", "Verify"),
            permission=JUDGE,
            form=WarningReason,
        ),
        Transition(
            event="send_back",
            source=frozenset({WarningState.FED_BACK}),
            target=WarningState.SIGNED,
            label=Text("退回重新反馈", "Send back"),
            permission=JUDGE,
            form=WarningReason,
        ),
        Transition(
            event="close",
            source=frozenset({WarningState.VERIFIED}),
            target=WarningState.CLOSED,
            label=Text("销警", "Close"),
            permission=JUDGE,
            form=WarningRemark,
            confirm=Text("确定销警？销警后不能恢复。", "Close this warning? It stays closed."),
        ),
        Transition(
            event="hand_over",
            source=frozenset({WarningState.VERIFIED}),
            target=WarningState.HANDED_OVER,
            label=Text("转执法", "Hand over to enforcement"),
            permission=JUDGE,
            form=WarningHandOver,
            confirm=Text("确定移交执法？", "Hand this over to enforcement?"),
        ),
        Transition(
            event="archive",
            source=frozenset({WarningState.CLOSED, WarningState.HANDED_OVER}),
            target=WarningState.ARCHIVED,
            label=Text("归档", "Archive"),
            permission=JUDGE,
            form=WarningRemark,
        ),
        Transition(
            event="note",
            source=frozenset(OPEN_STATES),
            target=None,
            label=Text("追加记录", "Add a note"),
            permission=ANSWER,
            form=WarningReason,
        ),
    ),
)

CIRCULAR_WORKFLOW = Workflow(
    CircularState,
    (
        Transition(
            event="sign",
            source=frozenset({CircularState.ISSUED}),
            target=CircularState.SIGNED,
            label=Text("签收", "Sign for it"),
            permission=ANSWER,
        ),
        Transition(
            event="feed_back",
            source=frozenset({CircularState.SIGNED}),
            target=CircularState.FED_BACK,
            label=Text("反馈", "Give feedback"),
            permission=ANSWER,
            form=WarningFeedback,
        ),
        Transition(
            event="send_back",
            source=frozenset({CircularState.FED_BACK}),
            target=CircularState.SIGNED,
            label=Text("退回重新反馈", "Send back"),
            permission=ISSUE,
            form=WarningReason,
        ),
        Transition(
            event="close",
            source=frozenset({CircularState.FED_BACK}),
            target=CircularState.CLOSED,
            label=Text("办结", "Close"),
            permission=ISSUE,
        ),
    ),
)

_GRAVITY = {level: place for place, level in enumerate(reversed(WarningLevel))}


def graver(one: WarningLevel, other: WarningLevel) -> bool:
    """Whether *one* stands above *other*.

    >>> graver(WarningLevel.RED, WarningLevel.ORANGE), graver(WarningLevel.BLUE, WarningLevel.BLUE)
    (True, False)
    """
    return _GRAVITY[one] > _GRAVITY[other]


def farther(one: Reach, other: Reach) -> Reach:
    """The higher of two reaches.

    >>> str(farther(Reach.CITY, Reach.COUNTY))
    'city'
    """
    return max(one, other, key=list(Reach).index)


def one_up(reach: Reach) -> Reach:
    """The next reach upwards; the region has nothing above it.

    >>> str(one_up(Reach.ENTERPRISE)), str(one_up(Reach.REGION))
    ('county', 'region')
    """
    ladder = list(Reach)
    return ladder[min(ladder.index(reach) + 1, len(ladder) - 1)]
