"""The evaluator: readings of one partition become transitions, exactly once across any restart."""

from anlan.stream.evaluator.evaluator import Evaluator
from anlan.stream.evaluator.snapshots import SnapshotFile

__all__ = ["Evaluator", "SnapshotFile"]
