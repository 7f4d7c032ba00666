"""Limits on the generic screens."""

from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.points import permissions
from anlan.domains.monitoring.points.services import create_limit, update_limit
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


class LimitOut(Schema):
    """A limit as a row; figures in ``unit``, delays in seconds."""

    id: UUID
    point_id: UUID
    point_label: str
    kind: Condition
    threshold: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    unit: str
    level: AlarmLevel
    enabled: bool
    note: str
    region: str
    zone: str | None
    synthetic: bool
    version: int


class LimitFigures(Schema):
    """The figures of a limit."""

    threshold: float | None = labelled(
        "限值",
        "Threshold",
        default=None,
        help=Text("以监测点的计量单位填写；数据中断不填", "In the point's unit; none for no-data"),
    )
    deadband: float = labelled("回差", "Dead-band", default=0.0, ge=0)
    on_delay_s: float = labelled(
        "报警延时",
        "On-delay",
        default=0.0,
        unit="s",
        ge=0,
        help=Text("数据中断填允许的中断时长", "For no-data: the silence allowed"),
    )
    off_delay_s: float = labelled("恢复延时", "Off-delay", default=0.0, unit="s", ge=0)
    note: str = labelled("依据", "Basis", default="", max_length=300)


class LimitChange(LimitFigures):
    """What may be changed later."""

    level: AlarmLevel = labelled("报警级别", "Level")
    enabled: bool = labelled("启用", "In force", default=True)


class LimitForm(LimitFigures):
    """What a new limit needs."""

    point_id: UUID = labelled("监测点", "Point", link="point")
    kind: Condition = labelled("类型", "Condition")
    level: AlarmLevel | None = labelled("报警级别", "Level", default=None)


def limit_resource() -> Resource:
    """The resource ``limit``."""
    from anlan.domains.monitoring.points.models import Limit

    return Resource(
        name="limit",
        plural="limits",
        title=Text("报警限值", "Limits"),
        model=Limit,
        out=LimitOut,
        icon="limit",
        synthetic="synthetic",
        read_permission=permissions.READ,
        write_permission=permissions.LIMITS_WRITE,
        order=("point_label", "number"),
        columns=(
            Column("point_label", Text("监测点", "Point"), kind="link", link="point", link_id="point_id"),
            Column("kind", Text("类型", "Condition"), kind="enum", enum=Condition, width=110),
            Column("threshold", Text("限值", "Threshold"), kind="number", width=110, sortable=True),
            Column("unit", Text("单位", "Unit"), width=80),
            Column("level", Text("报警级别", "Level"), kind="level", enum=AlarmLevel, width=110),
            Column("deadband", Text("回差", "Dead-band"), kind="number", width=90),
            Column("on_delay_s", Text("报警延时", "On-delay"), kind="number", unit="s", width=100),
            Column("off_delay_s", Text("恢复延时", "Off-delay"), kind="number", unit="s", width=100),
            Column("enabled", Text("启用", "In force"), kind="bool", width=80),
            Column("note", Text("依据", "Basis")),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("point_id", Text("监测点", "Point"), kind="link", link="point"),
            Filter(
                "enterprise_id",
                Text("企业", "Enterprise"),
                kind="link",
                path="point__enterprise_id",
                link="enterprise",
            ),
            Filter("kind", Text("类型", "Condition"), kind="enum", enum=Condition),
            Filter("level", Text("报警级别", "Level"), kind="enum", enum=AlarmLevel),
            Filter("enabled", Text("启用", "In force"), kind="bool"),
            REGION_FILTER,
        ),
        search=("point_label", "note"),
        form=LimitForm,
        edit_form=LimitChange,
        create=create_limit,
        update=update_limit,
    )
