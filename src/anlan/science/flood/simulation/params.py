"""What a simulation of a flood is asked: the schema of ``params.json``. SI, rain in millimetres."""

from typing import Annotated, Literal

from msgspec import Meta

from anlan.science.flood.scenario import Precision, Scheme
from anlan.science.params import Name, Strict
from anlan.science.terrain.asked import Bed

Second = Annotated[float, Meta(ge=0, le=2_592_000)]
Positive = Annotated[float, Meta(gt=0)]


class Storm(Strict, frozen=True):
    """Rain on the whole grid: even, or a triangle with its peak at *peak* of the duration (Yen and Chow 1980)."""

    depth_mm: Annotated[float, Meta(gt=0, le=3000)]
    duration_s: Annotated[float, Meta(gt=0, le=604_800)]
    shape: Literal["uniform", "triangular"] = "triangular"
    peak: Annotated[float, Meta(gt=0, lt=1)] = 0.375


class Inflow(Strict, frozen=True):
    """A discharge that enters at a place, linear between its times."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-85, le=85)]
    times_s: Annotated[tuple[Second, ...], Meta(min_length=2, max_length=10_000)]
    m3_s: Annotated[tuple[Annotated[float, Meta(ge=0, le=1e6)], ...], Meta(min_length=2, max_length=10_000)]


class DamBreach(Strict, frozen=True):
    """A dam that breaks at a place: its hydrograph by Froehlich's breach (2008) and the reservoir's shape."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-85, le=85)]
    volume_m3: Annotated[float, Meta(gt=0, le=1e11)]
    water_m: Annotated[float, Meta(gt=0, le=300)]
    overtopping: bool = True


class Params(Strict, frozen=True):
    """One flood. Edges are closed but for *open_edges*, where water leaves; *curve_number* takes losses from the rain.

    *frames* asks for that many depths over time, evenly spaced, for playback.
    """

    schema: Literal[1]
    name: Name
    terrain: Bed
    duration_s: Annotated[float, Meta(gt=0, le=2_592_000)]
    manning: Annotated[float, Meta(gt=0, le=1)] = 0.035
    storm: Storm | None = None
    inflows: tuple[Inflow, ...] = ()
    dam: DamBreach | None = None
    curve_number: Annotated[float, Meta(ge=1, le=100)] | None = None
    open_edges: tuple[Literal["west", "east", "north", "south"], ...] = ()
    scheme: Scheme = Scheme.SECOND_ORDER
    precision: Precision = Precision.SINGLE
    frames: Annotated[int, Meta(ge=0, le=500)] = 0
    note: Name | None = None
