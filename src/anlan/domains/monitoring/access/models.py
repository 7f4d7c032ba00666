"""Tables of connections, the signals that they owe, and the months in which their time on line was assessed."""

from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.access.states import AccessState, Family, Obligation
from anlan.platform.scope.models import ScopedModel


class Connection(ScopedModel):
    """The connection (接入) of an object of one family: a warehouse, a station, a mine, a slope.

    ``completeness_percent`` is the share of the expected readings of all its points in the
    ``measured_hours`` before ``measured_at``; ``required_percent`` what the table asked for then.
    """

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField(db_index=True)
    enterprise_name = models.CharField(max_length=120)
    family = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=14, default=AccessState.APPLIED.value)
    applied_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    commissioned_from = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    completeness_percent = models.FloatField(null=True)
    required_percent = models.FloatField(null=True)
    measured_at = models.DateTimeField(null=True)
    measured_hours = models.FloatField(null=True)
    online_percent = models.FloatField(null=True)
    online_met = models.BooleanField(null=True)
    note = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-applied_at", "id")
        constraints = (
            models.UniqueConstraint(
                name="connection_once",
                fields=("enterprise_id", "family", "name"),
                condition=~Q(state=AccessState.WITHDRAWN.value),
            ),
            models.CheckConstraint(
                name="connection_family_known", condition=Q(family__in=[family.value for family in Family])
            ),
            models.CheckConstraint(
                name="connection_state_known", condition=Q(state__in=[state.value for state in AccessState])
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_name} {self.name}"


class Signal(ScopedModel):
    """A signal that a connection owes by its family's table, and the point that carries it once there is one."""

    id = models.UUIDField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="signals")
    key = models.CharField(max_length=60)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    point_kind = models.CharField(max_length=20)
    unit = models.CharField(max_length=16, blank=True)
    obligation = models.CharField(max_length=12)
    point_id = models.UUIDField(null=True)
    point_number = models.IntegerField(null=True)
    point_label = models.CharField(max_length=220, blank=True)
    completeness_percent = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("connection", "key", "id")
        constraints = (
            models.UniqueConstraint(
                name="signal_point_once",
                fields=("connection", "point_id"),
                condition=Q(point_id__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_obligation_known",
                condition=Q(obligation__in=[obligation.value for obligation in Obligation]),
            ),
        )

    def __str__(self) -> str:
        return self.zh


class Assessment(ScopedModel):
    """在线率考核 of one connection in one month: the share of expected readings that came."""

    id = models.UUIDField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="assessments")
    month = models.DateField()
    online_percent = models.FloatField()
    required_percent = models.FloatField()
    met = models.BooleanField()
    points = models.PositiveIntegerField()
    table_version = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ("-month", "connection")
        constraints = (
            models.UniqueConstraint(name="assessment_once_a_month", fields=("connection", "month")),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.online_percent:.1f} %"
