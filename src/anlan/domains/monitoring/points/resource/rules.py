"""Rules of every kind on the generic screens, beside the short form of the four limits."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.resource.limits import LimitOut
from anlan.domains.monitoring.points.services import create_rule, update_limit
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


class RuleOut(LimitOut):
    """A rule as a row: figures in ``unit`` (a rate's: in it per minute), times in seconds."""

    name: str
    silent: bool
    template: str
    overridden: list[str]


class RuleDetail(RuleOut):
    """A rule with all its figures, and where they came from."""

    window_s: float = labelled("时间窗", "Window", unit="s")
    reference_id: UUID | None = labelled("参照监测点", "Reference", link="point")
    needed: int | None = labelled("至少个数", "At least")
    repeat_count: int = labelled("次数", "Repeats")
    repeat_window_s: float = labelled("次数时间窗", "Repeats within", unit="s")
    calendar: str = labelled("周历", "Weekly calendar")
    valid_from: datetime | None = labelled("生效时间", "From")
    valid_until: datetime | None = labelled("失效时间", "Until")
    since: datetime | None = labelled("本版起始", "This version since")
    members: list[UUID]
    template_version: int | None = labelled("模板版本", "Version of the template")
    template_certainty: str


class RuleFigures(Schema):
    """The figures of a rule."""

    name: str = labelled("名称", "Name", default="", max_length=120)
    threshold: float | None = labelled(
        "限值",
        "Threshold",
        default=None,
        help=Text(
            "升降速率按每分钟填写；冻结填允许波动；数据中断、量程和组合不填",
            "Rates per minute; for frozen values the spread allowed; none for no-data, range and combinations",
        ),
    )
    deadband: float = labelled("回差", "Dead-band", default=0.0, ge=0)
    on_delay_s: float = labelled("报警延时", "On-delay", default=0.0, unit="s", ge=0)
    off_delay_s: float = labelled("恢复延时", "Off-delay", default=0.0, unit="s", ge=0)
    window_s: float = labelled("时间窗", "Window", default=0.0, unit="s", ge=0)
    reference_id: UUID | None = labelled("参照监测点", "Reference", default=None, link="point")
    needed: int | None = labelled(
        "至少个数",
        "At least",
        default=None,
        ge=1,
        help=Text(
            "组合：几条成立即报警，留空为全部；冻结：读数个数",
            "Members that must hold, all when empty; readings",
        ),
    )
    repeat_count: int = labelled("次数", "Repeats", default=1, ge=1)
    repeat_window_s: float = labelled("次数时间窗", "Repeats within", default=0.0, unit="s", ge=0)
    calendar: str = labelled(
        "周历",
        "Weekly calendar",
        default="",
        max_length=200,
        help=Text("如 1-5 08:00-20:00; 6 08:00-12:00，留空为始终", "Like 1-5 08:00-20:00; always when empty"),
    )
    valid_from: datetime | None = labelled("生效时间", "From", default=None)
    valid_until: datetime | None = labelled("失效时间", "Until", default=None)
    note: str = labelled("依据", "Basis", default="", max_length=300)


class RuleChange(RuleFigures):
    """What may be changed later."""

    level: AlarmLevel = labelled("报警级别", "Level")
    enabled: bool = labelled("启用", "In force", default=True)


class RuleForm(RuleFigures):
    """What a new rule needs."""

    point_id: UUID = labelled("监测点", "Point", link="point")
    kind: Condition = labelled("类型", "Condition")
    level: AlarmLevel | None = labelled("报警级别", "Level", default=None)
    silent: bool = labelled("仅作组合成员", "Member only", default=False)


def rule_resource() -> Resource:
    """The resource ``rule``."""
    from anlan.domains.monitoring.points.models import Limit

    return Resource(
        name="rule",
        plural="rules",
        title=Text("报警规则", "Alarm rules"),
        model=Limit,
        out=RuleOut,
        detail=RuleDetail,
        icon="limit",
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.LIMITS_WRITE,
        order=("point_label", "number"),
        columns=(
            Column("point_label", Text("监测点", "Point"), kind="link", link="point", link_id="point_id"),
            Column("kind", Text("类型", "Condition"), kind="enum", enum=Condition, width=110),
            Column("name", Text("名称", "Name"), width=140),
            Column("threshold", Text("限值", "Threshold"), kind="number", width=110, sortable=True),
            Column("unit", Text("单位", "Unit"), width=80),
            Column("level", Text("报警级别", "Level"), kind="level", enum=AlarmLevel, width=110),
            Column("silent", Text("仅作组合成员", "Member only"), kind="bool", width=110),
            Column("enabled", Text("启用", "In force"), kind="bool", width=80),
            Column("template", Text("模板", "Template"), width=140),
            Column("note", Text("依据", "Basis")),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("point_id", Text("监测点", "Point"), kind="link", link="point"),
            Filter("kind", Text("类型", "Condition"), kind="enum", enum=Condition),
            Filter("level", Text("报警级别", "Level"), kind="enum", enum=AlarmLevel),
            Filter("enabled", Text("启用", "In force"), kind="bool"),
            REGION_FILTER,
        ),
        search=("point_label", "name", "note"),
        form=RuleForm,
        edit_form=RuleChange,
        create=create_rule,
        update=update_limit,
    )
