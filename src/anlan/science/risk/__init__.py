"""The explainable risk index of monitored units and of what they roll up to.

Every weight comes from a `Weights`; every score is a whole number of hundredths whose
contributions are whole hundredths too, so that they add up to it exactly.
"""

from anlan.science.risk.columns import Alarms, Facts, Group, Tags, fold_tags
from anlan.science.risk.levels import LEVELS, NEVER, code_of, held_levels, levels_of
from anlan.science.risk.overrides import Overrides, blind_tags, rising_tags, toxic_tags
from anlan.science.risk.rollup import ROLL_UP_CARD, RollUp, roll_up
from anlan.science.risk.unit import CARD, UnitIndices, unit_indices
from anlan.science.risk.weights import OUR_DEFAULTS, Weights, weights_from

__all__ = [
    "CARD",
    "LEVELS",
    "NEVER",
    "OUR_DEFAULTS",
    "ROLL_UP_CARD",
    "Alarms",
    "Facts",
    "Group",
    "Overrides",
    "RollUp",
    "Tags",
    "UnitIndices",
    "Weights",
    "blind_tags",
    "code_of",
    "fold_tags",
    "held_levels",
    "levels_of",
    "rising_tags",
    "roll_up",
    "toxic_tags",
    "unit_indices",
    "weights_from",
]
