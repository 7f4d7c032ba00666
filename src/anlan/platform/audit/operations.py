"""The migration operation that puts a table under audit."""

from collections.abc import Sequence
from typing import Any

from anlan.platform.scope.operations import TableOperation


class AuditTable(TableOperation):
    """Every insert, update, delete and truncate of the table writes an audit row.

    *redact* names columns whose values never enter the audit (that they
    changed does).
    """

    def __init__(self, app_label: str, model_name: str, redact: Sequence[str] = ()) -> None:
        super().__init__(app_label, model_name)
        self.redact = tuple(redact)

    def forwards_sql(self, model: Any) -> list[str]:
        table = model._meta.db_table
        arguments = ", ".join(f"'{name}'" for name in (model._meta.pk.column, *self.redact))
        return [
            f'CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION audit.record({arguments})",
            f'CREATE TRIGGER audit_truncate AFTER TRUNCATE ON "{table}"'
            f" FOR EACH STATEMENT EXECUTE FUNCTION audit.record({arguments})",
        ]

    def backwards_sql(self, model: Any) -> list[str]:
        table = model._meta.db_table
        return [f'DROP TRIGGER audit_truncate ON "{table}"', f'DROP TRIGGER audit_rows ON "{table}"']

    def describe(self) -> str:
        return f"Audit {self.app_label}.{self.model_name}"
