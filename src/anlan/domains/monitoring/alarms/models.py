"""Tables of alarms, their time lines and the evaluator's place in the log."""

from django.db import models
from django.db.models import Func, Q

from anlan.domains.monitoring.alarms.states import AlarmEventKind, AlarmState, Cause
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.scope.models import ScopedModel


class ClockTimestamp(Func):
    """The database's wall clock at the moment of writing, not at the start of the transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class Alarm(ScopedModel):
    """An alarm (报警) of one point and condition, from raising to closing.

    What it copies from its point, limit and enterprise is what held when it was
    raised; later changes there do not rewrite it. ``raised_at`` and
    ``returned_at`` are event time (of its timeline), ``arrived_at`` is when the
    door took the deciding reading and ``committed_at`` when the row was
    written; ``count`` is how often the condition became active.
    """

    id = models.UUIDField(primary_key=True)
    thread = models.UUIDField(db_index=True)
    state = models.CharField(max_length=12)
    level = models.CharField(max_length=2)
    condition = models.CharField(max_length=12)
    cause = models.CharField(max_length=20, blank=True)
    value = models.FloatField(null=True)
    threshold = models.FloatField(null=True)
    unit = models.CharField(max_length=16, blank=True)
    raised_at = models.DateTimeField()
    last_raised_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    committed_at = models.DateTimeField(db_default=ClockTimestamp())
    returned_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=1)
    re_raised = models.BooleanField(default=False)
    point_id = models.UUIDField()
    point_number = models.IntegerField()
    point_tag = models.CharField(max_length=80)
    point_name = models.CharField(max_length=120)
    point_kind = models.CharField(max_length=20)
    limit_id = models.UUIDField()
    limit_number = models.IntegerField()
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    process_unit_name = models.CharField(max_length=120, blank=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    partition = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-arrived_at", "id"]
        indexes = [
            models.Index(name="alarm_newest", fields=["-arrived_at"]),
            models.Index(name="alarm_of_point", fields=["point_id", "-raised_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_alarm_per_condition",
                fields=["limit_number"],
                condition=~Q(state=AlarmState.CLOSED.value),
            ),
            models.CheckConstraint(
                name="alarm_state_known", condition=Q(state__in=[state.value for state in AlarmState])
            ),
            models.CheckConstraint(
                name="alarm_level_known", condition=Q(level__in=[level.value for level in AlarmLevel])
            ),
            models.CheckConstraint(
                name="alarm_condition_known", condition=Q(condition__in=[kind.value for kind in Condition])
            ),
            models.CheckConstraint(
                name="alarm_cause_after_confirmation",
                condition=Q(state=AlarmState.RAISED.value, cause="")
                | (~Q(state=AlarmState.RAISED.value) & Q(cause__in=[cause.value for cause in Cause])),
            ),
            models.CheckConstraint(
                name="alarm_closed_with_its_time",
                condition=Q(state=AlarmState.CLOSED.value, closed_at__isnull=False)
                | (~Q(state=AlarmState.CLOSED.value) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(name="alarm_counted", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.point_tag} {self.condition} {self.state}"


class AlarmEvent(ScopedModel):
    """One entry of an alarm's time line, written once and never changed.

    ``at`` is event time for what the process did, and the live clock for what
    people did; ``recorded_at`` is always the live clock.
    """

    id = models.UUIDField(primary_key=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    value = models.FloatField(null=True)
    cause = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="alarm_event_kind_known", condition=Q(kind__in=[kind.value for kind in AlarmEventKind])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class EvaluatorProgress(models.Model):
    """The log sequence up to which a partition's transitions are stored."""

    partition = models.PositiveSmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.partition}: {self.sequence}"
