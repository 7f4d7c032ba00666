"""Connections, their signals and assessments on the generic screens."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from ninja import Schema

from anlan.domains.monitoring.access import permissions, services
from anlan.domains.monitoring.access.states import (
    ACCESS_WORKFLOW,
    APPLY,
    READ,
    AccessState,
    Family,
    Obligation,
)
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.clock import now
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION_FILTER, SORTED_REGION, SYNTHETIC

GROUP = Text("数据接入", "Access")


class ConnectionOut(Schema):
    """A connection as a row and as a detail."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    family: Family
    name: str
    contact: str = labelled("联系人", "Contact")
    state: AccessState
    applied_at: datetime
    verified_at: datetime | None = labelled("核验时间", "Verified")
    commissioned_from: datetime | None = labelled("联调开始", "Commissioning since")
    accepted_at: datetime | None = labelled("验收时间", "Accepted")
    withdrawn_at: datetime | None = labelled("退出时间", "Withdrawn")
    completeness_percent: float | None
    required_percent: float | None = labelled("要求完整率", "Completeness asked for", unit="%")
    measured_at: datetime | None = labelled("测定时间", "Measured")
    measured_hours: float | None = labelled("测定时长", "Measured over", unit="h")
    online_percent: float | None
    online_met: bool | None = labelled("在线率达标", "On line enough")
    note: str = labelled("最近说明", "Latest note")
    region: str
    zone: str | None = labelled("功能区", "Functional zone", widget="zone")
    synthetic: bool
    version: int


class ConnectionForm(Schema):
    """What an application needs."""

    enterprise_id: UUID = labelled("企业", "Enterprise", link="enterprise")
    family: Family = labelled("对象类别", "Family")
    name: str = labelled("名称", "Name", min_length=2, max_length=120)
    contact: str = labelled("联系人", "Contact", default="", max_length=80)


class SignalOut(Schema):
    """A signal that a connection owes."""

    id: UUID
    connection_id: UUID
    connection_name: str
    key: str
    zh: str
    en: str
    point_kind: PointKind
    unit: str
    obligation: Obligation
    point_id: UUID | None
    point_label: str
    completeness_percent: float | None
    region: str
    version: int

    @staticmethod
    def resolve_connection_name(row: object) -> str:
        """Which connection owes it."""
        return str(row.connection.name)  # type: ignore[attr-defined]


class SignalEdit(Schema):
    """The point that carries the signal."""

    point_id: UUID | None = labelled("监测点", "Point", default=None, link="point")


class SignalForm(Schema):
    """One more point for a signal."""

    signal_id: UUID = labelled("信号", "Signal", link="access_signal")
    point_id: UUID = labelled("监测点", "Point", link="point")


class AssessmentOut(Schema):
    """One month of one connection."""

    id: UUID
    connection_id: UUID
    connection_name: str
    enterprise_name: str
    month: date
    online_percent: float
    required_percent: float
    met: bool
    points: int
    table_version: int = labelled("参数表版本", "Version of the table")
    computed_at: datetime
    region: str

    @staticmethod
    def resolve_connection_name(row: object) -> str:
        """Which connection it is about."""
        return str(row.connection.name)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_enterprise_name(row: object) -> str:
        """Whose connection it is."""
        return str(row.connection.enterprise_name)  # type: ignore[attr-defined]


class AssessmentForm(Schema):
    """Which month of which connection is to be assessed."""

    connection_id: UUID = labelled("接入", "Connection", link="connection")
    month: date = labelled("月份（任一日）", "Month (any day of it)", default_factory=lambda: now().date())


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    for resource in (_connections(), _signals(), _assessments()):
        register(resource)


