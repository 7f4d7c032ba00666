"""System checks of audit: every model that is to be audited is, and its triggers still work in the database."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register

from anlan.platform.audit.operations import AuditTable
from anlan.platform.scope.checks import asked, has_operation, scoped_models, table_operations


@register(Tags.database)
def check_audited_models(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Each scoped model that people decide about has a migration that audits it."""
    if not databases:
        return []
    operations = table_operations()
    return [
        Error("no migration audits this model", obj=model, id="audit.E001")
        for model in scoped_models()
        if model.audited and not has_operation(operations, AuditTable, model)
    ]


@register(Tags.database)
def check_triggers(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A trigger that a migration made can be disabled or dropped later."""
    if not databases or "default" not in databases:
        return []
    tables = [
        apps.get_model(operation.app_label, operation.model_name)._meta.db_table
        for operation in table_operations()
        if isinstance(operation, AuditTable)
    ]
    query = """
        SELECT DISTINCT name FROM unnest(%s::text[]) AS name, unnest(ARRAY['audit_rows', 'audit_truncate']) AS wanted
        WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = to_regclass(quote_ident(name))
                          AND t.tgname = wanted AND t.tgenabled IN ('O', 'A'))
        ORDER BY 1"""
    return [Error(f"table {name} is not audited", id="audit.E002") for (name,) in asked(query, [tables])]
