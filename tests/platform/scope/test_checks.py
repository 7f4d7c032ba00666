"""The system checks: a table that row security or audit forgot does not go unnoticed."""

from typing import Any

import psycopg
import pytest

from anlan.platform.scope import checks as scope_checks

BOTH = ["default"]


def ids(messages: Any) -> list[str]:
    return sorted(f"{message.id} {message.msg}" for message in messages)


def test_the_product_as_migrated_passes(db: Any) -> None:
    from django.core.checks import run_checks

    assert run_checks(databases=BOTH) == []


@pytest.mark.parametrize(
    ("operation", "expected"), [("EnableRowSecurity", "scope.E001"), ("AuditTable", "audit.E001")]
)
def test_a_scoped_model_without_its_migration_operation_is_named(
    db: Any, monkeypatch: pytest.MonkeyPatch, operation: str, expected: str
) -> None:
    from anlan.domains.monitoring.points.models import Limit
    from anlan.platform.audit import checks as audit_checks

    operations = scope_checks.table_operations()
    left = [one for one in operations if type(one).__name__ != operation or not one.is_for("points", "limit")]
    assert len(left) == len(operations) - 1
    for module in (scope_checks, audit_checks):
        monkeypatch.setattr(module, "table_operations", lambda: left)
    said = [*scope_checks.check_scoped_models(BOTH), *audit_checks.check_audited_models(BOTH)]
    assert [(message.id, message.obj) for message in said] == [(expected, Limit)]


def test_measurements_that_nobody_decides_need_no_audit_but_row_security(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.domains.monitoring.points.models import LatestValue
    from anlan.platform.audit import checks as audit_checks

    for module in (scope_checks, audit_checks):
        monkeypatch.setattr(module, "table_operations", lambda: [])
    said = [*scope_checks.check_scoped_models(BOTH), *audit_checks.check_audited_models(BOTH)]
    assert [message.id for message in said if message.obj is LatestValue] == ["scope.E001"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "ALTER TABLE alarms_alarm NO FORCE ROW LEVEL SECURITY",
            "scope.E004 table alarms_alarm does not force row security",
        ),
        (
            "ALTER TABLE outbox_outboxevent DISABLE ROW LEVEL SECURITY",
            "scope.E004 table outbox_outboxevent does not force row security",
        ),
        (
            "DROP POLICY row_scope ON points_point",
            "scope.E004 table points_point does not force row security",
        ),
        (
            "ALTER TABLE audit_row DISABLE ROW LEVEL SECURITY",
            "scope.E004 table audit_row does not force row security",
        ),
        (
            "CREATE TABLE points_point_history AS SELECT * FROM points_point",
            "scope.E004 table points_point_history does not force row security",
        ),
        (
            "CREATE VIEW everything AS SELECT * FROM points_point",
            "scope.E005 view everything reads with its owner's rights",
        ),
        (
            "CREATE MATERIALIZED VIEW everything AS SELECT * FROM points_point",
            "scope.E005 view everything reads with its owner's rights",
        ),
        ("ALTER ROLE anlan_app BYPASSRLS", "scope.E002 the application role is a superuser or bypasses"),
        ("ALTER TABLE points_point OWNER TO anlan_app", "scope.E003 the application role owns tables"),
        (
            "ALTER TABLE alarms_alarm DISABLE TRIGGER audit_rows",
            "audit.E002 table alarms_alarm is not audited",
        ),
        ("DROP TRIGGER audit_truncate ON identity_grant", "audit.E002 table identity_grant is not audited"),
    ],
)
def test_a_guard_taken_away_in_the_database_is_named(
    db: Any, superuser: psycopg.Connection, change: str, expected: str
) -> None:
    from django.core.checks import Tags, run_checks

    superuser.execute(change)  # type: ignore[call-overload]
    try:
        (message,) = ids(run_checks(databases=BOTH, tags=[Tags.database]))
        assert message.startswith(expected)
    finally:
        superuser.execute("ALTER ROLE anlan_app NOBYPASSRLS")


def test_a_database_that_lost_a_guard_is_not_started_with(db: Any, superuser: psycopg.Connection) -> None:
    from argparse import Namespace

    from django.core.management.base import SystemCheckError

    from anlan.server.cli.migrate import run

    assert run(Namespace()) == 0
    superuser.execute("ALTER TABLE points_point NO FORCE ROW LEVEL SECURITY")
    with pytest.raises(SystemCheckError, match="points_point does not force row security"):
        run(Namespace())
