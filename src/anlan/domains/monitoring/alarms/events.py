"""The event that an alarm emits with every change: the whole row, with its version."""

from anlan.domains.monitoring.alarms.models import Alarm
from anlan.domains.monitoring.alarms.schemas import AlarmOut
from anlan.domains.monitoring.alarms.states import READ
from anlan.platform.outbox import Event

TOPIC = "alarm"


def alarm_changed(alarm: Alarm) -> Event:
    """Tell screens the alarm as it now stands."""
    return Event(
        topic=TOPIC,
        data=AlarmOut.from_orm(alarm).model_dump(),
        thread=alarm.thread,
        region=alarm.region,
        zone=alarm.zone,
        permission=READ,
        timeline=alarm.timeline,
        exercise=alarm.exercise,
    )
