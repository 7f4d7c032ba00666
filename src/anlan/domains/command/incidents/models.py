"""Tables of incidents, their time lines and the outlines that were computed for them."""

from django.db import models
from django.db.models import Q

from anlan.domains.command.incidents.states import EntryKind, IncidentKind, IncidentState
from anlan.kernel.levels import IncidentGrade
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index
from anlan.platform.scope.models import ScopedModel


class Incident(ScopedModel):
    """An incident, from the report to its end.

    ``occurred_at`` and all other times are those of its timeline. ``alarm_id`` is the
    alarm that it was opened from, ``run`` the standing footprint, ``people_run`` the
    standing count of people inside it.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=32, unique=True)
    thread = models.UUIDField(db_index=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default=IncidentState.REPORTED.value)
    grade = models.CharField(max_length=20, blank=True)
    geometry = GeometryField()
    bounds = BoxField()
    place_note = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    alarm_id = models.UUIDField(null=True)
    enterprise_id = models.UUIDField(null=True)
    enterprise_name = models.CharField(max_length=120, blank=True)
    hazard_id = models.UUIDField(null=True)
    substance = models.CharField(max_length=120, blank=True)
    cas = models.CharField(max_length=12, blank=True)
    dead = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    seriously_injured = models.PositiveIntegerField(default=0)
    lightly_injured = models.PositiveIntegerField(default=0)
    trapped = models.PositiveIntegerField(default=0)
    loss_yuan = models.FloatField(default=0.0)
    run = models.UUIDField(null=True)
    people_run = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-opened_at", "id")
        indexes = (bounds_index("incident_bounds"),)
        constraints = (
            models.UniqueConstraint(
                name="one_incident_per_alarm", fields=("alarm_id",), condition=Q(alarm_id__isnull=False)
            ),
            models.CheckConstraint(
                name="incident_kind_known", condition=Q(kind__in=[kind.value for kind in IncidentKind])
            ),
            models.CheckConstraint(
                name="incident_state_known", condition=Q(state__in=[state.value for state in IncidentState])
            ),
            models.CheckConstraint(
                name="incident_grade_known",
                condition=Q(grade__in=["", *(grade.value for grade in IncidentGrade)]),
            ),
            models.CheckConstraint(
                name="incident_ended_with_its_time",
                condition=Q(state=IncidentState.ENDED.value, ended_at__isnull=False)
                | (~Q(state=IncidentState.ENDED.value) & Q(ended_at__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class NumberSeries(models.Model):
    """The last number given under a prefix."""

    prefix = models.CharField(max_length=24, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"


class Entry(ScopedModel):
    """One entry of an incident's time line, written once and never changed."""

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=1000, blank=True)
    run = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (
            models.CheckConstraint(
                name="incident_entry_kind_known", condition=Q(kind__in=[kind.value for kind in EntryKind])
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class Footprint(ScopedModel):
    """One outline of the standing footprint of an incident: the area at or above *level*."""

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="footprints")
    run = models.UUIDField()
    name = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField()
    level = models.FloatField()
    unit = models.CharField(max_length=16)
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=64)
    max_distance_m = models.FloatField()
    geometry = GeometryField()
    bounds = BoxField()
    computed_at = models.DateTimeField()
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("incident", "rank")
        indexes = (bounds_index("incident_footprint_bounds"),)

    def __str__(self) -> str:
        return f"{self.name} {self.level:g} {self.unit}"
