"""System checks of row scope: what the models declare, and what the database says."""

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
    """Each scoped model has a migration with row security.

    Asked with the database checks, so that `makemigrations` can still run for a new model.
    """
    if not databases:
        return []
    operations = table_operations()
    return [
        Error("no migration enables row security for this model", obj=model, id="scope.E001")
        for model in scoped_models()
        if not has_operation(operations, EnableRowSecurity, model)
    ]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The application role is bound by row security, and no table or view evades it."""
    if not databases or "default" not in databases:
        return []
    return [*_role_messages(), *_table_messages(), *_view_messages()]


def table_operations() -> list[TableOperation]:
    """What the migrations of the installed apps do to tables beyond their columns."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [
        operation
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, TableOperation)
    ]


def has_operation(operations: Iterable[TableOperation], kind: type[TableOperation], model: Any) -> bool:
    """Whether one of *operations* is of *kind* and for *model*."""
    return any(
        isinstance(operation, kind) and operation.is_for(model._meta.app_label, model._meta.model_name)
        for operation in operations
    )


def asked(query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What the database answers the application role."""
    with connections["default"].cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _role_messages() -> list[CheckMessage]:
    query = """
        SELECT rolsuper OR rolbypassrls,
               EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid
                       AND relnamespace IN ('public'::regnamespace, 'scope'::regnamespace))
        FROM pg_roles WHERE rolname = current_user"""
    ((above_security, owns_tables),) = asked(query)
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
        for (name,) in asked(query, [list(_ABOUT_PLACES), _HISTORY, tables])
    ]


def _view_messages() -> list[CheckMessage]:
    query = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
          AND (relkind = 'm' OR relkind = 'v'
               AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))"""
    return [Error(f"view {name} reads with its owner's rights", id="scope.E005") for (name,) in asked(query)]
