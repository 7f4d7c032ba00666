"""A flash fire: whoever stands in the flammable cloud when it is lit is taken to die, outside it nobody."""

from dataclasses import dataclass

import numpy as np

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Contour, Field
from anlan.kernel.models import Caveat, ModelCard, Quantity, Verification
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.science import guard
from anlan.science.chemical.harm.thresholds import Threshold
from anlan.science.chemical.harm.zones import level_set
from anlan.science.registry import model

CARD = ModelCard(
    id="chemical.flash_fire",
    version="1",
    title=Text("闪火", "Flash fire"),
    purpose=Text(
        "由浓度场给出爆炸下限及一半爆炸下限的范围",
        "The area above the lower flammable limit and above half of it",
    ),
    applicability=Text(
        "以扩散模型给出的最大浓度场为输入；云内视为致死，云外视为安全",
        "Takes the greatest concentrations of a dispersion model; lethal inside the cloud, safe outside",
    ),
    inputs=(
        Quantity("lower_limit_vol", "", Text("爆炸下限（体积分数）", "lower flammable limit"), 0.005, 0.2),
    ),
    references=(
        "TNO CPR 18E (Purple Book), section 5.2.2",
        "CCPS, Guidelines for VCE, PVB, BLEVE and Flash Fire, 2010",
    ),
    verification=Verification.VERIFIED,
    suite="chemical",
    outputs=(Quantity("area_m2", "m²", Text("面积", "area")),),
    caveats=(
        Caveat(
            "flash_fire.patches",
            Text(
                "平均浓度低于爆炸下限处仍可能有可燃气团，故同时给出一半爆炸下限",
                "Flammable patches occur below a mean of the lower limit, hence half of it too",
            ),
        ),
    ),
)


@model(CARD)
@dataclass(frozen=True)
class FlashFire:
    """Zones of a flash fire from *footprint*, the greatest volume fraction (unit ``""``) or ppm of each cell."""

    footprint: Field
    lower_limit_vol: float

    def __post_init__(self) -> None:
        guard.positive("爆炸下限", "lower flammable limit", self.lower_limit_vol, at_most=1)
        if self.footprint.unit not in ("", "ppm") or self.footprint.values.ndim != 2:
            raise Invalid(
                Text(
                    "闪火需要体积分数或 ppm 的最大浓度场",
                    "A flash fire needs one field of volume fractions or ppm",
                )
            )

    def zones(self) -> tuple[Contour, Contour]:
        """Where the cloud is above the lower limit, and above half of it."""
        scale = 1e6 if self.footprint.unit == "ppm" else 1.0
        unit = "ppm" if scale > 1 else ""
        whole = Text("爆炸下限", "lower flammable limit")
        half = Text("一半爆炸下限", "half the lower flammable limit")
        made = []
        for key, share, label in (("lfl", 1.0, whole), ("half_lfl", 0.5, half)):
            value = share * scale * self.lower_limit_vol
            level = Threshold(key, "concentration", value, unit, label, CARD.references[0], Certainty.SURE)
            made.append(level_set(self.footprint, level))
        return made[0], made[1]

    def lethality(self) -> Field:
        """1 inside the lower limit, 0 outside."""
        scale = 1e6 if self.footprint.unit == "ppm" else 1.0
        inside = np.nan_to_num(np.asarray(self.footprint.values, np.float64)) >= scale * self.lower_limit_vol
        label = Text("闪火致死概率", "share killed by the flash fire")
        return Field("lethality", "", label, self.footprint.grid, inside.astype(np.float32))
