"""Daily rain and evapotranspiration of a region in, its drought out: `run`."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Field, Grid
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.drought.grades import (
    LABELS,
    Drought,
    Grades,
    ci,
    day_of_year,
    grade_of_index,
    mci,
    moisture_index,
    warning_of,
)
from anlan.science.drought.standardised import running_total, short_record, spei, spi, weighted_total
from anlan.science.packaged import packaged_table
from anlan.science.registry import model

Floats = NDArray[np.float64]
_WEEK = 7


@dataclass(frozen=True)
class Scenario:
    """Daily columns from *start* on: rain and potential evapotranspiration in mm, shape (days, cells).

    *cells* names the columns (division codes), or is empty where they are the cells of a *grid* in row order.
    The years *reference* (first, last) are fitted. *source* names the record and goes into the manifest.
    """

    start: date
    rain_mm: Floats
    pet_mm: Floats
    source: str
    cells: tuple[str, ...] = ()
    grid: Grid | None = None
    region: str = "north_west"
    reference: tuple[int, int] | None = None
    ka: float = 1.0

    def check(self) -> None:
        """Raises `Invalid`."""
        if self.rain_mm.ndim != 2 or self.rain_mm.shape != self.pet_mm.shape or not self.rain_mm.size:
            raise Invalid(
                Text(
                    "降水与蒸散须为同形的日×区数组", "Rain and evapotranspiration must be days by cells alike"
                )
            )
        for column in (self.rain_mm, self.pet_mm):
            # NaN is a day without data; sums would hide a negative day
            if np.nanmin(column, initial=0.0) < 0 or np.isinf(column).any():
                raise Invalid(
                    Text(
                        "逐日降水与蒸散须为非负有限值，缺测用 NaN",
                        "Daily rain and evapotranspiration are finite and not negative, NaN where missing",
                    ),
                    next_step=Text(
                        "请核对缺测代码（如 -9999）", "Check the code of missing values (such as -9999)"
                    ),
                )
        wanted = self.grid.rows * self.grid.columns if self.grid else len(self.cells)
        if self.rain_mm.shape[1] != wanted:
            raise Invalid(Text("列数与区域数不符", "There must be one column per cell"))
        if self.reference is not None and self.reference[0] > self.reference[1]:
            raise Invalid(Text("参考期起止颠倒", "The reference period ends before it begins"))


@dataclass(frozen=True)
class DroughtResult:
    """Indices of each day and cell (NaN where there are none), and what they mean on the last day."""

    scenario: Scenario
    spi30: Floats
    spi90: Floats
    spi150: Floats
    spiw60: Floats
    spei90: Floats
    mi30: Floats
    mci: Floats
    ci: Floats
    grades: Grades
    warnings: tuple[WarningLevel | None, ...]
    manifest: Manifest

    @property
    def last_day(self) -> date:
        return self.scenario.start + timedelta(days=len(self.mci) - 1)

    def fields(self) -> tuple[Field, ...]:
        """MCI and its grade of the last day over the grid; nothing without one."""
        grid = self.scenario.grid
        if grid is None:
            return ()
        grade = np.where(self.grades[-1] < 0, np.nan, self.grades[-1]).astype(np.float64)
        return (
            Field(
                "mci",
                "",
                Text("气象干旱综合指数", "composite drought index"),
                grid,
                self.mci[-1].reshape(grid.shape),
            ),
            Field("drought_grade", "", Text("干旱等级", "drought grade"), grid, grade.reshape(grid.shape)),
        )

    def shares(self) -> dict[str, float]:
        """The share of cells in each grade on the last day, among those with an index."""
        last = self.grades[-1][self.grades[-1] >= 0]
        return {
            grade.name.lower(): float((last == grade).mean()) for grade in Drought if grade >= 0 and len(last)
        }

    def as_json(self) -> dict[str, Any]:
        rows = [
            {
                "cell": cell,
                "mci": _plain(self.mci[-1, k]),
                "spi30": _plain(self.spi30[-1, k]),
                "spi90": _plain(self.spi90[-1, k]),
                "grade": int(self.grades[-1, k]),
                "label": LABELS[Drought(int(self.grades[-1, k]))].zh,
                "warning": self.warnings[k],
            }
            for k, cell in enumerate(self.scenario.cells)
        ]
        said = {"day": self.last_day.isoformat(), "shares": self.shares(), "cells": rows}
        return said | {"manifest": self.manifest.as_json()}


CARD = ModelCard(
    id="drought.monitor",
    version="1",
    title=Text("气象干旱逐日监测", "Daily monitoring of meteorological drought"),
    purpose=Text(
        "由逐日降水与潜在蒸散给出 SPI、SPEI、MCI、干旱等级与预警信号",
        "SPI, SPEI, MCI, grade and signal of drought from daily rain and potential evapotranspiration",
    ),
    applicability=Text(
        "不少于 30 年逐日资料；气象干旱，不含灌溉与水库调节",
        "30 or more years of daily data; meteorological drought, without irrigation or reservoirs",
    ),
    inputs=(
        Quantity("years", "a", Text("参考年数", "reference years"), 30),
        Quantity("ka", "", Text("季节调节系数", "seasonal factor"), 0.4, 1.2),
    ),
    references=("GB/T 20481-2017", "McKee et al. 1993", "Vicente-Serrano et al. 2010"),
    verification=Verification.VERIFIED,
    suite="drought",
)


@model(CARD)
def run(scenario: Scenario) -> DroughtResult:
    """Follow the drought through the record. Raises `Invalid` for columns that do not fit or negative rain."""
    scenario.check()
    days = len(scenario.rain_mm)
    season = day_of_year(scenario.start, days)
    fitted = _reference(scenario, days)
    rain = scenario.rain_mm
    spi30, spi90, spi150 = (spi(running_total(rain, n), season, fitted) for n in (30, 90, 150))
    spiw60 = spi(weighted_total(rain), season, fitted)
    spei90 = spei(running_total(rain - scenario.pet_mm, 90), season, fitted)
    mi30 = moisture_index(running_total(rain, 30), running_total(scenario.pet_mm, 30))
    index = mci(spiw60, mi30, spi90, spi150, scenario.region, scenario.ka)
    grades = grade_of_index(index)
    warnings = tuple(warning_of(column.tolist()) for column in grades[-_WEEK:].T)
    older = ci(spi30, spi90, mi30)
    return DroughtResult(
        scenario,
        spi30,
        spi90,
        spi150,
        spiw60,
        spei90,
        mi30,
        index,
        older,
        grades,
        warnings,
        _manifest(scenario, fitted, index),
    )


def _reference(scenario: Scenario, days: int) -> NDArray[np.bool_]:
    stamps = np.datetime64(scenario.start, "D") + np.arange(days)
    years = stamps.astype("datetime64[Y]").astype(np.int64) + 1970
    if scenario.reference is None:
        return np.ones(days, np.bool_)
    first, last = scenario.reference
    return np.asarray((years >= first) & (years <= last))


def _manifest(scenario: Scenario, fitted: NDArray[np.bool_], index: Floats) -> Manifest:
    years = round(float(fitted.sum()) / 365.25, 1)
    record = hashlib.sha256()
    for column in (scenario.rain_mm, scenario.pet_mm):
        record.update(np.ascontiguousarray(column, np.float64).tobytes())
    inputs: dict[str, Any] = {
        "start": scenario.start.isoformat(),
        "days": len(scenario.rain_mm),
        "cells": scenario.rain_mm.shape[1],
        "source": scenario.source,
        "record_sha256": record.hexdigest(),
        "region": scenario.region,
        "reference": list(scenario.reference) if scenario.reference else None,
        "ka": scenario.ka,
        "years": years,
    }
    said = list(short_record(int(years + 0.5)))
    missing = int(np.isnan(index[-1]).sum())
    if missing:
        words = Text(f"最近一天有 {missing} 个区无指数", f"{missing} cells have no index on the last day")
        said.append(Caveat("drought.no_index", words))
    if scenario.ka == 1.0:
        words = Text("季节调节系数取 1", "the seasonal factor is taken as 1")
        said.append(Caveat("drought.ka_is_one", words))
    tables = {"mci_weights": packaged_table("anlan.science.drought", "mci_weights").version}
    return manifest_of(CARD, inputs, tables=tables, caveats=tuple(said))


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
