"""Monthly reports of alarms and their figures on the generic screens."""

from typing import Any

from ninja import Schema
from pydantic import Field

from anlan.domains.monitoring.alarms.resource.common import GROUP
from anlan.domains.monitoring.alarms.schemas import AlarmKpiOut, AlarmReportOut
from anlan.domains.monitoring.alarms.services import make_alarm_report
from anlan.domains.monitoring.alarms.states import READ, REPORT, Dimension
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC


class ReportForm(Schema):
    """Which month of which division is to be analysed."""

    month: str = labelled("月份（如 2026-11）", "Month, as 2026-11", pattern="^[0-9]{4}-[0-9]{2}$")
    region: str = labelled("行政区划", "Region", widget="region", pattern="^[0-9]{6}$")


class AlarmReportDetail(AlarmReportOut):
    """A report with its facts and its manifest."""

    facts: dict[str, Any] = Field(default_factory=dict)
    manifest: dict[str, Any] = Field(default_factory=dict)


def report_resource() -> Resource:
    """The resource ``alarm_report``."""
    from anlan.domains.monitoring.alarms.models import AlarmReport

    return Resource(
        name="alarm_report",
        plural="alarm-reports",
        title=Text("报警分析", "Reports on alarms"),
        model=AlarmReport,
        out=AlarmReportOut,
        detail=AlarmReportDetail,
        icon="file",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        write_permission=REPORT,
        form=ReportForm,
        create=make_alarm_report,
        order=("-month", "-serial", "id"),
        columns=(
            Column("number", Text("编号", "Number"), width=200),
            Column("title", Text("标题", "Title")),
            Column("month", Text("月份", "Month"), width=90, sortable=True),
            REGION,
            Column("made_at", Text("编制时间", "Made"), kind="time", width=170, sortable=True),
            Column("made_by", Text("编制人", "Made by"), width=120),
            Column("digest", Text("依据摘要", "Digest"), width=160),
            SYNTHETIC,
        ),
        filters=(REGION_FILTER, Filter("month", Text("月份", "Month"))),
        search=("number", "title"),
        detail_groups=(
            Group(Text("报告", "Report"), ("number", "title", "month", "region")),
            Group(Text("编制", "Made"), ("made_at", "made_by", "digest")),
        ),
        related=(Related("alarm_kpi", "report_id", Text("指标", "Figures")),),
    )


def kpi_resource() -> Resource:
    """The resource ``alarm_kpi``: the figures of reports, subject by subject."""
    from anlan.domains.monitoring.alarms.models import AlarmKpi

    return Resource(
        name="alarm_kpi",
        plural="alarm-kpis",
        title=Text("报警管理指标", "Key figures of alarms"),
        model=AlarmKpi,
        out=AlarmKpiOut,
        icon="chart",
        group=GROUP,
        read_permission=READ,
        order=("-month", "dimension", "-announced", "id"),
        columns=(
            Column("month", Text("月份", "Month"), width=90, sortable=True),
            Column(
                "dimension", Text("统计口径", "By"), kind="enum", enum=Dimension, width=100, sortable=True
            ),
            Column("name", Text("对象", "Subject")),
            Column("announced", Text("告知次数", "Announced"), kind="number", width=100, sortable=True),
            Column("quieted", Text("未告知次数", "Kept quiet"), kind="number", width=100, sortable=True),
            Column(
                "average_per_10_min",
                Text("平均/10 min", "Average per 10 min"),
                kind="number",
                width=110,
                sortable=True,
            ),
            Column(
                "peak_in_10_min",
                Text("峰值/10 min", "Peak in 10 min"),
                kind="number",
                width=110,
                sortable=True,
            ),
            Column(
                "flood_share",
                Text("报警潮占比", "Share in flood"),
                kind="number",
                unit="%",
                width=110,
                sortable=True,
            ),
            Column(
                "flood_minutes",
                Text("报警潮时长", "Time in flood"),
                kind="number",
                unit="min",
                width=110,
                sortable=True,
            ),
            Column("standing", Text("仍在报警", "Standing"), kind="number", width=90, sortable=True),
            Column("stale", Text("长期", "Stale"), kind="number", width=80, sortable=True),
            Column("chattering", Text("抖动", "Chattering"), kind="number", width=80, sortable=True),
            Column("fleeting", Text("瞬时", "Fleeting"), kind="number", width=80, sortable=True),
            Column(
                "first_level_share",
                Text("一级占比", "Level 1"),
                kind="number",
                unit="%",
                width=90,
                sortable=True,
            ),
            Column(
                "acknowledge_median_s",
                Text("确认用时中位数", "Median to acknowledge"),
                kind="number",
                unit="s",
                width=130,
                sortable=True,
            ),
            Column(
                "acknowledge_p90_s",
                Text("确认用时 90 % 分位", "90th percentile"),
                kind="number",
                unit="s",
                width=130,
                sortable=True,
            ),
            REGION,
        ),
        filters=(
            Filter("dimension", Text("统计口径", "By"), kind="enum", enum=Dimension),
            Filter("month", Text("月份", "Month")),
            Filter("report_id", Text("报告", "Report"), kind="link", link="alarm_report"),
            REGION_FILTER,
        ),
        search=("name",),
    )
