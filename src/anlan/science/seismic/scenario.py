"""One earthquake in, everything that the command post asks for out: `run`."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field, Grid
from anlan.kernel.models import Caveat, Manifest, ModelCard, Quantity, Verification, manifest_of
from anlan.kernel.text import Text
from anlan.science.packaged import packaged_table
from anlan.science.registry import model
from anlan.science.seismic.attenuation import IntensitySet, Zone, intensity_set, zone_of
from anlan.science.seismic.bssa14 import Mechanism, Region, ground_motion
from anlan.science.seismic.casualties import FatalityRelation, night_share
from anlan.science.seismic.damage import DamageMatrix, packaged_matrix
from anlan.science.seismic.exposure import Exposure
from anlan.science.seismic.geometry import check_place, distance_to_segment_m, in_china_box, offsets
from anlan.science.seismic.impact import Assumptions, Impact, assess
from anlan.science.seismic.intensity import numeral
from anlan.science.seismic.isoseismals import Shaking, Shape
from anlan.science.seismic.rupture import nearest_strike_deg, rupture_length_km
from anlan.science.seismic.site import REFERENCE_VS30_M_S, intensity_shift

Floats = NDArray[np.float64]
_CHINA_TIME = timedelta(hours=8)
_LOWEST_LINE, _HIGHEST_LINE = 6, 12
_GRID_CELLS = 400


@dataclass(frozen=True)
class Scenario:
    """An earthquake as reported: *magnitude* Ms, *depth_km* of the hypocentre, *time* with its zone.

    ``version`` counts the reports of one event. Without *strike_deg* (clockwise from north) that of the
    nearest fault trace within *fault_within_km* is taken, else the lines are circles. ``zone_set``
    overrules the zone table.
    """

    event_id: str
    magnitude: float
    lon: float
    lat: float
    depth_km: float
    time: datetime
    strike_deg: float | None = None
    mechanism: Mechanism = Mechanism.UNSPECIFIED
    version: int = 1
    line_source: bool = False
    zone_set: str | None = None
    relation: FatalityRelation = FatalityRelation.MA_XIE
    vs30_m_s: float = REFERENCE_VS30_M_S
    fault_within_km: float = 20.0
    seed: int = 1

    def revised(self, **changes: Any) -> "Scenario":
        """The next report of the same event: changed figures, the version one higher."""
        return replace(self, version=self.version + 1, **changes)

    @property
    def local_hour(self) -> float:
        """The hour of the day in China, 0–24."""
        moment = self.time.astimezone(UTC) + _CHINA_TIME
        return moment.hour + moment.minute / 60.0 + moment.second / 3600.0

    def check(self) -> None:
        """Raises `Invalid` for what no earthquake can be."""
        check_place(self.lon, self.lat)
        if not 0.0 < self.magnitude < 10.0:
            raise _refused("震级", "magnitude", self.magnitude, "0–10")
        if not 0.0 <= self.depth_km <= 750.0:
            raise _refused("震源深度", "depth", self.depth_km, "0–750 km")
        if self.strike_deg is not None and not 0.0 <= self.strike_deg <= 360.0:
            raise _refused("断层走向", "strike", self.strike_deg, "0–360°")
        if not 50.0 <= self.vs30_m_s <= 3000.0:
            raise _refused("剪切波速", "vs30", self.vs30_m_s, "50–3000 m/s")
        if self.time.tzinfo is None:
            raise Invalid(Text("发震时刻缺少时区", "The origin time has no time zone"))
        if not 0.0 <= self.fault_within_km <= 500.0:
            raise _refused("断层搜索距离", "distance to a fault", self.fault_within_km, "0–500 km")
        if self.seed < 0 or self.version < 1:
            raise Invalid(
                Text(
                    "随机种子不能为负，报次从 1 起", "The seed cannot be negative, and reports count from 1"
                ),
                facts={"seed": self.seed, "version": self.version},
            )

    def as_json(self) -> dict[str, Any]:
        """What goes into the manifest."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return said | {"time": self.time.astimezone(UTC).isoformat()}


