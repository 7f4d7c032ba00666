"""A database that goes away in the middle: what is under way fails, what comes after it works."""

import psycopg
import pytest

from anlan.server.supervisor.postgres import EmbeddedPostgres


@pytest.mark.parametrize("scope", ["reading", "writing"])
def test_a_connection_that_dies_before_its_first_statement_costs_that_call_alone(
    scope: str, db: EmbeddedPostgres, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is killed between the health check of a connection and the first word on it."""
    from django.db import OperationalError, connection

    from anlan.domains.monitoring.points.models import TableVersion
    from anlan.platform.commands import acting_as, execution, read_scope, service_principal, transaction_as

    set_scope = execution._set_scope

    def killed_first(*arguments: object) -> bool:
        monkeypatch.undo()
        backend = connection.connection.info.backend_pid
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        return set_scope(*arguments)

    def look() -> int:
        try:
            if scope == "writing":
                with transaction_as(service_principal("evaluator")):
                    return TableVersion.objects.count()
            with acting_as(service_principal("evaluator")), read_scope():
                return TableVersion.objects.count()
        finally:
            connection.close()

    before = look()
    monkeypatch.setattr(execution, "_set_scope", killed_first)
    with pytest.raises(OperationalError):
        look()
    assert [look(), look()] == [before, before]
