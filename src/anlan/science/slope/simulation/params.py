"""What a simulation of shallow slides is asked: the schema of ``params.json``. SI, angles in degrees."""

from typing import Annotated, Literal

from msgspec import Meta

from anlan.science.params import Name, Strict
from anlan.science.terrain.asked import Bed


class Soil(Strict, frozen=True):
    """One soil over a slip surface that is parallel to the ground at *depth_m*."""

    cohesion_pa: Annotated[float, Meta(ge=0, le=1e6)]
    friction_deg: Annotated[float, Meta(ge=0, lt=89)]
    unit_weight_n_m3: Annotated[float, Meta(ge=5e3, le=4e4)]
    depth_m: Annotated[float, Meta(gt=0, le=100)]


class Params(Strict, frozen=True):
    """Safety factors over a terrain, with seepage *water_m* above the slip surface.

    *levels* are the safety factors at and below which zones are drawn; 1 is the balance itself.
    """

    schema: Literal[1]
    name: Name
    terrain: Bed
    soil: Soil
    water_m: Annotated[float, Meta(ge=0, le=100)] = 0.0
    levels: tuple[Annotated[float, Meta(gt=0, le=10)], ...] = (1.0,)
    note: Name | None = None
