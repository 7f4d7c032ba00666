"""Our own processes as the supervisor runs them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from anlan.server.heartbeat import read_beat
from anlan.server.nursery import NURSERY, nursery_socket
from anlan.server.supervisor.child import Spec
from anlan.server.supervisor.launching import Launch, executed, forked
from anlan.server.supervisor.layout import python_command

WITHOUT_DATABASE = ("historian",)
"""Started while the database is brought up to date."""
WITH_DATABASE = ("web", "front", "evaluator", "relay", "door", "worker")
"""Started together after that; each waits by itself for what it needs of another."""

_HUNG_S = 90.0


def nursery_spec(env: Mapping[str, str], run: Path) -> Spec:
    """The process that the services are forked from."""
    return _judged_by_its_beat(NURSERY, executed(lambda: python_command("run", NURSERY), env), run)


def service_spec(name: str, run: Path) -> Spec:
    """The process *name*, forked from the nursery."""
    return _judged_by_its_beat(name, forked(name, nursery_socket(run)), run)


def _judged_by_its_beat(name: str, launch: Launch, run: Path) -> Spec:

    async def ready(started_at: float) -> bool:
        beat = read_beat(run, name)
        return beat is not None and beat.at >= _moment(started_at) and beat.ok

    def hung(started_at: float) -> bool:
        beat = read_beat(run, name)
        return beat is not None and beat.at >= _moment(started_at) and beat.age_s > _HUNG_S

    return Spec(name=name, launch=launch, ready=ready, hung=hung, stop_s=20.0)


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
