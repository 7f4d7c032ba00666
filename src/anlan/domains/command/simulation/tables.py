"""What those who respond are told to do: a table that people can edit, whose rows name their source.

Distances in it are those of the run's own outlines; no figure of an official guide stands here.
"""

from datetime import date

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.standards import StandardTable, TableColumn, TableRow, register_table

ACTIONS = "simulation_actions"
_OWN = "本系统默认：距离取本次计算的轮廓 (our own rule: the distance is that of this run's outline)"
_ZONES = (
    "隔离区与防护区的定义随 ERG 2024 绿页说明 (zones defined as in the ERG 2024 green pages); 距离取本次计算"
)
_HAZWOPER = "29 CFR 1910.120 App. B"


def register_tables() -> None:
    """Declare the table."""
    register_table(
        StandardTable(
            code=ACTIONS,
            title=Text("模拟推演处置提示", "What follows from a simulation"),
            basis="ERG 2024（区域定义与接近原则）；29 CFR 1910.120；GB/T 37243-2019；本系统默认",
            columns=(
                TableColumn("group", Text("适用范围", "For zones of"), kind="text"),
                TableColumn(
                    "zone",
                    Text("取距离的轮廓", "Outline that gives the distance"),
                    kind="text",
                    required=False,
                ),
                TableColumn("zh", Text("提示（中文）", "Words (Chinese)"), kind="text"),
                TableColumn("en", Text("提示（英文）", "Words (English)"), kind="text"),
            ),
            effective_from=date(2026, 11, 1),
            first=_first,
            note=Text(
                "不含 ERG 官方隔离距离：未取得可核对的原表",
                "The official isolation distances of the ERG are not in it: no table to check them by was at hand",
            ),
        )
    )


def _row(key: str, group: str, zone: str, zh: str, en: str, clause: str, certainty: Certainty) -> TableRow:
    return TableRow(key, {"group": group, "zone": zone or None, "zh": zh, "en": en}, clause, certainty)


def _first() -> list[TableRow]:
    """In the order in which they are shown."""
    own, likely = Certainty.OWN_DEFAULT, Certainty.PROBABLE
    return [
        _row(
            "air_approach",
            "air",
            "",
            "从上风或侧上风方向（约 {wind_from}° 方位）接近，避开低洼处；到场后以实测风向为准",
            "Approach from upwind (about {wind_from}°) or crosswind; keep off low ground; the wind on the spot decides",
            "ERG 2024, general precautions",
            likely,
        ),
        _row(
            "toxic_isolate",
            "toxic",
            "aegl3",
            "隔离区：事故点周围及下风向 {distance} m 内撤出全部人员，仅佩戴呼吸防护的救援人员可进入",
            "Isolate {distance} m about and downwind of the source: only rescuers with breathing protection go in",
            _ZONES,
            own,
        ),
        _row(
            "toxic_protect",
            "toxic",
            "aegl2",
            "防护区：下风向 {distance} m 内疏散，来不及时就地避险（关闭门窗、停用通风）",
            "Protect: evacuate to {distance} m downwind, or shelter indoors with windows shut and ventilation off",
            _ZONES,
            own,
        ),
        _row(
            "toxic_inform",
            "toxic",
            "aegl1",
            "告知区：下风向 {distance} m 内可能有刺激或不适，通知单位和居民并加密监测",
            "Inform: out to {distance} m downwind there may be irritation; tell people and measure",
            _OWN,
            own,
        ),
        _row(
            "toxic_ppe",
            "toxic",
            "",
            "隔离区内：浓度未知或可能危及生命时，穿气密型防护服（A 级）并佩戴正压式空气呼吸器",
            "Where the concentration is unknown or may kill: a gas-tight suit (level A) and breathing apparatus",
            _HAZWOPER,
            likely,
        ),
        _row(
            "toxic_decontaminate",
            "toxic",
            "",
            "在隔离区上风侧边缘设洗消站，人员、器材出区前洗消",
            "Decontaminate people and gear at the upwind edge of the isolated area before they leave it",
            "29 CFR 1910.120(k)",
            likely,
        ),
        _row(
            "flammable_ignition",
            "flammable",
            "half_lfl",
            "{distance} m 内消除一切点火源（动火、车辆、用电），人员撤出",
            "No ignition source (fire, vehicles, power) and no people within {distance} m",
            _OWN,
            own,
        ),
        _row(
            "radiation_public",
            "radiation",
            "radiation_1_6",
            "无防护人员撤至 {distance} m 以外（1.6 kW/m²，长时暴露无不适）",
            "People without protection beyond {distance} m (1.6 kW/m²: no discomfort on long exposure)",
            _OWN,
            own,
        ),
        _row(
            "radiation_crews",
            "radiation",
            "radiation_4",
            "{distance} m 以内（4 kW/m²，20 秒以上疼痛）仅着防护服短时作业",
            "Within {distance} m (4 kW/m²: pain after 20 s) only protected crews, and briefly",
            _OWN,
            own,
        ),
        _row(
            "radiation_equipment",
            "radiation",
            "radiation_37_5",
            "{distance} m 以内的设备可能严重损坏，优先冷却",
            "Equipment within {distance} m may fail: cool it first",
            _OWN,
            own,
        ),
        _row(
            "overpressure_public",
            "overpressure",
            "overpressure_2",
            "爆炸危险未解除前，人员撤至 {distance} m 以外（2 kPa）",
            "While an explosion threatens, people beyond {distance} m (2 kPa)",
            "GB/T 37243-2019 (limit of highly sensitive targets)",
            likely,
        ),
        _row(
            "overpressure_domino",
            "overpressure",
            "overpressure_22",
            "{distance} m 内的常压储罐可能受损引发次生事故（22 kPa），核查并降温、转料",
            "Atmospheric tanks within {distance} m may fail and escalate (22 kPa): check, cool, empty",
            "Cozzani et al. 2005/2006",
            likely,
        ),
        _row(
            "intensity_check",
            "intensity",
            "intensity_6",
            "Ⅵ度及以上区域（最远约 {distance} m）排查房屋、燃气、危化装置和水库，开放避难场所",
            "Degree Ⅵ and above (out to some {distance} m): check buildings, gas, plants and dams; open shelters",
            _OWN,
            own,
        ),
        _row(
            "flood_withdraw",
            "hazard",
            "hazard_2",
            "人员危险“较高”以上区域立即转移人员，禁止涉水",
            "Move everybody out of where the danger to people is significant or worse; no wading",
            "DEFRA/EA FD2320/TR2 table 13.1",
            likely,
        ),
        _row(
            "flood_roads",
            "depth",
            "depth_0.3",
            "水深 0.3 m 以上的路段封闭，禁止车辆通行",
            "Close roads under 0.3 m of water and more to vehicles",
            _OWN,
            own,
        ),
        _row(
            "slope_withdraw",
            "instability",
            "fs_1",
            "安全系数低于 1 的坡面及其下方撤出人员，设警戒并监测位移",
            "Clear slopes with a safety factor below 1 and what lies below them; guard and watch their movement",
            _OWN,
            own,
        ),
    ]
