"""How a command runs: transaction, scope, permission, body, record.

A service called by another service joins its transaction (in a savepoint) and
is recorded as its child, by the same clock and out of the same identifiers.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, NotSignedIn, Problem
from anlan.kernel.ids import RecordingIds, current_ids, new_id, use_ids
from anlan.platform.commands.arguments import ArgumentCodec
from anlan.platform.identity.principals import Principal, acting_as, current_principal, decide, renewed
from anlan.platform.scope.private import ask_privately

P = ParamSpec("P")
R = TypeVar("R")

_INSUFFICIENT_PRIVILEGE = "42501"


@dataclass
class _Frame:
    """One service call under way, and the records of those that it called."""

    id: UUID
    verb: str
    arguments: dict[str, Any]
    at: datetime
    parent: "_Frame | None"
    ids: RecordingIds
    versions: dict[str, Any] = field(default_factory=dict)
    threads: dict[UUID, None] = field(default_factory=dict)
    principal: str = ""
    children: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class _Scope:
    """The transaction under way: on which connection, with which token in force."""

    connection: object
    token: str


_frame: ContextVar[_Frame | None] = ContextVar("anlan_command", default=None)
_scope: ContextVar[_Scope | None] = ContextVar("anlan_scope", default=None)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RegisteredService:
    """A service by its verb: the function to call and how its arguments are recorded."""

    call: Callable[..., Any]
    codec: ArgumentCodec


_services: dict[str, RegisteredService] = {}


def registered_services() -> dict[str, RegisteredService]:
    """All services declared so far, by verb."""
    return dict(_services)


def service(
    verb: str, *, permission: str, secret: tuple[str, ...] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one writer of *verb*: ``@service("alarms.confirm", permission="alarms.handle")``.

    The call is one transaction with the principal's scope; it is refused with
    `Forbidden` without *permission* and recorded either way, refusals in a
    transaction of their own. Arguments must be expressible in JSON by their
    annotations; those named in *secret* never enter the record.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        codec = ArgumentCodec(function, secret)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            frame = _new_frame(verb, codec.encode(args, kwargs))
            try:
                with _running(frame):
                    decide(current_principal(), permission)
                    return function(*args, **kwargs)
            except Exception as problem:
                _record_failure(frame, problem)
                raise

        if _services.setdefault(verb, RegisteredService(call, codec)).call is not call:
            raise ValueError(f"service {verb} is declared twice")
        return call

    return declare


@contextmanager
def transaction_as(principal: Principal) -> Iterator[None]:
    """A transaction within the scope of *principal*, without a record of its own."""
    with acting_as(principal), _transaction():
        yield


@contextmanager
def read_scope() -> Iterator[None]:
    """A read-only transaction within the scope of the current principal."""
    with _transaction(read_only=True):
        yield


def record_thread(*threads: UUID) -> None:
    """Say which threads the running command, and those that called it, are about."""
    frame = _frame.get()
    while frame is not None:
        frame.threads |= dict.fromkeys(threads)
        frame = frame.parent


def record_version(table: str, version: int | str) -> None:
    """Say which version of a table of rules or factors the running command used."""
    frame = _frame.get()
    if frame is not None:
        frame.versions[table] = version


def _new_frame(verb: str, arguments: dict[str, Any]) -> _Frame:
    """The command's own id is the first taken, so that a replay hands it out again."""
    parent = _frame.get() if _scope_here() else None
    return _Frame(
        id=new_id(),
        verb=verb,
        arguments=arguments,
        at=clock.now(),
        parent=parent,
        ids=RecordingIds(current_ids()),
        principal=current_principal().key,
    )


@contextmanager
def _running(frame: _Frame) -> Iterator[None]:
    """The transaction of *frame*, with its clock and identifiers; its record is the last write."""
    token = _frame.set(frame)
    try:
        with _transaction(), clock.use_clock(clock.FixedClock(frame.at)), use_ids(frame.ids):
            _set_command(frame.id)
            yield
            _record_success(frame)
            if frame.parent is not None:
                _set_command(frame.parent.id)
    finally:
        _frame.reset(token)


@contextmanager
def _transaction(*, read_only: bool = False) -> Iterator[None]:
    """One transaction in the scope of the current principal; a savepoint inside another.

    A dead token (expired, or revoked by a change of grants) renews the
    principal once, in permissions as in scope.
    """
    try:
        with ExitStack() as stack:
            if _scope_here():
                stack.enter_context(transaction.atomic())
            else:
                _enter_fresh(stack, read_only)
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise Forbidden from error
        raise


def _scope_here() -> bool:
    """Whether this thread is already inside a scoped transaction (a context can be copied to another)."""
    scope = _scope.get()
    if scope is None or scope.connection is not connections["default"]:
        return False
    if scope.token != current_principal().scope_token:
        raise RuntimeError("the principal cannot change inside a transaction")
    return True


def _enter_fresh(stack: ExitStack, read_only: bool) -> None:
    if connection.in_atomic_block:
        raise RuntimeError("a scoped transaction cannot start inside an unscoped one")
    connection.close_if_unusable_or_obsolete()
    for attempt in range(2):
        principal = current_principal()
        # left on every way out: a transaction that stayed open here would refuse all later ones of this thread
        with ExitStack() as attempted:
            attempted.enter_context(transaction.atomic())
            if _set_scope(principal, read_only):
                stack.push(attempted.pop_all())
                here = _Scope(connections["default"], principal.scope_token)
                stack.callback(_scope.reset, _scope.set(here))
                return
        if attempt == 0:
            stack.enter_context(acting_as(renewed(principal)))
    raise NotSignedIn


def _set_scope(principal: Principal, read_only: bool) -> bool:
    """Put the token in force for this transaction; false when it is dead."""
    if read_only:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
    _, live = ask_privately(
        "SELECT set_config('anlan.scope', %s, true), scope.is_live(%s)", [principal.scope_token] * 2
    )
    return bool(live)


def _set_command(command: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('anlan.command', %s, true)", [str(command)])


def _row(frame: _Frame, outcome: str, code: str | None = None) -> Any:
    return apps.get_model("commands", "Command")(
        id=frame.id,
        parent=frame.parent.id if frame.parent else None,
        verb=frame.verb,
        principal=frame.principal,
        arguments=frame.arguments,
        at=frame.at,
        ids=frame.ids.issued,
        versions=frame.versions,
        threads=list(frame.threads),
        outcome=outcome,
        code=code,
    )


def _record_success(frame: _Frame) -> None:
    if frame.parent is not None:
        frame.parent.children += [_row(frame, "done"), *frame.children]
        return
    apps.get_model("commands", "Command").objects.bulk_create([_row(frame, "done"), *frame.children])


def _record_failure(frame: _Frame, problem: Exception) -> None:
    """Keep the refusal although the transaction is gone; of the calls within, only refusals remain."""
    refused = isinstance(problem, Problem)
    code = problem.code if isinstance(problem, Problem) else type(problem).__name__
    row = _row(frame, "refused" if refused else "failed", code)
    kept = [row, *(child for child in frame.children if child.outcome != "done")]
    if frame.parent is not None:
        frame.parent.children += kept
        return
    try:
        with _transaction():
            apps.get_model("commands", "Command").objects.bulk_create(kept)
    except DatabaseError:
        _log.exception("the failure of %s (%s) could not be recorded", frame.verb, code)
