from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "anlan.platform.resources"
    label = "resources"
    verbose_name = "资源"
