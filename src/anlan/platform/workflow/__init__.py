"""State tables: one table drives the API, the screens and the tests.

A domain's ``states.py`` declares a `Workflow`; its services ask `Workflow.require`
before they change a state; the detail of an object lists `Workflow.available`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem
from anlan.kernel.text import LabelledEnum, Text

if TYPE_CHECKING:
    from ninja import Schema

    from anlan.platform.commands import Principal


@dataclass(frozen=True)
class Transition:
    """One verb of the trade: what it is called, where it leads, who may, and when not.

    *guard* looks at the object and returns the `Problem` that stands in the way,
    or None. *form* is what the person must fill in; *confirm* is asked before a
    step that cannot be taken back. A *target* of None leaves the object's state as
    it is: what another app does with it, such as opening an incident from an alarm.
    """

    event: str
    source: frozenset[str]
    target: str | None
    label: Text
    permission: str
    guard: Callable[[Any], Problem | None] | None = None
    form: "type[Schema] | None" = None
    confirm: Text | None = None


class Workflow:
    """The state table of one kind of object, whose state is the attribute *field*."""

    def __init__(
        self, states: type[LabelledEnum], transitions: Iterable[Transition], *, field: str = "state"
    ) -> None:
        self.states = states
        self.field = field
        self.transitions = tuple(transitions)
        self._by_event = {transition.event: transition for transition in self.transitions}
        self._check()

    def _check(self) -> None:
        if len(self._by_event) != len(self.transitions):
            raise ValueError("two transitions share an event")
        known = {str(state) for state in self.states}
        for transition in self.transitions:
            named = (
                transition.source if transition.target is None else transition.source | {transition.target}
            )
            unknown = {str(state) for state in named} - known
            if unknown:
                raise ValueError(f"{transition.event} speaks of unknown states {sorted(unknown)}")

    def extended(self, *more: Transition) -> "Workflow":
        """This table with *more* at its end."""
        return Workflow(self.states, (*self.transitions, *more), field=self.field)

    def available(self, obj: object, principal: "Principal") -> list[Transition]:
        """What *principal* may do with *obj* right now, in the table's order."""
        return [t for t in self.transitions if self._hindrance(t, obj, principal) is None]

    def require(self, event: str, obj: object, principal: "Principal") -> Transition:
        """The transition of *event*, when it is allowed.

        Raises `NotFound` for an event that the table does not know, `Forbidden`
        without the permission, `Conflict` in another state, or the guard's `Problem`.
        """
        transition = self._by_event.get(event)
        if transition is None:
            raise NotFound()
        hindrance = self._hindrance(transition, obj, principal)
        if hindrance is not None:
            raise hindrance
        return transition

    def _hindrance(self, transition: Transition, obj: object, principal: "Principal") -> Problem | None:
        if not _permitted(transition, obj, principal):
            return Forbidden()
        state = self.states(getattr(obj, self.field))
        if str(state) not in {str(source) for source in transition.source}:
            return _wrong_state(transition, state)
        return transition.guard(obj) if transition.guard else None


def _permitted(transition: Transition, obj: object, principal: "Principal") -> bool:
    """A permission held in one county means nothing for an object of another."""
    region = getattr(obj, "region", None)
    if region is None:
        return transition.permission in principal.permissions
    return principal.may(transition.permission, region, getattr(obj, "zone", None))


def _wrong_state(transition: Transition, state: LabelledEnum) -> Conflict:
    return Conflict(
        Text(
            f"当前状态为“{state.label.zh}”，不能{transition.label.zh}",
            f"In the state “{state.label.en}” this cannot be done: {transition.label.en}",
        ),
        facts={"state": str(state), "event": transition.event},
    )
