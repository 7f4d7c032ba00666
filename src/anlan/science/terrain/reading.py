"""Terrain files as people bring them: GeoTIFF and SRTM tiles, read from bytes and checked.

A bad raster is refused with what is wrong in it: no coordinate system, swapped
axes, coordinates that are not those of its system, void cells, heights that no
land has. Rasters in degrees, and in projections whose metres are not those of the
ground (Web Mercator), are warped in memory into the UTM zone of their middle.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

import numpy as np
import pyproj
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject
from scipy.ndimage import distance_transform_edt

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Grid
from anlan.kernel.models import Caveat
from anlan.kernel.text import Text

LOWEST_M, HIGHEST_M = -500.0, 9000.0
FINEST_M, COARSEST_M = 0.05, 10_000.0
#: how far the metres of a projection may be from those of the ground: a neighbour's UTM zone is 0.5 % off
_MOST_STRETCH = 0.01
#: degrees beyond the area of a coordinate system within which people still use it
_BESIDE = 6.0
_HGT = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_VOID_HGT = -32768
_CHINA = (73.0, 136.0, 3.0, 54.0)


@dataclass(frozen=True)
class Terrain:
    """Heights (m, rows × columns) over *grid*, row 0 north; NaN where void. *caveats* go with every use."""

    grid: Grid
    height_m: NDArray[np.float64]
    caveats: tuple[Caveat, ...] = field(default=())

    @property
    def void_cells(self) -> int:
        return int(np.isnan(self.height_m).sum())


def read_geotiff(data: bytes, *, fill: bool = False) -> Terrain:
    """The first band of a GeoTIFF given as bytes.

    *fill* replaces void cells by their nearest neighbours, with a caveat; otherwise
    they are refused. Raises `Invalid`.
    """
    if not data:
        raise _invalid("文件为空", "The file is empty")
    try:
        with MemoryFile(data) as memory, memory.open() as opened:
            values, transform, crs = _band(opened)
    except RasterioError as problem:
        raise _invalid("无法识别该栅格文件", "This file cannot be read as a raster") from problem
    return _checked(values, transform, crs, fill=fill)


def read_hgt(data: bytes, name: str, *, fill: bool = False) -> Terrain:
    """A tile of SRTM heights (``N38E106.hgt``, or a zip that holds it), 3 or 1 arc seconds.

    The corner comes from *name* or from the name in the zip. Raises `Invalid`.
    """
    if data[:2] == b"PK":
        data, name = _unzipped(data, name)
    found = _HGT.search(name)
    if found is None:
        raise _invalid(
            "文件名中没有经纬度（应如 N38E106.hgt）", "The name holds no corner (wanted N38E106.hgt)"
        )
    size = {1201 * 1201 * 2: 1201, 3601 * 3601 * 2: 3601}.get(len(data))
    if size is None:
        raise _invalid(
            f"HGT 文件大小 {len(data)} 字节不符合 1″ 或 3″ 规格",
            f"{len(data)} bytes are no tile of 1 or 3 arc seconds",
        )
    values = np.frombuffer(data, ">i2").reshape(size, size).astype(np.float64)
    values[values == _VOID_HGT] = np.nan
    south = int(found[2]) * (1 if found[1].upper() == "N" else -1)
    west = int(found[4]) * (1 if found[3].upper() == "E" else -1)
    step = 1 / (size - 1)
    transform = Affine(step, 0.0, west - step / 2, 0.0, -step, south + 1 + step / 2)
    return _checked(values, transform, CRS.from_epsg(4326), fill=fill)


def fill_voids(height_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Void cells (NaN) take the height of the nearest cell that has one. Raises `Invalid` when none has."""
    void = np.isnan(height_m)
    if void.all():
        raise _invalid("地形全部为空值", "The terrain is void everywhere")
    nearest = distance_transform_edt(void, return_distances=False, return_indices=True)
    return np.asarray(height_m[tuple(nearest)], np.float64)


