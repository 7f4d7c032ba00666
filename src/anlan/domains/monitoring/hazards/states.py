"""What major hazards, their stock movements and protected sites can be."""

from anlan.kernel.text import LabelledEnum


class HazardLevel(LabelledEnum):
    """重大危险源级别 (GB 18218-2018, table 6); never a risk level."""

    FIRST = "1", "一级", "Level 1"
    SECOND = "2", "二级", "Level 2"
    THIRD = "3", "三级", "Level 3"
    FOURTH = "4", "四级", "Level 4"
    NONE = "none", "不构成重大危险源", "No major hazard"


class MovementKind(LabelledEnum):
    """出入库."""

    INBOUND = "inbound", "入库", "In"
    OUTBOUND = "outbound", "出库", "Out"
    CORRECTION = "correction", "盘点更正", "Stocktaking"


class SiteKind(LabelledEnum):
    """防护目标与救援资源: what lies around and must be protected, or can help."""

    SCHOOL = "school", "学校", "School"
    HOSPITAL = "hospital", "医院", "Hospital"
    VILLAGE = "village", "村庄（居民点）", "Village"
    CARE_HOME = "care_home", "养老机构", "Care home"
    TEAM = "team", "救援队伍", "Rescue team"
    DEPOT = "depot", "救灾物资库", "Relief depot"
    SHELTER = "shelter", "避难场所", "Shelter"


SENSITIVE = frozenset({SiteKind.SCHOOL, SiteKind.HOSPITAL, SiteKind.CARE_HOME})
"""高敏感防护目标 (GB 36894-2018)."""
