from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ScopeConfig(AppConfig):
    name = "anlan.platform.scope"
    label = "scope"
    verbose_name = "行政区划与数据范围"

    def ready(self) -> None:
        from anlan.platform.scope import checks  # noqa: F401 - registers the checks

        pre_migrate.connect(_let_application_use_tables, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _let_application_use_tables(using: str, **_: Any) -> None:
    from anlan.platform.scope.privileges import grant_future_tables

    grant_future_tables(using)


def _after_migrations(using: str, **_: Any) -> None:
    from anlan.platform.scope.privileges import protect_migration_record, store_scope_secret

    protect_migration_record(using)
    store_scope_secret(using)
