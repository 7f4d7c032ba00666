"""Tables of scores: how they stand, how they changed, and when they were last computed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.kernel.levels import RiskLevel
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index
from anlan.platform.scope.models import ScopedModel

_KIND_KNOWN = Q(kind__in=[kind.value for kind in SubjectKind])
_LEVEL_KNOWN = Q(level__in=["", *(level.value for level in RiskLevel)])


class RiskScore(ScopedModel):
    """How the risk of one subject stands: written by the computation alone, a measurement that nobody decides.

    *key* names the subject within its kind: the id of a unit or enterprise, the code of a
    division, ``zone@county`` for the part of a park in a county. ``index`` is in points with two
    decimals; ``level`` is empty below the lowest colour. ``parts`` are what the index is made of,
    adding up to it exactly; ``overrides`` the rules that made it red. ``below_since`` is since when
    (seconds of the epoch) it has been below each colour: −∞ for ever, +∞ not at all. ``worst`` is
    the score of the worst child, ``weight`` what the subject counts in its parent's mean,
    ``recorded_index`` the index that the history last took down.
    """

    audited = False

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    subject_id = models.UUIDField(null=True)
    name = models.CharField(max_length=160)
    enterprise_id = models.UUIDField(null=True, db_index=True)
    enterprise_name = models.CharField(max_length=120, blank=True)
    index = models.FloatField()
    recorded_index = models.FloatField(default=0.0)
    level = models.CharField(max_length=12, blank=True)
    since = models.DateTimeField()
    below_since = ArrayField(models.FloatField(), size=4)
    weight = models.FloatField()
    worst = models.UUIDField(null=True)
    worst_name = models.CharField(max_length=160, blank=True)
    worst_level = models.CharField(max_length=12, blank=True)
    overrides = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    table_version = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    run = models.UUIDField(null=True)
    geometry = GeometryField(null=True)
    bounds = BoxField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-index", "name", "id")
        indexes = (bounds_index("risk_score_bounds"),)
        constraints = (
            models.UniqueConstraint(name="risk_score_once", fields=("kind", "key")),
            models.CheckConstraint(name="risk_score_kind_known", condition=_KIND_KNOWN),
            models.CheckConstraint(name="risk_score_level_known", condition=_LEVEL_KNOWN),
            models.CheckConstraint(name="risk_score_range", condition=Q(index__gte=0, index__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.index:g}"


class RiskChange(ScopedModel):
    """One entry of a subject's history: its level changed, or its index moved far. Written once.

    ``parts`` are the contributions of that moment; ``run`` leads to the record of a changed level.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    subject_id = models.UUIDField(null=True)
    score_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=160)
    at = models.DateTimeField()
    index = models.FloatField()
    level = models.CharField(max_length=12, blank=True)
    previous_level = models.CharField(max_length=12, blank=True)
    overrides = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    run = models.UUIDField(null=True)
    warning = models.UUIDField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at", "id")
        indexes = (models.Index(name="risk_change_newest", fields=("-at",)),)
        constraints = (
            models.CheckConstraint(name="risk_change_kind_known", condition=_KIND_KNOWN),
            models.CheckConstraint(name="risk_change_level_known", condition=_LEVEL_KNOWN),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.previous_level}→{self.level} {self.at:%Y-%m-%d %H:%M}"


class RiskRound(models.Model):
    """When all scores were last computed, and the newest entry of an alarm that was seen then. One row."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    at = models.DateTimeField()
    seen = models.UUIDField(null=True)
    boundaries_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
