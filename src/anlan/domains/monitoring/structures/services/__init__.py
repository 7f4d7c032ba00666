"""The only writers of structures."""

from anlan.domains.monitoring.structures.services.judging import judge_all, judge_structure
from anlan.domains.monitoring.structures.services.recording import (
    add_pond_point,
    add_slope_station,
    create_structure,
    file_pond_scale,
    file_station_scale,
)

__all__ = [
    "add_pond_point",
    "add_slope_station",
    "create_structure",
    "file_pond_scale",
    "file_station_scale",
    "judge_all",
    "judge_structure",
]
