"""What generated enterprises hold: kinds of units, substances by their row of GB 18218-2018, and sizes."""

from dataclasses import dataclass

from anlan.domains.monitoring.enterprises.states import ProcessUnitKind

TANKS, STORE, LOADING = ProcessUnitKind.TANK_FARM, ProcessUnitKind.WAREHOUSE, ProcessUnitKind.LOADING


@dataclass(frozen=True)
class Stock:
    """A substance in a unit: sizes (t) from which one is drawn, on a logarithmic scale."""

    unit: ProcessUnitKind
    unit_name: str
    equipment: str
    substance: str
    cas: str
    row: str
    hazard_class: str
    least_t: float
    most_t: float
    share: float


STOCKS = (
    Stock(TANKS, "液氨罐区", "液氨储罐", "氨", "7664-41-7", "1", "", 20, 900, 0.16),
    Stock(TANKS, "液氯库", "液氯钢瓶组", "氯", "7782-50-5", "12", "", 6, 120, 0.08),
    Stock(
        ProcessUnitKind.TANK_FARM, "甲醇罐区", "甲醇储罐", "甲醇", "67-56-1", "65", "W5.3", 600, 40000, 0.18
    ),
    Stock(TANKS, "粗苯罐区", "粗苯储罐", "苯", "71-43-2", "57", "W5.2", 60, 3000, 0.10),
    Stock(
        ProcessUnitKind.WAREHOUSE,
        "硝酸铵仓库",
        "库房",
        "硝酸铵(含可燃物≤0.2%)",
        "6484-52-2",
        "44",
        "W9.2",
        60,
        900,
        0.10,
    ),
    Stock(
        ProcessUnitKind.WAREHOUSE, "氯酸钾仓库", "库房", "氯酸钾", "3811-04-9", "78", "W9.1", 110, 500, 0.05
    ),
    Stock(
        ProcessUnitKind.WAREHOUSE, "氯酸钠仓库", "库房", "氯酸钠", "7775-09-9", "79", "W9.1", 110, 800, 0.07
    ),
    Stock(
        ProcessUnitKind.WAREHOUSE,
        "硝化棉仓库",
        "库房",
        "硝化纤维素(含水≥25%)",
        "9004-70-0",
        "41",
        "W10",
        60,
        300,
        0.05,
    ),
    Stock(STORE, "电石库", "电石库房", "碳化钙", "75-20-7", "83", "W11", 120, 4000, 0.11),
    Stock(LOADING, "液氨装卸站台", "装卸鹤管", "氨", "7664-41-7", "1", "", 11, 60, 0.06),
    Stock(
        ProcessUnitKind.LOADING, "甲醇装卸站台", "装卸鹤管", "甲醇", "67-56-1", "65", "W5.3", 510, 900, 0.04
    ),
)
"""Shares add up to one. Rows are checked against the table by the tests."""
