"""Migration operations of row scope."""

from typing import Any

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_VISIBLE = (
    "region = ANY ((SELECT scope.visible_regions())::text[])"
    " OR zone = ANY ((SELECT scope.visible_zones())::text[])"
)


def application_role() -> str:
    """The quoted name of the database role that everything but migrations runs as."""
    name = str(settings.DATABASES["default"]["USER"])
    return '"' + name.replace('"', '""') + '"'


class TableOperation(Operation):
    """An operation on the table of one model: SQL forwards, SQL back."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, app_label: str, model_name: str) -> None:
        self.app_label = app_label
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models' state does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.forwards_sql(to_state.apps.get_model(self.app_label, self.model_name)):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.backwards_sql(from_state.apps.get_model(self.app_label, self.model_name)):
            schema_editor.execute(statement)

    def forwards_sql(self, model: Any) -> list[str]:
        raise NotImplementedError

    def backwards_sql(self, model: Any) -> list[str]:
        raise NotImplementedError

    def is_for(self, app_label: str, model_name: str) -> bool:
        """Whether this operation is about the model named."""
        return (self.app_label, self.model_name.lower()) == (app_label, model_name.lower())


class EnableRowSecurity(TableOperation):
    """Only rows of a visible region or functional zone can be read, written or moved to.

    FORCE binds the table's owner too. Codes must exist, and a row's zone must
    overlay its region: else a zone could plant rows in any county.
    """

    def forwards_sql(self, model: Any) -> list[str]:
        table = model._meta.db_table
        return [
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_region_known"'
            " FOREIGN KEY (region) REFERENCES scope_region (code)",
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_zone_overlays_region"'
            " FOREIGN KEY (zone, region) REFERENCES scope_zoneregion (zone_id, region_id)",
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY row_scope ON "{table}" USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})',
        ]

    def backwards_sql(self, model: Any) -> list[str]:
        table = model._meta.db_table
        return [
            f'DROP POLICY row_scope ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_zone_overlays_region"',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_region_known"',
        ]

    def describe(self) -> str:
        return f"Force row-level security on {self.app_label}.{self.model_name}"
