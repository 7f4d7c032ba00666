"""Tables of alarms, their time lines and the evaluator's place in the log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from anlan.domains.monitoring.alarms.states import (
    AlarmEventKind,
    AlarmState,
    Cause,
    Dimension,
    GroupScope,
    GroupState,
    Suppression,
)
from anlan.domains.monitoring.alarms.suppression_states import MaintenanceState, ShelvingState
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.scope.models import ScopedModel

_SILENCED = [Suppression.SHELVED.value, Suppression.MAINTENANCE.value, Suppression.PARENT.value]


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
    limit_version = models.PositiveIntegerField(null=True)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True)
    process_unit_name = models.CharField(max_length=120, blank=True)
    gateway_id = models.UUIDField(null=True)
    of_gateway = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    group = models.ForeignKey("AlarmGroup", null=True, on_delete=models.PROTECT, related_name="alarms")
    suppression = models.CharField(max_length=12, default=Suppression.NONE.value)
    suppressed_by = models.UUIDField(null=True)
    announced_at = models.DateTimeField(null=True)
    chattering = models.BooleanField(default=False)
    fleeting = models.BooleanField(default=False)
    assigned_to = models.UUIDField(null=True)
    assigned_role = models.CharField(max_length=32, blank=True)
    assigned_name = models.CharField(max_length=120, blank=True)
    assigned_at = models.DateTimeField(null=True)
    escalation = models.PositiveSmallIntegerField(default=0)
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
            models.Index(name="alarm_last_raised", fields=["-last_raised_at"]),
            models.Index(name="alarm_told_of_enterprise", fields=["enterprise_id", "-announced_at"]),
            models.Index(name="alarm_told_in_region", fields=["region", "-announced_at"]),
            models.Index(
                name="alarm_silent_of_gateway", fields=["gateway_id"], condition=Q(returned_at__isnull=True)
            ),
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
            models.CheckConstraint(
                name="alarm_suppressed_by_something",
                condition=Q(suppression=Suppression.NONE.value, suppressed_by__isnull=True)
                | Q(suppression__in=_SILENCED, suppressed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_tag} {self.condition} {self.state}"


class AlarmEvent(ScopedModel):
    """One entry of an alarm's time line, written once and never changed.

    ``at`` is event time for what the process did, and the live clock for what
    people did; ``recorded_at`` is always the live clock. ``suppression`` of an
    activation says why it was not announced.
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
    suppression = models.CharField(max_length=12, default=Suppression.NONE.value)

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(name="alarm_event_recorded", fields=["recorded_at"])]
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


class AlarmGroup(ScopedModel):
    """A flood of alarms (报警潮) of one enterprise or county: one matter for people, with a thread of its own.

    ``subject`` is the enterprise's id or the county's code. ``count`` is how many alarms
    joined it; each of them names it. ``level`` is the highest among them.
    """

    id = models.UUIDField(primary_key=True)
    thread = models.UUIDField(db_index=True)
    scope = models.CharField(max_length=12)
    subject = models.CharField(max_length=36)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default=GroupState.OPEN.value)
    level = models.CharField(max_length=2)
    count = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    subsided_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-began_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_flood_of_a_subject",
                fields=["scope", "subject", "timeline"],
                condition=Q(state=GroupState.OPEN.value),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="alarm_group_scope_known", condition=Q(scope__in=[one.value for one in GroupScope])
            ),
            models.CheckConstraint(
                name="alarm_group_subsided_with_its_time",
                condition=Q(state=GroupState.OPEN.value, subsided_at__isnull=True)
                | Q(state=GroupState.SUBSIDED.value, subsided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.count}"


class Shelving(ScopedModel):
    """That one condition's alarms are set aside for a while (搁置), by whom, why, and until when.

    ``happened`` counts the activations that were recorded in the meantime.
    """

    id = models.UUIDField(primary_key=True)
    limit_number = models.IntegerField()
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="shelvings")
    point_tag = models.CharField(max_length=80)
    point_name = models.CharField(max_length=120)
    condition = models.CharField(max_length=12)
    level = models.CharField(max_length=2)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    state = models.CharField(max_length=12)
    minutes = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    requested_by = models.CharField(max_length=80)
    requested_key = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    began_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=500, blank=True)
    happened = models.PositiveIntegerField(default=0)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-requested_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_shelving_of_a_condition",
                fields=["limit_number"],
                condition=Q(state__in=[ShelvingState.REQUESTED.value, ShelvingState.ACTIVE.value]),
            ),
            models.CheckConstraint(
                name="shelving_state_known", condition=Q(state__in=[state.value for state in ShelvingState])
            ),
            models.CheckConstraint(
                name="shelving_has_an_end",
                condition=~Q(state=ShelvingState.ACTIVE.value) | Q(until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_tag} {self.condition} {self.state}"


class MaintenanceWindow(ScopedModel):
    """Declared maintenance (检修窗口) of an enterprise, of one of its units, or of named points of it.

    Where ``point_tags`` is not empty only these points are meant. ``suppressed`` counts
    the activations recorded under it.
    """

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True)
    process_unit_name = models.CharField(max_length=120, blank=True)
    point_tags = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField(max_length=12, default=MaintenanceState.DECLARED.value)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    declared_by = models.CharField(max_length=80)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=500, blank=True)
    suppressed = models.PositiveIntegerField(default=0)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_at", "id"]
        indexes = [
            models.Index(
                name="maintenance_declared",
                fields=["enterprise_id", "ends_at"],
                condition=Q(state=MaintenanceState.DECLARED.value),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="maintenance_state_known",
                condition=Q(state__in=[state.value for state in MaintenanceState]),
            ),
            models.CheckConstraint(name="maintenance_has_a_length", condition=Q(starts_at__lt=F("ends_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_name} {self.starts_at:%Y-%m-%d %H:%M}"


class AlarmReport(ScopedModel):
    """A monthly analysis of alarms (报警分析) of a division: facts as they stood when it was made, never rewritten.

    ``facts`` is what the document is rendered from, ``manifest`` says from which
    period, rows and table versions. A second report of the same month has the next ``serial``.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    month = models.CharField(max_length=7)
    serial = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    facts = models.JSONField()
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-month", "-serial"]
        constraints = [
            models.UniqueConstraint(name="alarm_report_serial_once", fields=["region", "month", "serial"])
        ]

    def __str__(self) -> str:
        return self.number


class AlarmKpi(ScopedModel):
    """The figures of one subject in a report: an enterprise, a unit, a county or an operator."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(AlarmReport, on_delete=models.PROTECT, related_name="kpis")
    month = models.CharField(max_length=7)
    dimension = models.CharField(max_length=12)
    subject = models.CharField(max_length=128)
    name = models.CharField(max_length=250)
    announced = models.PositiveIntegerField()
    quieted = models.PositiveIntegerField()
    average_per_10_min = models.FloatField()
    peak_in_10_min = models.PositiveIntegerField()
    flood_share = models.FloatField()
    flood_minutes = models.PositiveIntegerField()
    standing = models.PositiveIntegerField()
    stale = models.PositiveIntegerField()
    chattering = models.PositiveIntegerField()
    fleeting = models.PositiveIntegerField()
    first_level_share = models.FloatField(null=True)
    acknowledge_median_s = models.FloatField(null=True)
    acknowledge_p90_s = models.FloatField(null=True)

    class Meta:
        ordering = ["-month", "dimension", "-announced", "id"]
        constraints = [
            models.CheckConstraint(
                name="alarm_kpi_dimension_known", condition=Q(dimension__in=[one.value for one in Dimension])
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.name}"
