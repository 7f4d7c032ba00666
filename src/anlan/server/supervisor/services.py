"""Our own processes as the supervisor runs them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from anlan.server.heartbeat import read_beat
from anlan.server.supervisor.child import Spec
from anlan.server.supervisor.layout import python_command

WITHOUT_DATABASE = ("historian",)
"""Started while the database is brought up to date."""
WITH_DATABASE = ("web", "front", "evaluator", "relay", "door", "worker")
"""Started together after that; each waits by itself for what it needs of another."""

_HUNG_S = 90.0


def service_spec(name: str, env: Mapping[str, str], run: Path) -> Spec:
    """The process ``anlan run NAME``, judged by its health file."""

    async def ready(started_at: float) -> bool:
        beat = read_beat(run, name)
        return beat is not None and beat.at >= _moment(started_at) and beat.ok

    def hung(started_at: float) -> bool:
        beat = read_beat(run, name)
        return beat is not None and beat.at >= _moment(started_at) and beat.age_s > _HUNG_S

    return Spec(
        name=name, command=lambda: python_command("run", name), ready=ready, env=env, hung=hung, stop_s=20.0
    )


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
