"""System checks of row scope and audit: what the models declare, and what the database says."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from anlan.platform.scope.models import ScopedModel
from anlan.platform.scope.operations import EnableRowSecurity, TableOperation


def scoped_models() -> list[type[ScopedModel]]:
    """Every concrete scoped model of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, ScopedModel)]


_HISTORY = "audit_row"
_ABOUT_PLACES = ("identity_grant", "geo_boundary")
"""Tables whose ``region`` is what they are about, not where they belong."""


@register(Tags.database)
def check_scoped_models(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Each scoped model has a migration with row security and one with audit.

    Asked with the database checks, so that `makemigrations` can still run for a new model.
    """
    from anlan.platform.audit.operations import AuditTable

    if not databases:
        return []
    operations = _table_operations()
    messages: list[CheckMessage] = []
    for model in scoped_models():
        if not _has(operations, EnableRowSecurity, model):
            messages.append(
                Error("no migration enables row security for this model", obj=model, id="scope.E001")
            )
        if model.audited and not _has(operations, AuditTable, model):
            messages.append(Error("no migration audits this model", obj=model, id="audit.E001"))
    return messages


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The application role is bound by row security, no table or view evades it, audit triggers work."""
    if not databases or "default" not in databases:
        return []
    return [*_role_messages(), *_table_messages(), *_view_messages(), *_audit_messages()]


def _table_operations() -> list[TableOperation]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [
        operation
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, TableOperation)
    ]


def _has(operations: Iterable[TableOperation], kind: type[TableOperation], model: Any) -> bool:
    return any(
        isinstance(operation, kind) and operation.is_for(model._meta.app_label, model._meta.model_name)
        for operation in operations
    )


def _rows(query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _role_messages() -> list[CheckMessage]:
    query = """
        SELECT rolsuper OR rolbypassrls,
               EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid
                       AND relnamespace IN ('public'::regnamespace, 'scope'::regnamespace))
        FROM pg_roles WHERE rolname = current_user"""
    ((above_security, owns_tables),) = _rows(query)
    messages: list[CheckMessage] = []
    if above_security:
        messages.append(
            Error("the application role is a superuser or bypasses row security", id="scope.E002")
        )
    if owns_tables:
        messages.append(Error("the application role owns tables", id="scope.E003"))
    return messages


def _table_messages() -> list[CheckMessage]:
    """Every table with a place must force row security, whatever model it has or none.

    The history of all tables is bound without FORCE: only its owner's functions
    write and seal it, and the application role owns nothing.
    """
    query = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND a.attname = 'region' AND NOT a.attisdropped AND c.relname <> ALL (%s)
          AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR c.relname = %s)
                   AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
        UNION
        SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NULL
        ORDER BY 1"""
    tables = [model._meta.db_table for model in scoped_models()]
    return [
        Error(f"table {name} does not force row security", id="scope.E004")
        for (name,) in _rows(query, [list(_ABOUT_PLACES), _HISTORY, tables])
    ]


def _audit_messages() -> list[CheckMessage]:
    """A trigger that a migration made can be disabled or dropped later."""
    from anlan.platform.audit.operations import AuditTable

    tables = [
        apps.get_model(operation.app_label, operation.model_name)._meta.db_table
        for operation in _table_operations()
        if isinstance(operation, AuditTable)
    ]
    query = """
        SELECT DISTINCT name FROM unnest(%s::text[]) AS name, unnest(ARRAY['audit_rows', 'audit_truncate']) AS wanted
        WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = to_regclass(quote_ident(name))
                          AND t.tgname = wanted AND t.tgenabled IN ('O', 'A'))
        ORDER BY 1"""
    return [Error(f"table {name} is not audited", id="audit.E002") for (name,) in _rows(query, [tables])]


def _view_messages() -> list[CheckMessage]:
    query = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
          AND (relkind = 'm' OR relkind = 'v'
               AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))"""
    return [Error(f"view {name} reads with its owner's rights", id="scope.E005") for (name,) in _rows(query)]
