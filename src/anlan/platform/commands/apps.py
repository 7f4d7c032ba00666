from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "anlan.platform.commands"
    label = "commands"
    verbose_name = "操作记录"
