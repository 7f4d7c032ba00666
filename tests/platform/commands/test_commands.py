"""Every service call is a command: one transaction, one record, its time and identifiers given from outside."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.people import LINGWU, YANCHI, as_service, grant, new_principal, new_user, principal

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden, NotSignedIn
from anlan.kernel.ids import RandomIds, RecordingIds, use_ids
from anlan.platform.accounts.services import create_organisation, create_user, revoke_grant
from anlan.platform.commands import (
    acting_as,
    decide_there,
    read_scope,
    service,
    service_principal,
    transaction_as,
)
from anlan.platform.commands.models import Command

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def commands(**wanted: Any) -> list[Command]:
    with as_service("console"), read_scope():
        return list(Command.objects.filter(**wanted).order_by("at", "id"))


def test_a_call_is_recorded_with_verb_principal_arguments_time_and_identifiers(db: Any) -> None:
    with as_service("demo"), use_clock(FixedClock(AT)):
        made = create_organisation("灵武市应急管理局", LINGWU, "ningdong")
    (said,) = commands()
    assert (said.verb, said.principal, said.at) == ("identity.create_organisation", "service:demo", AT)
    assert said.arguments == {"name": "灵武市应急管理局", "region": LINGWU, "zone": "ningdong"}
    assert (said.outcome, said.code, said.parent, said.ids) == ("done", None, None, [made])


def test_secrets_are_recorded_as_given_and_not_what_they_are(db: Any) -> None:
    with as_service("demo"):
        office = create_organisation("灵武市应急管理局", LINGWU)
        create_user("wang", "王工", office, "Helan-Shan-3556!")
    (said,) = commands(verb="identity.create_user")
    assert said.arguments["password"] is None and said.arguments["username"] == "wang"


def test_time_and_identifiers_come_from_the_clock_and_the_ids_in_force(db: Any) -> None:
    """The clock stands still inside the call, however long it takes."""
    from anlan.platform.identity.models import User

    ids = RecordingIds(RandomIds())
    with as_service("demo"), use_clock(FixedClock(AT)), use_ids(ids):
        office = create_organisation("灵武市应急管理局", LINGWU)
        user = create_user("wang", "王工", office, "Helan-Shan-3556!")
    assert User.objects.get(id=user).created_at == AT
    assert {office, user} < set(ids.issued)
    assert ids.issued == sorted(ids.issued)


def test_a_refusal_undoes_everything_and_is_recorded_in_a_transaction_of_its_own(db: Any) -> None:
    leader = new_principal("leader", LINGWU)
    with acting_as(leader), pytest.raises(Forbidden) as refused:
        create_organisation("越权", LINGWU)
    assert "管理机构与用户" in refused.value.title.zh
    (said,) = commands(principal=leader.key)
    assert (said.verb, said.outcome, said.code) == ("identity.create_organisation", "refused", "forbidden")


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -1.0])
def test_a_call_is_recorded_whatever_it_was_given(db: Any, rate: float) -> None:
    """JSON has neither NaN nor zero bytes; a refusal must not vanish for that."""
    from anlan.kernel.errors import Invalid
    from anlan.platform.threads.services import create_timeline

    with as_service("demo"), pytest.raises(Invalid):
        create_timeline("回放\x00\ud800", origin=AT, rate=rate)
    (said,) = commands(outcome="refused")
    assert said.arguments["name"] == "回放\N{REPLACEMENT CHARACTER}?"
    assert str(float(said.arguments["rate"])) == str(rate)


def test_a_failure_of_ours_is_recorded_as_one(db: Any) -> None:
    @service("tests.breaks", permission="identity.manage_users")
    def breaks(what: str) -> None:
        create_organisation(what, LINGWU)
        raise ZeroDivisionError

    from anlan.platform.identity.models import Organisation

    with as_service("demo"), pytest.raises(ZeroDivisionError):
        breaks("没有的机构")
    (said,) = commands()
    assert (said.verb, said.outcome, said.code) == ("tests.breaks", "failed", "ZeroDivisionError")
    with as_service("demo"), read_scope():
        assert not Organisation.objects.exists()


def test_a_call_within_a_call_is_its_child_and_what_it_refused_stays_on_record(db: Any) -> None:
    @service("tests.twice", permission="identity.manage_users")
    def twice(name: str) -> UUID:
        made = create_organisation(name, LINGWU)
        with pytest.raises(Conflict):
            create_organisation(name, LINGWU)
        return made

    with as_service("demo"):
        made = twice("灵武市应急管理局")
    (parent,) = commands(verb="tests.twice")
    first, second = commands(parent=parent.id)
    assert (parent.outcome, first.outcome, second.outcome, second.code) == (
        "done",
        "done",
        "refused",
        "conflict",
    )
    assert made in parent.ids and first.ids == [made]


def test_audit_rows_name_the_command_that_wrote_them_the_inner_one_inside(db: Any, superuser: Any) -> None:
    @service("tests.around", permission="identity.manage_users")
    def around() -> None:
        from anlan.platform.identity.models import Organisation

        inner = create_organisation("内层", LINGWU)
        Organisation.objects.filter(id=inner).update(name="外层")

    with as_service("demo"):
        around()
    (parent,) = commands(verb="tests.around")
    (child,) = commands(parent=parent.id)
    written = superuser.execute(
        "SELECT operation, command FROM audit_row WHERE table_name = 'identity_organisation' ORDER BY id"
    ).fetchall()
    assert written == [("insert", child.id), ("update", parent.id)]


def test_everybody_reads_their_own_commands_and_the_whole_region_s_officers_all(db: Any) -> None:
    mine, other = new_principal("leader", LINGWU), new_principal("leader", YANCHI)
    for officer in (mine, other):
        with acting_as(officer), pytest.raises(Forbidden):
            create_organisation("越权", LINGWU)
    with acting_as(mine), read_scope():
        assert set(Command.objects.values_list("principal", flat=True)) == {mine.key}
    with acting_as(new_principal("audit_admin", "640000")), read_scope():
        assert {mine.key, other.key, "service:demo"} <= set(
            Command.objects.values_list("principal", flat=True)
        )


def test_nothing_is_written_without_a_principal_or_inside_a_read(db: Any) -> None:
    from django.db.utils import InternalError

    with pytest.raises(NotSignedIn):
        create_organisation("无人", LINGWU)
    with as_service("demo"), pytest.raises((InternalError, RuntimeError)), read_scope():
        create_organisation("只读", LINGWU)
    assert commands(outcome="done") == []


def test_the_principal_cannot_change_inside_a_transaction(db: Any) -> None:
    leader = new_principal("leader", LINGWU)
    with transaction_as(service_principal("demo")), pytest.raises(RuntimeError), acting_as(leader):
        create_organisation("换人", LINGWU)


def test_a_grant_taken_away_in_between_is_gone_for_the_next_command_of_a_cached_principal(db: Any) -> None:
    user = new_user(home=LINGWU)
    held = grant(user, "system_admin", LINGWU)
    cached = principal(user)
    with acting_as(cached):
        create_organisation("之前", LINGWU)
    with as_service("demo"):
        revoke_grant(held)
    with acting_as(cached), pytest.raises(Forbidden):
        create_organisation("之后", LINGWU)


def test_a_permission_for_one_county_is_none_for_another(db: Any) -> None:
    with acting_as(new_principal("local_bureau", LINGWU)):
        decide_there("alarms.handle", LINGWU, None)
        decide_there("alarms.handle", LINGWU, "ningdong")
        with pytest.raises(Forbidden) as refused:
            decide_there("alarms.handle", YANCHI, None)
    assert refused.value.facts == {"permission": "alarms.handle", "region": YANCHI}
    with acting_as(new_principal("park", zone="ningdong")):
        decide_there("alarms.handle", LINGWU, "ningdong")
        with pytest.raises(Forbidden):
            decide_there("alarms.handle", LINGWU, None)


def test_a_verb_is_declared_once(db: Any) -> None:
    @service("tests.once", permission="identity.manage_users")
    def once() -> None: ...

    with pytest.raises(ValueError, match="declared twice"):

        @service("tests.once", permission="identity.manage_users")
        def again() -> None: ...

    with pytest.raises(TypeError, match="no argument"):

        @service("tests.secret", permission="identity.manage_users", secret=("pasword",))
        def misspelt(password: str) -> None: ...


def test_a_tired_token_is_renewed_once_without_the_person_noticing(db: Any, superuser: Any) -> None:
    demo = service_principal("demo")
    superuser.execute("UPDATE scope.token SET expires_at = now() - %s", [timedelta(seconds=1)])
    with acting_as(demo):
        create_organisation("令牌已过期", LINGWU)
    assert service_principal("demo").scope_token != demo.scope_token


@pytest.fixture(autouse=True)
def _forget_declared() -> Any:
    """Services that tests declare must not stay in the registry."""
    from anlan.platform.commands import execution

    before = dict(execution._services)
    yield
    execution._services.clear()
    execution._services.update(before)
