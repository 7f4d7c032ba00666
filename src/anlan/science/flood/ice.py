"""Stage of a river under ice."""

import math

from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.science.flood.checks import number
from anlan.science.registry import model

ICE_TO_WATER = 0.917


def composite_manning(bed: float, ice: float) -> float:
    """n_c = ((n_b^1.5 + n_i^1.5)/2)^(2/3): bed and cover of one width (Belokon–Sabaneev).

    >>> round(composite_manning(0.03, 0.03), 6)
    0.03
    """
    number(bed, "河床糙率", "Manning's n of the bed", above=0, high=1)
    number(ice, "冰盖糙率", "Manning's n of the ice", above=0, high=1)
    return float(((bed**1.5 + ice**1.5) / 2) ** (2 / 3))


@model(
    ModelCard(
        id="flood.ice_stage",
        version="1",
        title=Text("冰盖下水位壅高", "Stage under an ice cover"),
        purpose=Text("封河期冰盖引起的水位抬升", "How much an ice cover raises the stage of a river"),
        applicability=Text(
            "宽浅河道、均匀流、完整冰盖；不含冰塞冰坝的堆积",
            "Wide channels, uniform flow, a full cover; not the piling up of a jam",
        ),
        inputs=(
            Quantity("discharge_m2_s", "m²/s", Text("单宽流量", "discharge per width"), 0.01, 50.0),
            Quantity("slope", "", Text("比降", "slope"), 1e-6, 0.01),
            Quantity("bed_manning", "", Text("河床糙率", "n of the bed"), 0.015, 0.08),
            Quantity("ice_manning", "", Text("冰盖糙率", "n of the ice"), 0.008, 0.12),
            Quantity("ice_m", "m", Text("冰厚", "thickness of the ice"), 0.0, 3.0),
        ),
        references=(
            "Belokon–Sabaneev composite roughness; Ashton (ed.) 1986, River and Lake Ice Engineering, ch. 3",
        ),
        verification=Verification.VERIFIED,
        suite="flood",
        outputs=(Quantity("rise_m", "m", Text("水位壅高", "rise of the stage")),),
        caveats=(
            Caveat(
                "ice.no_jam",
                Text(
                    "未计冰塞、冰坝的堆积，实际壅高可能更大",
                    "A jam piles up more than this: the true rise may be larger",
                ),
            ),
        ),
    )
)
def ice_stage_rise_m(
    discharge_m2_s: float, slope: float, bed_manning: float, ice_manning: float, ice_m: float
) -> float:
    """Stage under a floating cover less stage of the open river, both uniform in a wide channel.

    Open: h = (q n_b/√S)^(3/5). Covered, both faces rough, R = d/2: d = (q n_c 2^(2/3)/√S)^(3/5);
    the cover floats, so 0.917 of its thickness adds to the stage.
    """
    q = number(discharge_m2_s, "单宽流量", "The discharge per width", above=0)
    fall = math.sqrt(number(slope, "比降", "The slope", above=0, high=1))
    thick = number(ice_m, "冰厚", "The thickness of the ice", low=0)
    open_m = (q * bed_manning / fall) ** 0.6
    covered = (q * composite_manning(bed_manning, ice_manning) * 2 ** (2 / 3) / fall) ** 0.6
    return float(covered + ICE_TO_WATER * thick - open_m)