def _band(opened: DatasetReader) -> tuple[NDArray[np.float64], Affine, CRS | None]:
    values = opened.read(1, masked=True).astype(np.float64).filled(np.nan)
    return values, opened.transform, opened.crs


def _checked(values: NDArray[np.float64], transform: Affine, crs: CRS | None, *, fill: bool) -> Terrain:
    _check_place(values, transform, crs)
    _check_heights(values)
    caveats: list[Caveat] = []
    void = int(np.isnan(values).sum())
    if void and not fill:
        raise Invalid(
            Text(f"地形中有 {void} 个空值像元", f"The terrain has {void} void cells"),
            next_step=Text("可选择以邻近值填补后再导入", "Import it again with filling by neighbours"),
            facts={"void_cells": void},
        )
    if void:
        values = fill_voids(values)
        share = 100 * void / values.size
        caveats.append(
            Caveat(
                "terrain.filled",
                Text(
                    f"{void} 个空值像元（{share:.1f}%）以邻近值填补",
                    f"{void} void cells ({share:.1f} %) filled by neighbours",
                ),
            )
        )
    if crs is not None and (crs.is_geographic or _stretch(values, transform, crs) > _MOST_STRETCH):
        before = Text("经纬度", "degrees") if crs.is_geographic else Text(_name(crs), _name(crs))
        values, transform, crs = _to_metres(values, transform, crs)
        caveats.append(
            Caveat(
                "terrain.warped",
                Text(
                    f"已由{before.zh}重投影至 {crs.to_string()}",
                    f"Warped from {before.en} to {crs.to_string()}",
                ),
            )
        )
    if not _in_china(*_middle(values, transform, crs)):
        lon, lat = _middle(values, transform, crs)
        caveats.append(
            Caveat(
                "terrain.outside_china",
                Text(
                    f"地形中心在东经 {lon:.2f}、北纬 {lat:.2f}，不在中国，请核对坐标系与分带",
                    f"the terrain's middle is at {lon:.2f}, {lat:.2f}, which is not in China: check the coordinate "
                    "system and its zone",
                ),
            )
        )
    grid = _grid(values, transform, crs)
    return Terrain(grid, values, tuple(caveats))


def _check_place(values: NDArray[np.float64], transform: Affine, crs: CRS | None) -> None:
    if values.size == 0:
        raise _invalid("地形为空", "The terrain is empty")
    if crs is None:
        raise Invalid(
            Text("地形没有坐标系", "The terrain has no coordinate system"),
            next_step=Text("请用带坐标系的 GeoTIFF", "Use a GeoTIFF that carries one"),
        )
    if not np.isfinite(list(transform)).all():
        raise _invalid("地形的位置参数不是有限数", "The terrain's place is not given in finite numbers")
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise Invalid(
            Text("地形不是正北朝上，或行列颠倒", "The terrain is not north-up, or its axes are swapped"),
            next_step=Text(
                "请用 gdalwarp 转为正北朝上的栅格后再导入",
                "Turn it into a north-up raster (gdalwarp) and import it again",
            ),
        )
    if crs.is_geographic:
        _check_degrees(*_place(transform, values.shape[1] / 2, values.shape[0] / 2))
    elif crs.is_projected:
        _check_projected(values, transform, crs)
    else:
        raise _invalid(
            "地形的坐标系既非经纬度也非投影坐标", "The coordinate system is neither degrees nor projected"
        )


def _check_degrees(lon: float, lat: float) -> None:
    if -180 <= lon <= 180 and -90 <= lat <= 90 and (_in_china(lon, lat) or not _in_china(lat, lon)):
        return
    if max(abs(lon), abs(lat)) > 1000:
        raise Invalid(
            Text(
                f"坐标 {lon:.0f}、{lat:.0f} 不是经纬度，似为米",
                f"The coordinates {lon:.0f}, {lat:.0f} are no degrees: they look like metres",
            ),
            next_step=_DECLARE,
        )
    if _in_china(lat, lon):
        raise _invalid(
            f"经纬度疑似颠倒：中心为经度 {lon:.3f}、纬度 {lat:.3f}",
            f"Longitude and latitude seem swapped: the middle is at {lon:.3f}, {lat:.3f}",
        )
    raise _invalid(
        f"中心经度 {lon:.3f}、纬度 {lat:.3f} 不是有效位置",
        f"The middle at {lon:.3f}, {lat:.3f} is no place on Earth",
    )


