"""The record of a scenario's run: what happened, when by its own clock, how long it took, on which thread."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass
class Steps:
    """Steps in order. Two runs of one scenario with one seed say the same but for ``elapsed_ms``.

    A run makes new rows with ids of their own each time; *thread* is the name that the
    scenario and seed always have, and `names` leads from it to the newest real thread.
    """

    scenario: str
    seed: int
    said: list[dict[str, Any]] = field(default_factory=list)
    _began: float = field(default_factory=time.perf_counter)

    @property
    def thread(self) -> UUID:
        return thread_name(self.scenario, self.seed)

    def add(self, step: str, at: datetime, **facts: Any) -> None:
        """One step with its facts; the time taken is since the step before."""
        ended = time.perf_counter()
        self.said.append(
            {
                "step": step,
                "at": at.isoformat(),
                "elapsed_ms": round((ended - self._began) * 1000, 1),
                "thread": str(self.thread),
                **facts,
            }
        )
        self._began = ended

    def as_json(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "seed": self.seed,
            "synthetic": True,
            "thread": str(self.thread),
            "steps": self.said,
        }


def thread_name(scenario: str, seed: int) -> UUID:
    """The name that the threads of a scenario with this seed go by."""
    return uuid5(NAMESPACE_URL, f"anlan:scenario:{scenario}:{seed}")
