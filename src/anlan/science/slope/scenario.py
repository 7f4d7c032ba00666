"""One monitored point of a slope in, its judgement out: `assess`."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.kernel.errors import Invalid
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.registry import model
from anlan.science.slope.failure import Forecast, Outlook, failure_time
from anlan.science.slope.gnss import DAY_S, Track, filter_track
from anlan.science.slope.grading import (
    VelocityTable,
    most_severe,
    references_exceeded,
    tangent_angle_deg,
    tangent_grade,
    tangent_table,
)

Floats = NDArray[np.float64]
#: velocities in the regression of the time of failure (our own default)
_REGRESSED = 30
#: a velocity below this many standard deviations is no movement (our own default)
_SIGNIFICANT = 2.0
#: a way of a day below this many standard deviations of a position is noise (our own default)
_NOISE = 3.0
#: a rise of velocity below this many is no acceleration (our own default)
_RISING = 2.5


@dataclass(frozen=True)
class Scenario:
    """A GNSS point: *times_s* (n,) rising, *positions_m* (n, axes) with east, north, up, NaN where missing.

    *sd_m* is the standard deviation of one position. ``steady_m_s`` is the rate of uniform creep; without it the median
    of the first half of the record stands for it. ``height_m`` is that of the slope, for the reference ratios.
    """

    point_id: str
    times_s: Floats
    positions_m: Floats
    sd_m: float
    table: VelocityTable | None = None
    steady_m_s: float | None = None
    height_m: float | None = None
    confidence: float = 0.9


@dataclass(frozen=True)
class SlopeResult:
    """The judgement at the last time. Angles in degrees, rates in m/s; ``level`` is None when nothing is reached.

    ``day_rate_m_s`` is the way of the last 24 hours over their time, 0 while it is lost in the noise: a slope
    that slipped this morning and rests again is graded by it.
    """

    point_id: str
    track: Track
    displacement_m: float
    velocity_m_s: float
    acceleration_m_s2: float
    velocity_sd_m_s: float
    day_rate_m_s: float
    steady_m_s: float | None
    angle_deg: float | None
    level: WarningLevel | None
    level_by_table: WarningLevel | None
    level_by_angle: WarningLevel | None
    references_exceeded: tuple[str, ...]
    forecast: Forecast
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        late = self.forecast.late_s
        return {
            "point_id": self.point_id,
            "displacement_m": self.displacement_m,
            "velocity_m_s": self.velocity_m_s,
            "acceleration_m_s2": self.acceleration_m_s2,
            "velocity_sd_m_s": self.velocity_sd_m_s,
            "day_rate_m_s": self.day_rate_m_s,
            "steady_m_s": self.steady_m_s,
            "angle_deg": self.angle_deg,
            "level": self.level,
            "level_by_table": self.level_by_table,
            "level_by_angle": self.level_by_angle,
            "references_exceeded": list(self.references_exceeded),
            "forecast": {
                "outlook": self.forecast.outlook,
                "time_s": self.forecast.time_s,
                "early_s": self.forecast.early_s,
                "late_s": late if late is not None and np.isfinite(late) else None,
                "confidence": self.forecast.confidence,
            },
            "manifest": self.manifest.as_json(),
        }


CARD = ModelCard(
    id="slope.monitoring",
    version="1",
    title=Text("边坡位移监测研判", "Judgement of slope displacement"),
    purpose=Text(
        "由 GNSS 位移给出速度、加速度、切线角、分级与破坏时间",
        "velocity, acceleration, tangent angle, grade and time of failure from GNSS positions",
    ),
    applicability=Text(
        "连续监测的蠕变型边坡与尾矿坝；突发崩塌不适用",
        "creeping slopes and dams under steady monitoring; not rock falls",
    ),
    inputs=(
        Quantity("samples", "", Text("观测次数", "positions"), 10),
        Quantity("sd_m", "m", Text("观测误差", "standard deviation of a position"), 1e-4, 0.05),
    ),
    references=(
        "Bar-Shalom, Li and Kirubarajan 2001, section 6.2.3",
        "Xu Qiang et al. 2009, improved tangent angle",
        "Fukuzono 1985",
        "GB 51214, reference values of its commentary",
    ),
    verification=Verification.VERIFIED,
    suite="slope",
    caveats=(
        Caveat(
            "slope.grades_probable",
            Text(
                "切线角分级待与原文核对；以矿山报备阈值为准",
                "angle grades to be confirmed; the mine's own limits decide",
            ),
        ),
    ),
)


@model(CARD)
def assess(scenario: Scenario) -> SlopeResult:
    """Filter, grade and extrapolate. Raises `Invalid` for records that are too short or not in order."""
    track = filter_track(scenario.times_s, scenario.positions_m, scenario.sd_m)
    line = track.along()
    velocity, sd = line.velocity_m_s[:, 0], line.velocity_sd_m_s[:, 0]
    moving = velocity > _SIGNIFICANT * sd
    day_rate = _day_rate(line, scenario.sd_m)
    now = max(float(velocity[-1]) if moving[-1] else 0.0, day_rate)
    steady, said = _steady(scenario, velocity, moving)
    angle = float(tangent_angle_deg(now, steady)) if steady else None
    by_angle = _grade_by_angle(angle, now, steady, float(sd[-1]))
    by_table = scenario.table.grade(now) if scenario.table else None
    forecast = _forecast(line.times_s, velocity, sd, moving, scenario.confidence)
    caveats = (*said, *_doubts(scenario, track, forecast))
    return SlopeResult(
        scenario.point_id,
        track,
        float(line.position_m[-1, 0]),
        float(velocity[-1]),
        float(line.acceleration_m_s2[-1, 0]),
        float(sd[-1]),
        day_rate,
        steady,
        angle,
        most_severe([by_table, by_angle]),
        by_table,
        by_angle,
        references_exceeded(_reference_values(scenario, track)),
        forecast,
        _manifest(scenario, track, caveats),
    )


def _day_rate(line: Track, sd_m: float) -> float:
    """The way of the last 24 hours (or of the last step, where steps are longer) over its time, m/s."""
    start = min(float(line.times_s[-1]) - DAY_S, float(line.times_s[-2]))
    path = line.position_m[:, 0]
    way = float(path[-1] - np.interp(start, line.times_s, path))
    span = float(line.times_s[-1]) - max(start, float(line.times_s[0]))
    return way / span if way > _NOISE * sd_m else 0.0


def _grade_by_angle(angle: float | None, now: float, steady: float | None, sd: float) -> WarningLevel | None:
    """The level of the angle; just above 45° only when the velocity is surely above that of uniform creep.

    Otherwise every second point in uniform creep would be yellow by noise.
    """
    if angle is None or steady is None:
        return None
    level = tangent_grade(angle)
    # the uniform rate is no better known than the present one
    if level is WarningLevel.YELLOW and now - steady <= _RISING * np.sqrt(2.0) * sd:
        return None
    return level


def _forecast(
    times: Floats, velocity: Floats, sd: Floats, moving: NDArray[np.bool_], confidence: float
) -> Forecast:
    """The time of failure from the latest velocities, if they have risen by more than the filter's own doubt.

    Filtered velocities run so smoothly that a regression alone would see a trend in chance.
    """
    recent = slice(-_REGRESSED, None)
    rise = float(velocity[-1] - velocity[recent][0])
    doubt = float(np.hypot(sd[-1], sd[recent][0]))
    found = failure_time(times[recent], np.where(moving, velocity, np.nan)[recent], confidence)
    if found.outlook is Outlook.FAILURE and rise <= _RISING * doubt:
        return Forecast(Outlook.NO_TREND, None, None, None, confidence, found.used)
    return found


def _steady(
    scenario: Scenario, velocity: Floats, moving: NDArray[np.bool_]
) -> tuple[float | None, tuple[Caveat, ...]]:
    """The rate of uniform creep, given or taken from the first half of the record."""
    if scenario.steady_m_s is not None:
        if not scenario.steady_m_s > 0:
            raise Invalid(Text("匀速阶段速率必须为正", "The rate of uniform creep must be positive"))
        return scenario.steady_m_s, ()
    half = len(velocity) // 2
    early = velocity[:half][moving[:half]]
    if len(early) < 3:
        words = Text("前半段无显著位移，未计算切线角", "no movement in the first half: no tangent angle")
        return None, (Caveat("slope.no_steady_rate", words),)
    words = Text("匀速速率取前半段中位数", "the uniform rate is the median of the first half of the record")
    return float(np.median(early)), (Caveat("slope.steady_rate_assumed", words),)


def _reference_values(scenario: Scenario, track: Track) -> dict[str, float]:
    """Rates and ratios as the reference table names them; the last axis is vertical where there are three."""
    moved = track.position_m[-1] - track.position_m[0]
    rate = np.abs(track.velocity_m_s[-1])
    sideways = rate[:2] if len(rate) >= 2 else rate
    down = rate[2] if len(rate) == 3 else 0.0
    found = {"rate": max(float(np.linalg.norm(sideways)), float(down))}
    if scenario.height_m:
        found["horizontal_ratio"] = float(np.linalg.norm(moved[:2])) / scenario.height_m
        if len(moved) == 3:
            found["settlement_ratio"] = max(0.0, -float(moved[2])) / scenario.height_m
    return found


def _doubts(scenario: Scenario, track: Track, forecast: Forecast) -> tuple[Caveat, ...]:
    said = []
    set_aside = int((~track.used).sum())
    if set_aside:
        words = Text(
            f"{set_aside} 次观测缺失或判为粗差",
            f"{set_aside} positions were missing or set aside as outliers",
        )
        said.append(Caveat("slope.positions_set_aside", words))
    if not track.used[-1]:
        words = Text(
            "最近一次观测不可用，速度为外推",
            "the latest position is not usable: the velocity is extrapolated",
        )
        said.append(Caveat("slope.last_missing", words))
    if forecast.outlook is Outlook.FAILURE and forecast.time_s is not None:
        if forecast.time_s <= float(scenario.times_s[-1]):
            words = Text(
                "外推破坏时间已过，请立即核查", "the extrapolated time of failure is past: check at once"
            )
            said.append(Caveat("slope.failure_time_past", words))
        if forecast.used < 5:
            words = Text("参与外推的速度少于 5 个", "fewer than five velocities in the extrapolation")
            said.append(Caveat("slope.few_velocities", words))
    return tuple(said)


def _manifest(scenario: Scenario, track: Track, caveats: tuple[Caveat, ...]) -> Manifest:
    inputs = {
        "point_id": scenario.point_id,
        "samples": len(scenario.times_s),
        "from_s": float(scenario.times_s[0]),
        "to_s": float(scenario.times_s[-1]),
        "record_sha256": hashlib.sha256(_bytes(scenario.times_s) + _bytes(scenario.positions_m)).hexdigest(),
        "sd_m": scenario.sd_m,
        "density_m2_d5": track.density_m2_d5,
        "burst_m2_d5": track.burst_m2_d5,
        "confidence": scenario.confidence,
        "steady_m_s": scenario.steady_m_s,
        "table": scenario.table.source if scenario.table else None,
    }
    return manifest_of(CARD, inputs, tables={"tangent_grades": tangent_table().version}, caveats=caveats)


def _bytes(column: Floats) -> bytes:
    return np.ascontiguousarray(column, np.float64).tobytes()