def _check_projected(values: NDArray[np.float64], transform: Affine, crs: CRS) -> None:
    """Refuse coordinates that are not metres, or that lie where their system has no land: swapped, or another's."""
    if crs.linear_units_factor[1] != 1.0:
        raise _invalid("坐标单位不是米", "The coordinates are not in metres")
    if not FINEST_M <= transform.a <= COARSEST_M:
        raise Invalid(
            Text(
                f"像元 {transform.a:g} m 超出 {FINEST_M:g}–{COARSEST_M:g} m，坐标是否为经纬度？",
                f"Cells of {transform.a:g} m: wanted {FINEST_M:g} to {COARSEST_M:g} m (are the coordinates degrees?)",
            ),
            next_step=_DECLARE,
        )
    x, y = _place(transform, values.shape[1] / 2, values.shape[0] / 2)
    if _lies_within(crs, x, y):
        return
    if _lies_within(crs, y, x):
        raise Invalid(
            Text(
                f"东西与南北坐标疑似颠倒：中心为 x={x:.0f}、y={y:.0f}",
                f"Easting and northing seem swapped: the middle is at x={x:.0f}, y={y:.0f}",
            ),
            next_step=_DECLARE,
        )
    raise Invalid(
        Text(
            f"中心 x={x:.0f}、y={y:.0f} 不在坐标系 {_name(crs)} 的适用范围内",
            f"The middle at x={x:.0f}, y={y:.0f} is not where {_name(crs)} holds",
        ),
        next_step=_DECLARE,
    )


_DECLARE = Text(
    "请为栅格声明正确的坐标系与分带", "Declare the coordinate system that the raster is in, and its zone"
)


def _lies_within(crs: CRS, x: float, y: float) -> bool:
    """Whether a place lies in the area of its coordinate system, or a zone beside it."""
    system = _system(crs)
    lon, lat = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(x, y)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return False
    area = system.area_of_use
    if area is None or area.west > area.east:
        return True
    return bool(
        area.west - _BESIDE <= lon <= area.east + _BESIDE
        and area.south - _BESIDE <= lat <= area.north + _BESIDE
    )


def _stretch(values: NDArray[np.float64], transform: Affine, crs: CRS) -> float:
    """By what share the metres of a projection differ from those of the ground, at the terrain's middle."""
    factors = pyproj.Proj(_system(crs)).get_factors(*_middle(values, transform, crs))
    return max(abs(factors.meridional_scale - 1.0), abs(factors.parallel_scale - 1.0))


def _middle(values: NDArray[np.float64], transform: Affine, crs: CRS | None) -> tuple[float, float]:
    """Longitude and latitude of the middle."""
    x, y = _place(transform, values.shape[1] / 2, values.shape[0] / 2)
    if crs is None or crs.is_geographic:
        return x, y
    system = _system(crs)
    lon, lat = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(x, y)
    return float(lon), float(lat)


def _in_china(lon: float, lat: float) -> bool:
    west, east, south, north = _CHINA
    return west <= lon <= east and south <= lat <= north


def _system(crs: CRS) -> pyproj.CRS:
    """By its code where it has one: only the register knows where a system holds."""
    code = crs.to_epsg()
    return pyproj.CRS.from_epsg(code) if code else pyproj.CRS.from_wkt(crs.to_wkt())