@dataclass(frozen=True)
class SeismicResult:
    """The answer for one version of an event; ``envelope`` are the lines of the other bound of the zone."""

    scenario: Scenario
    set_id: str
    zone: Zone | None
    shape: Shape
    strike_deg: float | None
    peak_intensity: float
    isoseismals: tuple[Contour, ...]
    envelope_set_id: str | None
    envelope: tuple[Contour, ...]
    intensity: Field
    pga: Field
    impact: Impact | None
    manifest: Manifest

    def as_json(self) -> dict[str, Any]:
        """Summary and lines as JSON values; the fields are stored apart."""
        impact = None
        if self.impact is not None:
            counties = [county.as_json() for county in self.impact.counties]
            impact = {"total": self.impact.total.as_json(), "counties": counties}
        return {
            "event_id": self.scenario.event_id,
            "version": self.scenario.version,
            "set": self.set_id,
            "zone": self.zone.id if self.zone else None,
            "shape": self.shape.value,
            "strike_deg": self.strike_deg,
            "peak_intensity": self.peak_intensity,
            "peak_degree": numeral(min(12, max(1, int(self.peak_intensity)))),
            "isoseismals": [_line(line) for line in self.isoseismals],
            "envelope_set": self.envelope_set_id,
            "envelope": [_line(line) for line in self.envelope],
            "impact": impact,
            "manifest": self.manifest.as_json(),
        }


CARD = ModelCard(
    id="seismic.footprint",
    version="1",
    title=Text("地震影响场与损失快速评估", "Earthquake footprint and rapid loss estimate"),
    purpose=Text(
        "由震级、震中、深度与时刻给出等震线、县区人口与房屋破坏、伤亡区间和直接损失",
        "isoseismal lines, damage, a band of deaths and loss by county from magnitude, place, depth and time",
    ),
    applicability=Text(
        "中国大陆浅源地震，Ms 4.5–8.5，深度 0–35 km；震后数分钟内的先期估计，不代替实地调查",
        "shallow earthquakes of mainland China, Ms 4.5–8.5, depth 0–35 km; a first estimate, not a survey",
    ),
    inputs=(
        Quantity("magnitude", "Ms", Text("震级", "magnitude"), 4.5, 8.5),
        Quantity("depth_km", "km", Text("震源深度", "depth"), 0.0, 35.0),
        Quantity("strike_deg", "°", Text("断层走向", "strike"), 0.0, 360.0),
        Quantity("vs30_m_s", "m/s", Text("剪切波速", "vs30"), 150.0, 1500.0),
    ),
    references=(
        "GB 18306-2015 intensity attenuation by zone; Wang Suyun et al. 2000",
        "GB/T 17742-2020; GB/T 18208.4-2011",
        "Ma Yuhong and Xie Lili 2000; Yin Zhiqian 1995",
        "Wells and Coppersmith 1994; Boore et al. 2014",
    ),
    verification=Verification.VERIFIED,
    suite="seismic",
    caveats=(
        Caveat(
            "seismic.damage_default",
            Text(
                "房屋破坏矩阵为示例值，请用本地矩阵替换",
                "the damage matrix is illustrative: use a local one",
            ),
        ),
        Caveat(
            "seismic.depth_unused",
            Text(
                "烈度关系不含深度，较深地震会偏高",
                "the relations know no depth: deep events come out too strong",
            ),
        ),
    ),
)


@model(CARD)
def run(
    scenario: Scenario,
    exposure: Exposure | None = None,
    grid: Grid | None = None,
    *,
    matrix: DamageMatrix | None = None,
    faults: Sequence[NDArray[np.float64]] = (),
) -> SeismicResult:
    """The footprint of an earthquake and, with an *exposure*, its people, buildings and loss.

    *grid* must be in an EPSG system; without one, a grid of UTM about the epicentre holds degree V.
    *faults* are traces of shape (points, 2), longitude and latitude. Raises `Invalid`.
    """
    scenario.check()
    strike, shape, said = _orientation(scenario, faults)
    zone = zone_of(scenario.lon, scenario.lat)
    relation, envelope_id, zone_said = _relation(scenario, zone)
    shaking = _shaking(scenario, relation, shape, strike)
    field, motion = _fields(scenario, shaking, grid or _grid_about(shaking), strike)
    drawn = {"strike_used_deg": strike, "grid": asdict(field.grid)}
    chosen = matrix or packaged_matrix()
    impact, impact_said = _impact(scenario, shaking, relation, exposure, chosen)
    other = _shaking(scenario, intensity_set(envelope_id), shape, strike) if envelope_id else None
    caveats = (*said, *zone_said, *impact_said, *_limits(scenario, shaking))
    return SeismicResult(
        scenario,
        relation.id,
        zone,
        shape,
        strike,
        shaking.peak,
        _lines(shaking),
        envelope_id,
        _lines(other) if other else (),
        field,
        motion,
        impact,
        _manifest(scenario, {"set": relation.id, "shape": shape.value} | drawn, exposure, chosen, caveats),
    )