def _connections() -> Resource:
    from anlan.domains.monitoring.access.models import Connection

    return Resource(
        name="connection",
        plural="connections",
        title=Text("数据接入", "Connections"),
        model=Connection,
        out=ConnectionOut,
        icon="gateway",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=APPLY,
        order=("-applied_at", "id"),
        columns=(
            Column("family", Text("对象类别", "Family"), kind="enum", enum=Family, width=180, sortable=True),
            Column("name", Text("名称", "Name"), sortable=True),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            Column("state", Text("状态", "State"), kind="enum", enum=AccessState, width=130, sortable=True),
            Column(
                "completeness_percent",
                Text("联调完整率", "Completeness"),
                kind="number",
                unit="%",
                width=110,
                sortable=True,
            ),
            Column(
                "online_percent",
                Text("在线率（最近考核）", "On line (last month assessed)"),
                kind="number",
                unit="%",
                width=130,
                sortable=True,
            ),
            SORTED_REGION,
            Column("applied_at", Text("申请时间", "Applied"), kind="time", width=170, sortable=True),
            SYNTHETIC,
        ),
        filters=(
            Filter("state", Text("状态", "State"), kind="enum", enum=AccessState),
            Filter("family", Text("对象类别", "Family"), kind="enum", enum=Family),
            REGION_FILTER,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
        ),
        search=("name", "enterprise_name"),
        detail_groups=(
            Group(
                Text("接入", "Connection"), ("family", "name", "enterprise_name", "state", "contact", "note")
            ),
            Group(
                Text("过程", "Steps"),
                ("applied_at", "verified_at", "commissioned_from", "accepted_at", "withdrawn_at"),
            ),
            Group(
                Text("数据质量", "Quality"),
                (
                    "completeness_percent",
                    "required_percent",
                    "measured_at",
                    "measured_hours",
                    "online_percent",
                    "online_met",
                ),
            ),
        ),
        related=(
            Related("access_signal", "connection_id", Text("应接信号", "Signals")),
            Related("access_assessment", "connection_id", Text("在线率考核", "Time on line")),
        ),
        form=ConnectionForm,
        create=services.apply_for_connection,
        actions=ACCESS_WORKFLOW,
        handlers={
            "bind": services.match_points,
            "verify": services.verify_connection,
            "send_back": services.send_back_connection,
            "reapply": services.reapply_connection,
            "commission": services.begin_commissioning,
            "measure": services.measure_completeness,
            "accept": services.accept_connection,
            "apply_rules": services.apply_family_rules,
            "change": services.change_connection,
            "withdraw": services.withdraw_connection,
        },
    )


def _signals() -> Resource:
    from anlan.domains.monitoring.access.models import Signal

    def rows() -> "QuerySet[Signal]":
        return Signal.objects.select_related("connection")

    return Resource(
        name="access_signal",
        plural="access-signals",
        title=Text("应接信号", "Signals of connections"),
        model=Signal,
        queryset=rows,
        out=SignalOut,
        icon="point",
        group=GROUP,
        read_permission=READ,
        write_permission=APPLY,
        order=("connection__name", "key", "id"),
        columns=(
            Column("zh", Text("信号", "Signal (Chinese)"), sortable=True),
            Column("en", Text("英文名称", "Signal")),
            Column("obligation", Text("要求", "Obligation"), kind="enum", enum=Obligation, width=90),
            Column("point_kind", Text("测量类型", "Kind"), kind="enum", enum=PointKind, width=110),
            Column("unit", Text("单位", "Unit"), width=80),
            Column("point_label", Text("监测点", "Point"), kind="link", link="point", link_id="point_id"),
            Column(
                "completeness_percent", Text("完整率", "Completeness"), kind="number", unit="%", width=100
            ),
            Column(
                "connection_name",
                Text("接入", "Connection"),
                kind="link",
                link="connection",
                link_id="connection_id",
            ),
            SORTED_REGION,
        ),
        filters=(
            Filter("connection_id", Text("接入", "Connection"), kind="link", link="connection"),
            Filter("obligation", Text("要求", "Obligation"), kind="enum", enum=Obligation),
            REGION_FILTER,
        ),
        search=("zh", "en", "point_label", "connection__name"),
        form=SignalForm,
        edit_form=SignalEdit,
        create=services.add_signal,
        update=services.set_point,
    )


def _assessments() -> Resource:
    from anlan.domains.monitoring.access.models import Assessment

    def rows() -> "QuerySet[Assessment]":
        return Assessment.objects.select_related("connection")

    return Resource(
        name="access_assessment",
        plural="access-assessments",
        title=Text("在线率考核", "Time on line"),
        model=Assessment,
        queryset=rows,
        out=AssessmentOut,
        icon="table",
        group=GROUP,
        read_permission=READ,
        write_permission=permissions.ASSESS,
        order=("-month", "online_percent", "id"),
        columns=(
            Column("month", Text("月份", "Month"), width=110, sortable=True),
            Column(
                "connection_name",
                Text("接入", "Connection"),
                kind="link",
                link="connection",
                link_id="connection_id",
            ),
            Column("enterprise_name", Text("企业", "Enterprise")),
            Column(
                "online_percent", Text("在线率", "On line"), kind="number", unit="%", width=100, sortable=True
            ),
            Column("required_percent", Text("要求", "Asked for"), kind="number", unit="%", width=90),
            Column("met", Text("达标", "Met"), kind="bool", width=80),
            Column("points", Text("点位数", "Points"), kind="number", width=80),
            Column("computed_at", Text("计算时间", "Computed"), kind="time", width=170),
            SORTED_REGION,
        ),
        filters=(
            Filter("connection_id", Text("接入", "Connection"), kind="link", link="connection"),
            Filter("met", Text("达标", "Met"), kind="bool"),
            REGION_FILTER,
        ),
        search=("connection__name", "connection__enterprise_name"),
        form=AssessmentForm,
        create=services.assess_month,
    )
