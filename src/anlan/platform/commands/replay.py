"""Calling a recorded command again."""

from collections.abc import Callable, Iterable
from typing import Any

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.ids import ReplayedIds, use_ids
from anlan.platform.commands.execution import registered_services
from anlan.platform.commands.models import Command
from anlan.platform.identity.principals import Principal, acting_as


def replay_all(recorded: Iterable[Command], principal_of: Callable[[str], Principal]) -> None:
    """Call recorded commands again in the order given; *principal_of* finds who acted by the recorded key."""
    for command in recorded:
        replay(command, principal_of(command.principal))


def replay(recorded: Command, principal: Principal) -> Any:
    """Call the service of *recorded* with its arguments, time and identifiers, as *principal*.

    On the state that the command met, this gives the same rows. Children are
    replayed by their parent: give only commands without one. Raises
    `ValueError` for a child and for a record that left out a secret,
    `LookupError` when the code now asks for more identifiers than recorded.
    """
    if recorded.parent is not None:
        raise ValueError("a child command is replayed by its parent")
    service = registered_services()[recorded.verb]
    args, kwargs = service.codec.decode(recorded.arguments)
    ids = ReplayedIds([recorded.id, *recorded.ids])
    with acting_as(principal), use_clock(FixedClock(recorded.at)), use_ids(ids):
        return service.call(*args, **kwargs)
