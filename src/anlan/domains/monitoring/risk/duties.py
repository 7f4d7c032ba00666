"""The worker keeps scores up to date."""

from datetime import timedelta

from anlan.kernel.text import Text
from anlan.platform.jobs.duties import Duty, register_duty

LOOK = timedelta(seconds=5)
"""How often it is asked whether anything has happened; the answer costs one row."""


def register_duties() -> None:
    """Declare the duty."""
    register_duty(Duty("risk", Text("计算安全风险", "Compute risk scores"), LOOK, _compute))


def _compute() -> None:
    from anlan.domains.monitoring.risk.services import compute_when_due

    compute_when_due()
