"""What a validation case says, whatever kind of number its figures are."""

import json

import numpy as np

from anlan.kernel.validation import Case, Certainty


def test_a_case_with_figures_of_numpy_is_json() -> None:
    case = Case("a", "b", Certainty.SURE, np.float64(1.0), np.float64(1.05), "m", np.float64(0.1))
    assert json.loads(json.dumps(case.as_json()))["pass"] is True