def _orientation(
    scenario: Scenario, faults: Sequence[NDArray[np.float64]]
) -> tuple[float | None, Shape, tuple[Caveat, ...]]:
    strike, said = scenario.strike_deg, []
    if strike is None and faults:
        near = nearest_strike_deg(scenario.lon, scenario.lat, faults, scenario.fault_within_km)
        if near is not None:
            strike = near[0]
            words = Text(
                f"走向取自 {near[1]:.0f} km 外的断层迹线（{strike:.0f}°）",
                f"the strike is that of a fault trace {near[1]:.0f} km away ({strike:.0f}°)",
            )
            said.append(Caveat("seismic.strike_of_trace", words))
    if strike is not None:
        return strike, Shape.LINE if scenario.line_source else Shape.ELLIPSE, tuple(said)
    words = Text("断层走向未知，等震线按圆绘制", "the strike is not known: the lines are drawn as circles")
    return None, Shape.CIRCLE, (Caveat("seismic.strike_unknown", words),)


def _relation(scenario: Scenario, zone: Zone | None) -> tuple[IntensitySet, str | None, tuple[Caveat, ...]]:
    """The intensity relation, the other bound that is shown beside it, and what must be said of the choice."""
    if scenario.zone_set is not None:
        return intensity_set(scenario.zone_set), None, ()
    if zone is None:
        words = Text(
            "震中不在分区表内，采用中国西部关系",
            "the epicentre is in no zone of the table: western China's is used",
        )
        return intensity_set("west_2000"), None, (Caveat("seismic.no_zone", words),)
    words = Text(
        f"分区“{zone.title.zh}”待以 GB 18306 图核实，另一关系一并给出",
        f"zone '{zone.title.en}' is to be confirmed on the GB 18306 map; the other relation is shown beside it",
    )
    return intensity_set(zone.set_id), zone.envelope_id, (Caveat("seismic.zone_probable", words),)


def _shaking(scenario: Scenario, relation: IntensitySet, shape: Shape, strike: float | None) -> Shaking:
    length = rupture_length_km(scenario.magnitude, scenario.mechanism) if shape is Shape.LINE else 0.0
    return Shaking(scenario.lon, scenario.lat, shape, strike or 0.0, length, relation.at(scenario.magnitude))


def _lines(shaking: Shaking) -> tuple[Contour, ...]:
    found = (shaking.outline(degree) for degree in range(_LOWEST_LINE, _HIGHEST_LINE + 1))
    return tuple(line for line in found if line is not None)


