"""Whole chains on timelines of their own, run headless on a live system, again and again."""

from anlan.demo.scenarios.ammonia_leak import run_ammonia_leak

SCENARIOS = {"ammonia-leak": run_ammonia_leak}

__all__ = ["SCENARIOS"]
