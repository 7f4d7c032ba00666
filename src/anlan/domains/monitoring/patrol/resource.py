"""Bulletins and their lines on the generic screens."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from anlan.domains.monitoring.patrol import permissions, services
from anlan.domains.monitoring.patrol.states import BULLETIN_WORKFLOW, READ, BulletinState, VideoState
from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC

GROUP = Text("线上巡查", "Online patrol")
COUNTS = (
    Column("unresolved", Text("24 h 未销警指标", "Points with open alarms (24 h)"), kind="number", width=110),
    Column("longest_h", Text("最长未销警", "Longest open"), kind="number", unit="h", width=100),
    Column("warnings_open", Text("预警未销警", "Warnings not closed"), kind="number", width=100),
    Column("warnings_waiting", Text("预警未反馈", "Warnings not fed back"), kind="number", width=100),
    Column("circulars_waiting", Text("通报未反馈", "Circulars not fed back"), kind="number", width=100),
    Column("discrepancies", Text("核对问题", "Discrepancies"), kind="number", width=100),
)


class CountedOut(Schema):
    """The figures that places and enterprises share; rates in per cent, null where nothing could be counted."""

    id: UUID
    points: int
    online: int
    online_percent: float | None
    online_rank: int | None
    commitment_percent: float | None
    video: VideoState
    unresolved: int
    longest_h: float
    warnings_open: int
    warnings_waiting: int
    circulars_waiting: int
    discrepancies: int
    region: str
    zone: str | None
    synthetic: bool

    @staticmethod
    def resolve_online_percent(row: object) -> float | None:
        """Points heard of, in per cent."""
        return percent(row.online_rate)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_commitment_percent(row: object) -> float | None:
        """Commitments in time, in per cent."""
        return percent(row.commitment_rate)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_longest_h(row: object) -> float:
        """Hours, to a tenth."""
        return round(float(row.longest_h), 1)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_video(row: object) -> VideoState:
        """There is no number: video is not connected."""
        return VideoState.NOT_CONNECTED


class BulletinOut(CountedOut):
    """A bulletin as a row and as a detail."""

    day: date
    made_at: datetime
    made_by: str = labelled("形成", "Made by")
    state: BulletinState
    enterprises: int
    required: int = labelled("应承诺企业", "Commitments required")
    committed: int = labelled("按时承诺企业", "Commitments in time")
    commitment_rank: int | None
    run: UUID | None
    contact: str = labelled("联系人", "Contact")
    feedback: str = labelled("反馈内容", "Feedback")
    fed_back_at: datetime | None = labelled("反馈时间", "Fed back", default=None)
    fed_back_by: str = labelled("反馈人", "Feedback by")
    of_zone: bool
    version: int

    @staticmethod
    def resolve_of_zone(row: object) -> bool:
        """Whether it is of the functional zone in the county, which has a bulletin beside the county's."""
        return row.zone is not None  # type: ignore[attr-defined]


class BulletinLineOut(CountedOut):
    """An enterprise's line."""

    bulletin_id: UUID
    enterprise_id: UUID
    enterprise_name: str
    required: bool
    committed: bool


def percent(rate: float | None) -> float | None:
    """A rate in per cent, to a tenth.

    >>> percent(0.98765), percent(None)
    (98.8, None)
    """
    return None if rate is None else round(100.0 * rate, 1)


def register_all() -> None:
    """Declare permissions and resources."""
    permissions.register_all()
    register(_bulletins())
    register(_lines())


def _bulletins() -> Resource:
    from anlan.domains.monitoring.patrol.models import Bulletin

    return Resource(
        name="bulletin",
        plural="bulletins",
        title=Text("线上巡查通报", "Patrol bulletins"),
        model=Bulletin,
        out=BulletinOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-day", "online_rank", "region", "id"),
        columns=(
            Column("day", Text("日期", "Day"), width=120, sortable=True),
            REGION,
            Column("of_zone", Text("功能区", "Functional zone"), kind="bool", width=90),
            Column("state", Text("状态", "State"), kind="enum", enum=BulletinState, width=100),
            Column("enterprises", Text("企业", "Enterprises"), kind="number", width=80),
            Column("points", Text("监测点", "Points"), kind="number", width=80),
            Column("online_percent", Text("在线率", "Online"), kind="number", unit="%", width=90),
            Column("online_rank", Text("在线率排名", "Online rank"), kind="number", width=90),
            Column("video", Text("视频在线", "Video online"), kind="enum", enum=VideoState, width=110),
            Column("commitment_percent", Text("承诺率", "Commitments"), kind="number", unit="%", width=90),
            Column("commitment_rank", Text("承诺率排名", "Commitment rank"), kind="number", width=90),
            *COUNTS,
            Column("made_at", Text("形成时间", "Made"), kind="time", width=170, sortable=True),
            SYNTHETIC,
        ),
        filters=(
            REGION_FILTER,
            Filter("state", Text("状态", "State"), kind="enum", enum=BulletinState),
            Filter("made_at", Text("形成时间", "Made"), kind="time"),
        ),
        detail_groups=(
            Group(Text("通报", "Bulletin"), ("day", "region", "of_zone", "state", "made_at", "made_by")),
            Group(
                Text("在线", "Online"),
                ("enterprises", "points", "online_percent", "online_rank", "video"),
            ),
            Group(
                Text("安全承诺", "Commitments"),
                ("required", "committed", "commitment_percent", "commitment_rank"),
            ),
            Group(
                Text("待办", "Not closed or answered"),
                (
                    "unresolved",
                    "longest_h",
                    "warnings_open",
                    "warnings_waiting",
                    "circulars_waiting",
                    "discrepancies",
                ),
            ),
            Group(Text("反馈", "Feedback"), ("contact", "feedback", "fed_back_at", "fed_back_by")),
        ),
        related=(
            Related("bulletin_line", "bulletin_id", Text("企业", "Enterprises")),
            Related("run", "subject_id", Text("计算记录", "Runs")),
        ),
        actions=BULLETIN_WORKFLOW,
        handlers={"feed_back": services.feed_back},
    )


def _lines() -> Resource:
    from anlan.domains.monitoring.patrol.models import BulletinLine

    return Resource(
        name="bulletin_line",
        plural="bulletin-lines",
        title=Text("巡查企业明细", "Lines of bulletins"),
        model=BulletinLine,
        out=BulletinLineOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("online_rank", "enterprise_name", "id"),
        columns=(
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            Column("points", Text("监测点", "Points"), kind="number", width=80),
            Column("online_percent", Text("在线率", "Online"), kind="number", unit="%", width=90),
            Column("online_rank", Text("排名", "Rank"), kind="number", width=80, sortable=True),
            Column("required", Text("应承诺", "Must commit"), kind="bool", width=90),
            Column("committed", Text("按时承诺", "Committed in time"), kind="bool", width=100),
            *COUNTS,
            REGION,
            SYNTHETIC,
        ),
        filters=(
            Filter("bulletin_id", Text("通报", "Bulletin"), kind="link", link="bulletin"),
            REGION_FILTER,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
        ),
        search=("enterprise_name",),
    )