def _grid_about(shaking: Shaking) -> Grid:
    """A square grid of UTM that holds degree V, no smaller than 20 km and no larger than 1,000 km across."""
    half_m = 1000.0 * min(500.0, max(10.0, 1.05 * max(shaking.reach_km(5.0))))
    cell_m = math.ceil(2.0 * half_m / _GRID_CELLS / 10.0) * 10.0
    zone = min(60, int((shaking.lon + 180.0) // 6.0) + 1)
    crs = f"EPSG:{(32600 if shaking.lat >= 0 else 32700) + zone}"
    east, north = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(shaking.lon, shaking.lat)
    west = math.floor((east - half_m) / cell_m) * cell_m
    top = math.ceil((north + half_m) / cell_m) * cell_m
    return Grid(_GRID_CELLS, _GRID_CELLS, cell_m, west, top, crs)


def _fields(scenario: Scenario, shaking: Shaking, grid: Grid, strike: float | None) -> tuple[Field, Field]:
    """Intensity and peak acceleration over the grid."""
    if not grid.crs.startswith("EPSG:"):
        raise Invalid(Text("格网须采用 EPSG 坐标系", "The grid must be in an EPSG system"))
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    x, y = np.meshgrid(grid.x_m, grid.y_m)
    lons, lats = to_degrees.transform(x, y)
    along, across = offsets(scenario.lon, scenario.lat, lons, lats, shaking.strike_deg)
    intensity = shaking.at(along, across)
    if scenario.vs30_m_s != REFERENCE_VS30_M_S:
        intensity = intensity + intensity_shift(intensity, scenario.vs30_m_s)
    length_m = (
        1000.0 * rupture_length_km(scenario.magnitude, scenario.mechanism) if strike is not None else 0.0
    )
    rjb_km = distance_to_segment_m(along, across, length_m) / 1000.0
    ln_pga, _ = ground_motion(
        "PGA", scenario.magnitude, rjb_km, scenario.vs30_m_s, scenario.mechanism, Region.HIGH_Q
    )
    return (
        Field("intensity", "", Text("地震烈度", "seismic intensity"), grid, np.clip(intensity, 1.0, 12.0)),
        Field("pga", "m/s²", Text("峰值加速度", "peak ground acceleration"), grid, 9.81 * np.exp(ln_pga)),
    )


def _impact(
    scenario: Scenario,
    shaking: Shaking,
    relation: IntensitySet,
    exposure: Exposure | None,
    matrix: DamageMatrix,
) -> tuple[Impact | None, tuple[Caveat, ...]]:
    if exposure is None or not len(exposure):
        words = Text(
            "未提供人口与房屋数据，未计算伤亡与损失", "no exposure: people and losses are not computed"
        )
        return None, (Caveat("seismic.no_exposure", words),)
    exposure.check()
    if exposure.classes != matrix.classes:
        raise Invalid(
            Text("房屋结构类型与破坏矩阵不一致", "The building classes are not those of the damage matrix"),
            facts={"exposure": exposure.classes, "matrix": matrix.classes},
        )
    along, across = offsets(scenario.lon, scenario.lat, exposure.lon, exposure.lat, shaking.strike_deg)
    intensity = shaking.at(along, across)
    if exposure.vs30_m_s is not None:
        intensity = intensity + intensity_shift(intensity, exposure.vs30_m_s)
    night = night_share(scenario.local_hour)
    assumed = Assumptions(matrix, scenario.relation, night, relation.sigma, scenario.seed)
    return assess(exposure, np.clip(intensity, 1.0, 12.0), assumed), ()


def _limits(scenario: Scenario, shaking: Shaking) -> tuple[Caveat, ...]:
    """What the figures themselves show to be outside the relations' reach."""
    said = []
    if not in_china_box(scenario.lon, scenario.lat):
        words = Text(
            "震中在中国范围之外，关系未经检验",
            "outside China the relations are not tested",
        )
        said.append(Caveat("seismic.outside_china", words))
    if shaking.shape is not Shape.LINE and max(shaking.reach_km(6.0)) > shaking.ellipse.crossing_km:
        words = Text(
            "Ⅵ度区超出长短轴关系的有效距离", "degree Ⅵ reaches beyond the distance where the axes hold"
        )
        said.append(Caveat("seismic.axes_cross", words))
    return tuple(said)


def _manifest(
    scenario: Scenario,
    chosen: dict[str, Any],
    exposure: Exposure | None,
    matrix: DamageMatrix,
    caveats: tuple[Caveat, ...],
) -> Manifest:
    inputs = scenario.as_json() | chosen
    if exposure is not None:
        inputs |= {"exposure": exposure.source, "exposure_sha256": exposure.digest()}
    names = (
        "attenuation",
        "zones",
        "bssa14",
        "damage_states",
        "fatality",
        "night_factor",
        "density_factor",
        "rupture",
    )
    tables = {name: packaged_table("anlan.science.seismic", name).version for name in names}
    tables["damage_matrix"] = matrix.version
    return manifest_of(CARD, inputs, tables=tables, seed=scenario.seed, caveats=caveats)


def _line(contour: Contour) -> dict[str, Any]:
    return {"degree": int(contour.level), "polygons": contour.polygons, **contour.facts}


def _refused(zh: str, en: str, value: float, span: str) -> Invalid:
    return Invalid(
        Text(f"{zh} {value} 无效，应在 {span} 之间", f"The {en} {value} is not valid: it lies within {span}"),
        facts={en: value if math.isfinite(value) else None},
    )
