"""Every way to change a row leaves an audit row; nobody can keep it from doing so."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.people import LINGWU, YANCHI, as_service, new_principal, new_user
from tests.platform.audit.conftest import Rows

from anlan.kernel.errors import Forbidden
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as


@pytest.fixture
def change(enterprise: UUID) -> Any:
    """``change(way)``: rename the enterprise in one of the ways that code can."""
    from django.db import connection

    from anlan.domains.monitoring.enterprises.models import Enterprise

    def save() -> None:
        row = Enterprise.objects.get(id=enterprise)
        row.name = "改名"
        row.save()

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE enterprises_enterprise SET name = '改名' WHERE id = %s", [enterprise])

    ways = {
        "save": save,
        "QuerySet.update": lambda: Enterprise.objects.filter(id=enterprise).update(name="改名"),
        "bulk_update": lambda: Enterprise.objects.bulk_update(
            [Enterprise(id=enterprise, name="改名")], ["name"]
        ),
        "raw SQL": raw,
    }

    def run(way: str) -> None:
        with transaction_as(service_principal("demo")):
            ways[way]()

    return run


@pytest.mark.parametrize("way", ["save", "QuerySet.update", "bulk_update", "raw SQL"])
def test_a_change_in_any_way_is_audited_with_what_it_changed_and_who(
    enterprise: UUID, change: Any, rows: Rows, way: str
) -> None:
    change(way)
    (row,) = rows(table_name="enterprises_enterprise", operation="update")
    assert (row["before"], row["after"]) == ({"name": "宁东某化工"}, {"name": "改名"})
    assert (row["row_id"], row["principal"], row["region"]) == (str(enterprise), "service:demo", LINGWU)
    assert row["database_role"] == "anlan_app"


def test_creating_and_deleting_are_audited_whole(enterprise: UUID, rows: Rows) -> None:
    from anlan.domains.monitoring.enterprises.models import Enterprise

    with transaction_as(service_principal("demo")):
        Enterprise.objects.filter(id=enterprise).delete()
    made, gone = rows(table_name="enterprises_enterprise")
    assert (made["operation"], made["before"], made["after"]["name"]) == ("insert", None, "宁东某化工")
    assert (gone["operation"], gone["before"]["name"], gone["after"]) == ("delete", "宁东某化工", None)


def test_an_update_that_changes_nothing_says_nothing(enterprise: UUID, rows: Rows) -> None:
    from anlan.domains.monitoring.enterprises.models import Enterprise

    with transaction_as(service_principal("demo")):
        Enterprise.objects.filter(id=enterprise).update(name="宁东某化工")
    assert rows(table_name="enterprises_enterprise", operation="update") == []


def test_the_owner_s_changes_and_truncations_are_audited_under_its_own_name(
    enterprise: UUID, superuser: psycopg.Connection, rows: Rows
) -> None:
    superuser.execute("UPDATE enterprises_enterprise SET name = '夜里改的'")
    (row,) = rows(operation="update", table_name="enterprises_enterprise")
    assert row["principal"] is None and row["database_role"] not in ("anlan_app", None)
    superuser.execute("TRUNCATE enterprises_enterprise CASCADE")
    truncated = rows(operation="truncate", table_name="enterprises_enterprise")
    assert len(truncated) == 1


def test_what_a_session_claims_to_be_does_not_enter_the_audit(
    enterprise: UUID, superuser: psycopg.Connection, rows: Rows
) -> None:
    """The principal is resolved from the token."""
    with superuser.transaction():
        superuser.execute("SELECT set_config('anlan.scope', 'service:demo', true)")
        superuser.execute("UPDATE enterprises_enterprise SET name = '冒名'")
    assert rows(operation="update")[-1]["principal"] is None


def test_what_is_rolled_back_is_not_audited(enterprise: UUID, rows: Rows) -> None:
    from anlan.domains.monitoring.enterprises.models import Enterprise

    before = len(rows())
    with pytest.raises(RuntimeError), transaction_as(service_principal("demo")):
        Enterprise.objects.filter(id=enterprise).update(name="改名")
        raise RuntimeError
    assert len(rows()) == before


def test_passwords_and_keys_never_enter_the_audit(enterprise: UUID, rows: Rows) -> None:
    from anlan.domains.monitoring.points.services import register_gateway, rotate_gateway_key
    from anlan.platform.accounts.services import set_password
    from anlan.platform.identity.models import User

    user = new_user()
    with as_service("demo"):
        set_password(user, "Another-Helan-77!")
        made = register_gateway(source="gw", name="网关", enterprise_id=enterprise)
        rotated = rotate_gateway_key(made.gateway.id)
    stored = User.objects.get(id=user).password
    said = str(rows())
    for secret in ("Another-Helan-77!", stored, stored.split("$")[-1], made.key, rotated.key, "$2a$"):
        assert secret not in said
    assert rows(operation="update", table_name="identity_user")[-1]["after"]["password"] == "(redacted)"
    (rotation,) = rows(operation="update", table_name="points_gateway")
    assert rotation["after"]["key_sha256"] == "(redacted)"


def test_the_application_can_neither_write_change_nor_delete_the_audit(
    enterprise: UUID, application: psycopg.Connection
) -> None:
    for statement in (
        "UPDATE audit_row SET after = NULL",
        "DELETE FROM audit_row",
        "TRUNCATE audit_row",
        "INSERT INTO audit_row (xid, at, table_name, operation, database_role) VALUES (1, now(), 'x', 'x', 'x')",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_seal VALUES (99, 99, 99, '', now())",
        "ALTER TABLE enterprises_enterprise DISABLE TRIGGER audit_rows",
        "SET session_replication_role = replica",
        "SELECT audit.record()",
        "SELECT audit.link('', '')",
    ):
        with pytest.raises(psycopg.Error) as refused:
            application.execute(statement)  # type: ignore[call-overload]
        assert refused.value.sqlstate in ("42501", "0A000"), statement


def test_the_audit_of_a_county_is_seen_there_and_above_only(enterprise: UUID) -> None:
    from anlan.platform.audit.models import AuditRow

    def seen(*grant: str) -> set[str]:
        with acting_as(new_principal(*grant)), read_scope():
            return set(AuditRow.objects.values_list("table_name", flat=True))

    assert "enterprises_enterprise" in seen("audit_admin", LINGWU)
    assert "enterprises_enterprise" not in seen("audit_admin", YANCHI)
    assert {"enterprises_enterprise", "identity_user"} <= seen("audit_admin", "640000")
    assert "identity_user" not in seen("audit_admin", LINGWU)


# -- refusals ------------------------------------------------------------------------------------


def test_a_refusal_is_kept_although_its_transaction_is_gone_and_enters_the_audit(
    enterprise: UUID, rows: Rows
) -> None:
    from anlan.domains.monitoring.enterprises.services import update_enterprise

    leader = new_principal("leader", LINGWU)
    with acting_as(leader), pytest.raises(Forbidden):
        update_enterprise(enterprise, version=1, changes={"name": "改名"})
    (row,) = rows(table_name="commands_command")
    said = row["after"]
    assert (row["principal"], said["verb"], said["outcome"]) == (leader.key, "enterprises.update", "refused")
    assert (said["code"], said["arguments"]["changes"]) == ("forbidden", {"name": "改名"})
    assert rows(table_name="enterprises_enterprise", operation="update") == []


def test_a_failed_sign_in_is_audited_with_the_account_and_the_source(db: Any, rows: Rows) -> None:
    from anlan.platform.accounts.services import WrongCredentials, sign_in

    new_user(username="zhang")
    with pytest.raises(WrongCredentials):
        sign_in("zhang", "wrong", "10.1.2.3")
    (row,) = rows(table_name="commands_command")
    assert row["after"]["verb"] == "identity.sign_in"
    assert row["after"]["arguments"] == {
        "account": "zhang",
        "password": None,
        "source_ip": "10.1.2.3",
        "attempt": row["after"]["arguments"]["attempt"],
    }


def test_command_records_can_be_added_under_one_s_own_name_only_and_never_changed(
    enterprise: UUID, superuser: psycopg.Connection
) -> None:
    from anlan.platform.commands.models import Command

    forged = {"verb": "alarms.close", "arguments": {}, "at": "2026-01-01T00:00:00Z", "outcome": "done"}
    leader = new_principal("leader", LINGWU)
    for principal, allowed in ((leader.key, True), ("service:evaluator", False)):
        with acting_as(leader):
            try:
                with transaction_as(leader):
                    Command.objects.create(id=_uuid(), principal=principal, **forged)
                assert allowed
            except Forbidden:
                assert not allowed
    for change in (lambda q: q.update(principal="user:x"), lambda q: q.delete()):
        with pytest.raises(Forbidden), transaction_as(leader):
            change(Command.objects.all())


def test_somebody_above_the_rules_who_rewrites_a_command_leaves_a_trace(
    enterprise: UUID, superuser: psycopg.Connection, rows: Rows
) -> None:
    superuser.execute(
        "UPDATE commands_command SET principal = 'service:relay' WHERE verb = 'enterprises.create'"
    )
    superuser.execute("DELETE FROM commands_command WHERE verb = 'enterprises.create'")
    changed, deleted = rows(table_name="commands_command")
    assert changed["before"] == {"principal": "service:demo"}
    assert (deleted["operation"], deleted["before"]["verb"]) == ("delete", "enterprises.create")


def _uuid() -> UUID:
    from anlan.kernel.ids import new_id

    return new_id()