def _name(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(_system(crs).name)


def _check_heights(values: NDArray[np.float64]) -> None:
    values[np.isinf(values)] = np.nan
    known = values[~np.isnan(values)]
    if known.size == 0:
        raise _invalid("地形全部为空值", "The terrain is void everywhere")
    if known.min() < LOWEST_M or known.max() > HIGHEST_M:
        raise Invalid(
            Text(
                f"高程 {known.min():g}…{known.max():g} m 超出 {LOWEST_M:g}…{HIGHEST_M:g} m",
                f"Heights of {known.min():g} … {known.max():g} m: land lies within {LOWEST_M:g} … {HIGHEST_M:g} m",
            ),
            next_step=Text("请核对单位，并声明空值代码", "Check the unit, and declare the void value"),
            facts={"lowest_m": float(known.min()), "highest_m": float(known.max())},
        )


def _to_metres(
    values: NDArray[np.float64], transform: Affine, crs: CRS
) -> tuple[NDArray[np.float64], Affine, CRS]:
    rows, columns = values.shape
    lon, lat = _middle(values, transform, crs)
    zone = min(60, int((lon + 180) // 6) + 1)
    metres = CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)
    bounds = (*_place(transform, 0, rows), *_place(transform, columns, 0))
    target, width, height = calculate_default_transform(crs, metres, columns, rows, *bounds)
    out = np.full((height, width), np.nan)
    reproject(
        values,
        out,
        src_transform=transform,
        src_crs=crs,
        dst_transform=target,
        dst_crs=metres,
        src_nodata=np.nan,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return _trimmed(out, target, metres)


def _trimmed(
    values: NDArray[np.float64], transform: Affine, crs: CRS
) -> tuple[NDArray[np.float64], Affine, CRS]:
    """The largest margin-free rectangle that shrinking every side in turn leaves: warping slants the edges."""
    top, bottom, left, right = 0, values.shape[0], 0, values.shape[1]
    while bottom - top > 1 and right - left > 1:
        part = np.isnan(values[top:bottom, left:right])
        if not part.any():
            break
        shares = (part[0].mean(), part[-1].mean(), part[:, 0].mean(), part[:, -1].mean())
        worst = int(np.argmax(shares))
        top, bottom = top + (worst == 0), bottom - (worst == 1)
        left, right = left + (worst == 2), right - (worst == 3)
    return values[top:bottom, left:right], _shifted(transform, left, top), crs


def _place(transform: Affine, column: float, row: float) -> tuple[float, float]:
    return float(transform.c + column * transform.a), float(transform.f + row * transform.e)


def _shifted(transform: Affine, columns: int, rows: int) -> Affine:
    west, north = _place(transform, columns, rows)
    return Affine(transform.a, 0.0, west, 0.0, transform.e, north)


def _grid(values: NDArray[np.float64], transform: Affine, crs: CRS | None) -> Grid:
    if abs(transform.a + transform.e) > 1e-3 * transform.a:
        raise Invalid(
            Text(
                f"像元不是正方形：{transform.a:g} × {-transform.e:g} m",
                f"The cells are not square: {transform.a:g} × {-transform.e:g} m",
            ),
            next_step=Text(
                "请重采样为正方形像元（gdalwarp -tr）后再导入",
                "Resample it to square cells (gdalwarp -tr) and import it again",
            ),
        )
    name = crs.to_string() if crs is not None else ""
    rows, columns = values.shape
    return Grid(rows, columns, float(transform.a), float(transform.c), float(transform.f), name)


def _unzipped(data: bytes, name: str) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [entry for entry in packed.infolist() if entry.filename.lower().endswith(".hgt")]
            if len(inside) != 1 or inside[0].file_size > 3601 * 3601 * 2:
                raise _invalid("压缩包须恰含一个 HGT 文件", "The zip must hold exactly one .hgt tile")
            found = inside[0].filename.rpartition("/")[2]
            return packed.read(inside[0]), found if _HGT.search(found) else name
    except zipfile.BadZipFile as problem:
        raise _invalid("压缩包已损坏", "The zip is broken") from problem


def _invalid(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
