"""Statutory and configured clocks: they start, pause, go on and escalate, and outlive every process."""

from anlan.platform.deadlines.contracts import DeadlineKind, DeadlineState, Step, register_deadline

__all__ = ["DeadlineKind", "DeadlineState", "Step", "register_deadline"]
