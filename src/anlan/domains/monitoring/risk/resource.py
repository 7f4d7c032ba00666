"""Scores and their history on the generic screens."""

from anlan.domains.monitoring.risk.permissions import register_all as register_permissions
from anlan.domains.monitoring.risk.schemas import RiskChangeOut, RiskScoreDetail, RiskScoreOut
from anlan.domains.monitoring.risk.states import READ, SubjectKind
from anlan.kernel.levels import RiskLevel
from anlan.kernel.text import Text
from anlan.platform.http import register_router
from anlan.platform.resources import Column, Filter, Group, Related, Resource, register
from anlan.platform.resources.common import REGION, REGION_FILTER, SYNTHETIC

GROUP = Text("监测预警", "Monitoring")
_LEVEL = Column("level", Text("风险等级", "Risk level"), kind="level", enum=RiskLevel, width=110)
_KIND = Column("kind", Text("对象", "Subject"), kind="enum", enum=SubjectKind, width=110)
_FILTERS = (
    Filter("kind", Text("对象", "Subject"), kind="enum", enum=SubjectKind),
    Filter("level", Text("风险等级", "Risk level"), kind="enum", enum=RiskLevel),
    REGION_FILTER,
)


def register_all() -> None:
    """Declare permissions, both resources and the route beside them."""
    register_permissions()
    register(risk_change_resource())
    register(risk_score_resource())
    register_router("risk-scores", "anlan.domains.monitoring.risk.api")


def risk_score_resource() -> Resource:
    """The resource ``risk_score``."""
    from anlan.domains.monitoring.risk.models import RiskScore

    return Resource(
        name="risk_score",
        plural="risk-scores",
        title=Text("安全风险", "Risk"),
        model=RiskScore,
        out=RiskScoreOut,
        detail=RiskScoreDetail,
        icon="risk",
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-index", "name", "id"),
        queryset=lambda: RiskScore.objects.defer("geometry"),
        columns=(
            _LEVEL,
            Column("index", Text("风险指数", "Index"), kind="number", width=100, sortable=True),
            _KIND,
            Column("name", Text("名称", "Name"), sortable=True),
            Column(
                "enterprise_name",
                Text("企业", "Enterprise"),
                kind="link",
                link="enterprise",
                link_id="enterprise_id",
            ),
            Column("worst_name", Text("最差的下级", "Worst below it")),
            Column("worst_level", Text("其等级", "Its level"), kind="level", enum=RiskLevel, width=110),
            Column("overridden", Text("直接判红", "Red by a rule"), kind="bool", width=100),
            Column("since", Text("等级起始", "Level since"), kind="time", width=170, sortable=True),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            *_FILTERS,
            Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise"),
            Filter("index", Text("风险指数", "Index"), kind="number"),
        ),
        search=("name", "enterprise_name"),
        detail_groups=(
            Group(Text("风险", "Risk"), ("level", "index", "since", "overridden")),
            Group(Text("对象", "Subject"), ("kind", "name", "enterprise_name", "region")),
            Group(Text("由来", "From"), ("worst_name", "worst_level", "table_version")),
        ),
        related=(Related("risk_change", "score_id", Text("变化记录", "History")),),
    )


def risk_change_resource() -> Resource:
    """The resource ``risk_change``: how scores changed, entry by entry."""
    from anlan.domains.monitoring.risk.models import RiskChange

    return Resource(
        name="risk_change",
        plural="risk-changes",
        title=Text("风险变化", "Changes of risk"),
        model=RiskChange,
        out=RiskChangeOut,
        group=GROUP,
        synthetic="synthetic",
        read_permission=READ,
        order=("-at", "id"),
        queryset=lambda: RiskChange.objects.defer("parts"),
        columns=(
            Column("at", Text("时间", "At"), kind="time", width=170, sortable=True),
            _KIND,
            Column("name", Text("名称", "Name")),
            Column("previous_level", Text("原等级", "Level before"), kind="level", enum=RiskLevel, width=110),
            _LEVEL,
            Column("index", Text("风险指数", "Index"), kind="number", width=100),
            REGION,
            SYNTHETIC,
        ),
        filters=(
            *_FILTERS,
            Filter("score_id", Text("风险", "Risk"), kind="link", link="risk_score"),
            Filter("at", Text("时间", "At"), kind="time"),
        ),
        search=("name",),
    )
