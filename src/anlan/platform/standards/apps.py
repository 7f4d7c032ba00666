from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    name = "anlan.platform.standards"
    label = "standards"
    verbose_name = "标准参数表"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.platform.standards import resource

        resource.register_all()
        post_migrate.connect(_load_first_content, sender=self)


def _load_first_content(using: str, **_: Any) -> None:
    from anlan.platform.standards.first_content import load_first_content

    load_first_content(using)
