"""A tank farm, and a worker whose clock the test turns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def plant(db: Any) -> Any:
    """One temperature with H at 80 and HH at 90."""
    from tests.domains.monitoring.plant import new_plant

    from anlan.kernel.levels import Condition

    return new_plant("tank-farm", limits={Condition.HIGH: 80.0, Condition.HIGH_HIGH: 90.0})


@pytest.fixture
def compute() -> Callable[[float], int]:
    """``compute(minutes)``: the worker computes so long after the first alarm."""
    from tests.domains.monitoring.risk.tank_farm import FIRST
    from tests.people import as_service

    from anlan.domains.monitoring.risk.services import compute_scores
    from anlan.kernel.clock import FixedClock, use_clock

    def at(minutes: float) -> int:
        with as_service("worker"), use_clock(FixedClock(FIRST + timedelta(minutes=minutes))):
            return compute_scores()

    return at
