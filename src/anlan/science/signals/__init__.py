"""The alarm step: readings and rules in, transitions of conditions out.

The evaluator of the stream and a rule test bench call the same `step`. State
is a structure of arrays; rules are compressed by point, so that one reading
touches only its own conditions.
"""

from anlan.science.signals.rules import KINDS, NO_DATA, Rules, compile_rules
from anlan.science.signals.state import NEVER, State, adapt, new_state, take_over, withdrawn
from anlan.science.signals.step import Readings, Transitions, listen_from, silence, step

__all__ = [
    "KINDS",
    "NEVER",
    "NO_DATA",
    "Readings",
    "Rules",
    "State",
    "Transitions",
    "adapt",
    "compile_rules",
    "listen_from",
    "new_state",
    "silence",
    "step",
    "take_over",
    "withdrawn",
]
