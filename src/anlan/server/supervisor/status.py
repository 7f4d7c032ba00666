"""What is running, how it fares, and where: read from outside, without secrets."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anlan.kernel.text import LabelledEnum
from anlan.server.heartbeat import STALE_S, read_beat
from anlan.server.supervisor.locks import FolderLock


class Fare(LabelledEnum):
    """How a process, or the whole, fares."""

    HEALTHY = "healthy", "正常", "healthy"
    DEGRADED = "degraded", "降级", "degraded"
    DOWN = "down", "停止", "down"


@dataclass(frozen=True)
class ProcessStatus:
    """One process: how it fares and what it says."""

    name: str
    fare: Fare
    pid: int | None
    restarts: int
    started_at: str | None
    detail: dict[str, object]


@dataclass(frozen=True)
class SystemStatus:
    """A whole system."""

    fare: Fare
    url: str
    data: str
    started_at: str | None
    ports: dict[str, int]
    external: list[str]
    processes: list[ProcessStatus]

    def as_json(self) -> dict[str, object]:
        return {
            "status": self.fare.value,
            "url": self.url,
            "data": self.data,
            "started_at": self.started_at,
            "ports": self.ports,
            "external": self.external,
            "processes": {
                process.name: {
                    "status": process.fare.value,
                    "pid": process.pid,
                    "restarts": process.restarts,
                    "started_at": process.started_at,
                    "detail": process.detail,
                }
                for process in self.processes
            },
        }


def read_run(data: Path) -> dict[str, Any] | None:
    """``run.json`` of the system on *data*, secrets included; None unless it is running."""
    if not (data / "lock").exists() or FolderLock(data / "lock").is_free():
        return None
    try:
        said: dict[str, Any] = json.loads((data / "run.json").read_text())
    except (OSError, ValueError):
        return None
    return said


def system_status(data: Path) -> SystemStatus:
    """How the system on *data* fares now."""
    said = read_run(data)
    if said is None:
        return SystemStatus(Fare.DOWN, "", str(data), None, {}, [], [])
    run = Path(said["run"])
    processes = [_process_status(run, name, told) for name, told in said["processes"].items()]
    whole = Fare.HEALTHY if all(p.fare is Fare.HEALTHY for p in processes) else Fare.DEGRADED
    if "front" not in said["processes"]:
        whole = Fare.DEGRADED
    return SystemStatus(
        whole, said["url"], said["data"], said["started_at"], said["ports"], said["external"], processes
    )


def _process_status(run: Path, name: str, told: dict[str, Any]) -> ProcessStatus:
    beat = read_beat(run, name)
    detail = dict(beat.detail) if beat is not None else {}
    if told["pid"] is None:
        fare, detail = Fare.DOWN, {"last_exit": told["last_exit"]}
    elif beat is None or beat.age_s > STALE_S:
        fare = Fare.DEGRADED
        detail["silent_s"] = None if beat is None else round(beat.age_s, 1)
    else:
        fare = Fare.HEALTHY if beat.ok and told["state"] == "running" else Fare.DEGRADED
    return ProcessStatus(name, fare, told["pid"], told["restarts"], told["started_at"], detail)
