"""Worked cases with names: plausible accidents of the region's industry, at approximate places, for trial and drill.

They are inventions with round numbers, not records of any enterprise.
"""

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.science.chemical.events import (
    CloudExplodes,
    CloudFlashes,
    CongestionExplodes,
    JetBurns,
    PoolBurns,
    StoreDetonates,
    VesselBoils,
    VesselBursts,
)
from anlan.science.chemical.scenarios import Scenario, ToxicSpreads
from anlan.science.chemical.weather import Stability, Terrain, Weather

_NIGHT = Weather(2.0, 330.0, Stability.F)
_DAY = Weather(3.5, 315.0, Stability.D)
_WINTER = Weather(5.0, 330.0, Stability.D, temperature_k=263.15, humidity=0.4)
_TOWN = Weather(2.5, 20.0, Stability.D, Terrain.URBAN)

CASES: tuple[Scenario, ...] = (
    Scenario(
        "liquid_ammonia_tank",
        Text("液氨储罐 50 mm 孔泄漏（夜间）", "Liquid ammonia tank, 50 mm hole, at night"),
        106.60,
        38.10,
        _NIGHT,
        ToxicSpreads("7664-41-7", 12.0, 1200.0, 2.0),
    ),
    Scenario(
        "ammonia_cold_store",
        Text("冷库氨管道泄漏（城区）", "Ammonia pipe of a cold store, in town"),
        106.26,
        38.47,
        _TOWN,
        ToxicSpreads("7664-41-7", 0.6, 600.0, 3.0),
    ),
    Scenario(
        "chlorine_cylinder",
        Text("1 t 液氯钢瓶易熔塞失效", "Chlorine ton container, fusible plug failed"),
        105.19,
        37.52,
        _DAY,
        ToxicSpreads("7782-50-5", 1.4, 720.0, 0.5),
    ),
    Scenario(
        "hydrogen_sulphide_pipe",
        Text("煤化工装置硫化氢管线泄漏", "Hydrogen sulphide line of a coal-chemical unit"),
        106.62,
        38.12,
        _NIGHT,
        ToxicSpreads("7783-06-4", 0.4, 900.0, 6.0),
    ),
    Scenario(
        "lpg_sphere_bleve",
        Text("液化石油气球罐沸腾液体扩展蒸气爆炸（50 t）", "BLEVE of an LPG sphere, 50 t"),
        106.35,
        38.52,
        _DAY,
        VesselBoils(50_000.0, 46.0e6, 1.7e6),
    ),
    Scenario(
        "lpg_vapour_cloud",
        Text("液化石油气蒸气云爆炸（20 t）", "LPG vapour cloud explosion, 20 t"),
        106.35,
        38.52,
        _DAY,
        CloudExplodes(20_000.0, 46.5e6),
    ),
    Scenario(
        "methanol_pool",
        Text("甲醇罐区防火堤池火（直径 30 m）", "Methanol bund fire, 30 m wide"),
        106.58,
        38.15,
        _DAY,
        PoolBurns("methanol", 30.0),
    ),
    Scenario(
        "crude_oil_bund",
        Text("原油罐区防火堤池火（冬季大风）", "Crude oil bund fire in a winter wind"),
        106.66,
        38.08,
        _WINTER,
        PoolBurns("crude_oil", 45.0),
    ),
    Scenario(
        "benzene_tanker_guyuan",
        Text("固原国道苯槽车泄漏池火", "Benzene road tanker on the national road near Guyuan"),
        106.24,
        36.02,
        _WINTER,
        PoolBurns("benzene", 15.0),
    ),
    Scenario(
        "hydrogen_jet",
        Text("加氢装置氢气喷射火", "Hydrogen jet fire of a hydrotreater"),
        106.61,
        38.13,
        _DAY,
        JetBurns(0.5, 4.0e6, 320.0, 1.41, 0.002016, 120.0e6, 90.0, 4.0),
    ),
    Scenario(
        "natural_gas_pipe_jet",
        Text("天然气管道断裂喷射火", "Jet fire of a ruptured natural gas pipe"),
        106.15,
        37.95,
        _WINTER,
        JetBurns(20.0, 4.0e6, 288.0, 1.31, 0.01604, 50.0e6, 60.0, 0.5),
    ),
    Scenario(
        "natural_gas_flash",
        Text("天然气泄漏闪火", "Flash fire of leaking natural gas"),
        106.23,
        38.49,
        _DAY,
        CloudFlashes("74-82-8", 5.0, 1.0),
    ),
    Scenario(
        "ammonium_nitrate_store",
        Text("硝酸铵仓库爆炸（200 t，当量系数 0.32）", "Ammonium nitrate store, 200 t, equivalence 0.32"),
        106.40,
        39.02,
        _DAY,
        StoreDetonates(200_000.0, 0.32),
    ),
    Scenario(
        "carbide_acetylene",
        Text("电石遇水乙炔蒸气云爆炸（0.5 t 乙炔）", "Acetylene from wet carbide, cloud explosion, 0.5 t"),
        106.55,
        38.92,
        _TOWN,
        CongestionExplodes(500.0 * 48.2e6, 7),
    ),
    Scenario(
        "nitrogen_vessel_burst",
        Text("氮气缓冲罐超压破裂", "Nitrogen buffer vessel bursting"),
        106.38,
        39.00,
        _DAY,
        VesselBursts(3.2e6, 30.0, 1.4, 9000.0),
    ),
)


def case(id: str) -> Scenario:
    """The case called *id*. Raises `NotFound`."""
    for one in CASES:
        if one.id == id:
            return one
    known = ", ".join(one.id for one in CASES)
    raise NotFound(
        Text(f"没有名为 {id} 的算例", f"There is no case called {id}"),
        next_step=Text(f"现有：{known}", f"There are: {known}"),
    )
