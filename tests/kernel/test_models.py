"""What a computed number says about itself."""

import math
from dataclasses import replace

import numpy as np
import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.fields import Field, Grid
from anlan.kernel.models import ModelCard, Quantity, Verification, canonical_json, manifest_of
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty, not_run

CARD = ModelCard(
    id="test.plume",
    version="1",
    title=Text("烟羽", "plume"),
    purpose=Text("测试", "a test"),
    applicability=Text("平坦地形", "flat ground"),
    inputs=(Quantity("wind_m_s", "m/s", Text("风速", "wind speed"), low=1.0, high=30.0),),
    references=("Turner 1970",),
    verification=Verification.VERIFIED,
    suite="test",
)


def test_a_run_outside_the_range_says_so() -> None:
    calm = manifest_of(CARD, {"wind_m_s": 0.3})
    assert [caveat.code for caveat in calm.caveats] == ["out_of_range.wind_m_s"]
    assert "0.3 m/s" in calm.caveats[0].words.zh
    assert manifest_of(CARD, {"wind_m_s": 3.0}).caveats == ()


def test_the_digest_depends_on_what_decides_the_result_and_on_nothing_else() -> None:
    one = manifest_of(CARD, {"wind_m_s": 3.0, "class": "D"}, tables={"gb18218": "2018"}, seed=1)
    same = manifest_of(CARD, {"class": "D", "wind_m_s": np.float64(3.0)}, tables={"gb18218": "2018"}, seed=1)
    assert one.digest == same.digest
    others = [
        manifest_of(CARD, {"wind_m_s": 3.1, "class": "D"}, tables={"gb18218": "2018"}, seed=1),
        manifest_of(CARD, {"wind_m_s": 3.0, "class": "D"}, tables={"gb18218": "2026"}, seed=1),
        manifest_of(CARD, {"wind_m_s": 3.0, "class": "D"}, tables={"gb18218": "2018"}, seed=2),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 4


def test_a_manifest_names_its_model_in_words_and_the_words_decide_nothing() -> None:

    made = manifest_of(CARD, {"wind_m_s": 3.0})
    assert made.as_json()["title"] == {"zh": "烟羽", "en": "plume"}
    renamed = manifest_of(replace(CARD, title=Text("羽流", "a plume")), {"wind_m_s": 3.0})
    assert renamed.digest == made.digest


def test_nothing_that_is_no_number_gets_into_a_manifest() -> None:
    with pytest.raises(ValueError):
        canonical_json({"a": float("nan")})


def test_a_card_without_reference_or_suite_is_refused() -> None:

    with pytest.raises(ValueError, match="reference"):
        replace(CARD, references=())
    with pytest.raises(ValueError, match="suite"):
        replace(CARD, suite="")


@pytest.mark.parametrize(
    "wrong", [(0, 3, 10.0, 0.0), (2, 3, -1.0, 0.0), (2, 3, math.nan, 0.0), (2, 3, 10.0, math.inf)]
)
def test_a_grid_that_cannot_be_is_refused_with_words(wrong: tuple[int, int, float, float]) -> None:
    rows, columns, cell_m, west = wrong
    with pytest.raises(Invalid) as refusal:
        Grid(rows, columns, cell_m, west, 20.0, "local:106,38")
    assert refusal.value.next_step.zh


def test_a_field_fits_its_grid() -> None:
    grid = Grid(2, 3, 10.0, 0.0, 20.0, "local:106,38")
    assert grid.cell_of(25.0, 5.0) == (1, 2) and grid.cell_of(31.0, 5.0) is None
    assert grid.x_m.tolist() == [5.0, 15.0, 25.0] and grid.y_m.tolist() == [15.0, 5.0]
    Field("depth_m", "m", Text("水深", "depth"), grid, np.zeros((4, 2, 3)), (0.0, 1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match="shape"):
        Field("depth_m", "m", Text("水深", "depth"), grid, np.zeros((3, 2)))


def test_a_case_that_was_not_run_is_neither_passed_nor_failed() -> None:
    case = not_run("Malpasset S6", "Hervouet 1999", Certainty.PROBABLE, 10.2, "s", "the mesh is not at hand")
    assert case.as_json()["ours"] is None and case.as_json()["pass"] is None and not case.gates
