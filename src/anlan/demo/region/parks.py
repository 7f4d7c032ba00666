"""The parks around which generated enterprises stand. Their centres are entered by hand and approximate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Park:
    """A park: approximate centre in degrees, how far its enterprises scatter, and how many there are."""

    name: str
    region: str
    zone: str | None
    lon: float
    lat: float
    spread_km: float
    enterprises: int


PARKS = (
    Park("宁东能源化工基地", "640181", "ningdong", 106.60, 38.16, 9.0, 52),
    Park("平罗工业园区", "640221", None, 106.58, 38.93, 4.0, 28),
    Park("石嘴山经济技术开发区", "640205", None, 106.72, 39.18, 4.0, 24),
    Park("中卫工业园区", "640502", None, 105.06, 37.58, 5.0, 24),
    Park("银川苏银产业园", "640104", None, 106.47, 38.34, 3.0, 12),
    Park("青铜峡工业园区", "640381", None, 105.98, 37.95, 3.0, 8),
)
"""148 enterprises in all, the number of the region's plan."""
