"""The life of a connection: 申请 → 点位核验 → 联调 → 验收 → 在线率考核 → 变更、退出, as a table."""

from typing import Protocol

from ninja import Schema

from anlan.kernel.errors import Conflict, Problem
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "access.read"
APPLY = "access.apply"
REVIEW = "access.review"


class Family(LabelledEnum):
    """The plan's families of objects whose data is to be connected (column 1-5), and the tailings ponds beside them.

    What each family measures and by which limits stands in the tables ``s11_signals`` and ``s11_rules``.
    """

    AMMONIUM_NITRATE = "ammonium_nitrate", "硝酸铵仓库", "Ammonium nitrate warehouse"
    CHLORATE = "chlorate", "氯酸钾、氯酸钠仓库", "Chlorate warehouse"
    NITROCELLULOSE = "nitrocellulose", "硝化棉仓库", "Nitrocellulose warehouse"
    LOADING = "loading", "装卸站台", "Loading station"
    DUST_DRY = "dust_dry", "粉尘涉爆（干式除尘）", "Combustible dust, dry collector"
    DUST_WET = "dust_wet", "粉尘涉爆（湿式除尘）", "Combustible dust, wet collector"
    UNDERGROUND_MINE = "underground_mine", "地下矿山", "Underground mine"
    PIT_SLOPE = "pit_slope", "露天矿山边坡", "Open-pit slope"
    TAILINGS = "tailings", "尾矿库", "Tailings pond"


class Obligation(LabelledEnum):
    """Whether a signal must be connected."""

    REQUIRED = "required", "必接", "Required"
    RECOMMENDED = "recommended", "宜接", "Recommended"


class AccessState(LabelledEnum):
    """Where a connection stands."""

    APPLIED = "applied", "已申请", "Applied for"
    RETURNED = "returned", "已退回", "Sent back"
    VERIFIED = "verified", "点位已核验", "Points verified"
    COMMISSIONING = "commissioning", "联调中", "Being commissioned"
    ACCEPTED = "accepted", "已验收", "Accepted"
    WITHDRAWN = "withdrawn", "已退出", "Withdrawn"


class NoteForm(Schema):
    """Words for the record."""

    note: str = labelled("说明", "Note", default="", max_length=500, widget="textarea")


class ReasonForm(Schema):
    """Words without which it cannot be done."""

    note: str = labelled("原因", "Reason", min_length=2, max_length=500, widget="textarea")


class Acceptable(Protocol):
    """What acceptance looks at: the share of expected readings, in per cent, and the share that is asked for."""

    completeness_percent: float | None
    required_percent: float | None


def may_accept(connection: Acceptable) -> Problem | None:
    """验收 waits for a measured completeness that reaches what the table asks for."""
    measured, required = connection.completeness_percent, connection.required_percent
    if measured is None or required is None:
        return Conflict(
            Text("尚未测得联调完整率", "The completeness has not been measured yet"),
            next_step=Text(
                "联调满规定时长后点击“测完整率”", "Measure it once commissioning has lasted long enough"
            ),
        )
    if measured < required:
        return Conflict(
            Text(
                f"数据完整率 {measured:.1f} % 低于 {required:g} %",
                f"A completeness of {measured:.1f} % is below {required:g} %",
            ),
            next_step=Text(
                "排除断点后重新联调并测完整率", "Mend the gaps, commission again and measure once more"
            ),
            facts={"completeness_percent": measured, "required_percent": required},
        )
    return None


_OPEN = frozenset({AccessState.APPLIED, AccessState.VERIFIED, AccessState.COMMISSIONING})

ACCESS_WORKFLOW = Workflow(
    AccessState,
    (
        Transition(
            event="bind",
            source=frozenset({AccessState.APPLIED, AccessState.RETURNED}),
            target=None,
            label=Text("自动匹配点位", "Match points"),
            permission=APPLY,
        ),
        Transition(
            event="verify",
            source=frozenset({AccessState.APPLIED}),
            target=AccessState.VERIFIED,
            label=Text("点位核验通过", "Verify the points"),
            permission=REVIEW,
            form=NoteForm,
        ),
        Transition(
            event="send_back",
            source=_OPEN,
            target=AccessState.RETURNED,
            label=Text("退回", "Send back"),
            permission=REVIEW,
            form=ReasonForm,
        ),
        Transition(
            event="reapply",
            source=frozenset({AccessState.RETURNED}),
            target=AccessState.APPLIED,
            label=Text("重新申请", "Apply again"),
            permission=APPLY,
            form=NoteForm,
        ),
        Transition(
            event="commission",
            source=frozenset({AccessState.VERIFIED, AccessState.COMMISSIONING}),
            target=AccessState.COMMISSIONING,
            label=Text("开始联调", "Begin commissioning"),
            permission=REVIEW,
        ),
        Transition(
            event="measure",
            source=frozenset({AccessState.COMMISSIONING}),
            target=None,
            label=Text("测完整率", "Measure completeness"),
            permission=REVIEW,
        ),
        Transition(
            event="accept",
            source=frozenset({AccessState.COMMISSIONING}),
            target=AccessState.ACCEPTED,
            label=Text("验收", "Accept"),
            permission=REVIEW,
            guard=may_accept,
            form=NoteForm,
            confirm=Text(
                "确定验收？验收后进入在线率考核。", "Accept? Its time on line is assessed from now on."
            ),
        ),
        Transition(
            event="apply_rules",
            source=frozenset({AccessState.VERIFIED, AccessState.COMMISSIONING, AccessState.ACCEPTED}),
            target=None,
            label=Text("套用族类限值", "Set the family's limits"),
            permission=REVIEW,
        ),
        Transition(
            event="change",
            source=frozenset({AccessState.ACCEPTED}),
            target=AccessState.APPLIED,
            label=Text("变更", "Change"),
            permission=APPLY,
            form=ReasonForm,
        ),
        Transition(
            event="withdraw",
            source=frozenset(AccessState) - {AccessState.WITHDRAWN},
            target=AccessState.WITHDRAWN,
            label=Text("退出", "Withdraw"),
            permission=REVIEW,
            form=ReasonForm,
            confirm=Text("确定退出？", "Withdraw this connection?"),
        ),
    ),
)
