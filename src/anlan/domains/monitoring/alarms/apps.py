"""The Django app of alarms."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Registers permissions, resources and audited tables of alarms."""

    name = "anlan.domains.monitoring.alarms"
    label = "alarms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anlan.domains.monitoring.alarms import clocks, overlay, resource, tables
        from anlan.domains.monitoring.points.overlay import register_events

        tables.register_tables()
        clocks.register_deadlines()
        resource.register_all()
        register_events("alarms", overlay.events_on_charts)
        _register_thread_rows()


def _register_thread_rows() -> None:
    from anlan.domains.monitoring.alarms.models import Alarm, AlarmEvent, AlarmGroup
    from anlan.platform.threads.export import ThreadRows, register_thread_rows

    register_thread_rows(
        ThreadRows(
            "alarm",
            lambda threads: Alarm.objects.filter(thread__in=threads).order_by("id"),
            frozenset({"committed_at"}),
        )
    )
    register_thread_rows(
        ThreadRows(
            "alarm_event", lambda threads: AlarmEvent.objects.filter(alarm__thread__in=threads).order_by("id")
        )
    )
    register_thread_rows(
        ThreadRows(
            "alarm_group", lambda threads: AlarmGroup.objects.filter(thread__in=threads).order_by("id")
        )
    )
