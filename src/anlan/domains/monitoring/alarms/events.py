"""The events that alarms and floods emit with every change: the whole row, with its version."""

from anlan.domains.monitoring.alarms.models import Alarm, AlarmGroup
from anlan.domains.monitoring.alarms.schemas import AlarmGroupOut, AlarmOut
from anlan.domains.monitoring.alarms.states import READ
from anlan.platform.outbox import Event

TOPIC = "alarm"
GROUP_TOPIC = "alarm_group"


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


def group_changed(group: AlarmGroup) -> Event:
    """Tell screens the flood as it now stands."""
    return Event(
        topic=GROUP_TOPIC,
        data=AlarmGroupOut.from_orm(group).model_dump(),
        thread=group.thread,
        region=group.region,
        zone=group.zone,
        permission=READ,
        timeline=group.timeline,
        exercise=group.exercise,
    )
