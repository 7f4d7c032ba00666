"""What an enterprise and a process unit can be. Neither has a life cycle yet."""

from anlan.kernel.text import LabelledEnum


class EnterpriseKind(LabelledEnum):
    """The trade that decides which department supervises the enterprise."""

    HAZCHEM = "hazchem", "危险化学品", "Hazardous chemicals"
    MINE = "mine", "矿山", "Mining"
    METALLURGY = "metallurgy", "冶金", "Metallurgy"
    DUST = "dust", "粉尘涉爆", "Combustible dust"
    TRADE = "trade", "工贸", "Industry and trade"
    OTHER = "other", "其他", "Other"


class ProcessUnitKind(LabelledEnum):
    """生产单元 and the kinds of 储存单元 (GB 18218-2018, 3.2 and 3.3)."""

    PRODUCTION = "production", "生产单元", "Production unit"
    TANK_FARM = "tank_farm", "储罐区", "Tank farm"
    WAREHOUSE = "warehouse", "仓库", "Warehouse"
    LOADING = "loading", "装卸站台", "Loading platform"
    UTILITY = "utility", "公用工程", "Utilities"
