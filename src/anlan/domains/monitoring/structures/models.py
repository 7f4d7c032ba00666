"""Tables of structures, the stations of slopes and the points of ponds."""

from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.structures.states import Outcome, PondItem, StructureKind
from anlan.kernel.levels import WarningLevel
from anlan.platform.scope.models import ScopedModel

_LEVELS = [level.value for level in WarningLevel]


class Structure(ScopedModel):
    """A slope or a pond (边坡、尾矿库); its place is its enterprise's.

    ``level`` is that of the last judgement, empty when nothing was reached; ``failure_at`` with its
    band comes from the station that would fail first. ``thread`` is that of the warning it gave cause to.
    """

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField(db_index=True)
    enterprise_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    height_m = models.FloatField(null=True)
    outcome = models.CharField(max_length=8, default=Outcome.NOT_YET.value)
    level = models.CharField(max_length=8, blank=True)
    judged_at = models.DateTimeField(null=True)
    failure_at = models.DateTimeField(null=True)
    failure_early_at = models.DateTimeField(null=True)
    failure_late_at = models.DateTimeField(null=True)
    run = models.UUIDField(null=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("enterprise_name", "code")
        constraints = (
            models.UniqueConstraint(name="structure_code_once", fields=("enterprise_id", "code")),
            models.CheckConstraint(
                name="structure_kind_known", condition=Q(kind__in=[kind.value for kind in StructureKind])
            ),
            models.CheckConstraint(name="structure_level_known", condition=Q(level__in=["", *_LEVELS])),
            models.CheckConstraint(
                name="structure_height_positive", condition=Q(height_m__isnull=True) | Q(height_m__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Scale(ScopedModel):
    """Four filed values (报备阈值) by colour and where they are filed; what is not filed is null."""

    blue = models.FloatField(null=True)
    yellow = models.FloatField(null=True)
    orange = models.FloatField(null=True)
    red = models.FloatField(null=True)
    filed_in = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=8, blank=True)
    judged_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class SlopeStation(Scale):
    """A GNSS station of a slope: its three points give east, north and up. The scale is in mm/d.

    ``position_sd_mm`` is the standard deviation of one position.
    """

    id = models.UUIDField(primary_key=True)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="stations")
    name = models.CharField(max_length=80)
    east_id = models.UUIDField()
    north_id = models.UUIDField()
    up_id = models.UUIDField()
    position_sd_mm = models.FloatField(default=3.0)
    velocity_mm_d = models.FloatField(null=True)
    displacement_mm = models.FloatField(null=True)
    tangent_angle_deg = models.FloatField(null=True)

    class Meta:
        ordering = ("structure", "name")
        constraints = (
            models.UniqueConstraint(name="station_once", fields=("structure", "name")),
            models.CheckConstraint(name="station_sd_positive", condition=Q(position_sd_mm__gt=0)),
            models.CheckConstraint(name="station_level_known", condition=Q(level__in=["", *_LEVELS])),
        )

    def __str__(self) -> str:
        return self.name


class PondPoint(Scale):
    """A point of a pond's item; the scale is in the point's unit, rising or falling towards red."""

    id = models.UUIDField(primary_key=True)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="pond_points")
    item = models.CharField(max_length=16)
    point_id = models.UUIDField()
    point_label = models.CharField(max_length=220)
    unit = models.CharField(max_length=16, blank=True)
    value = models.FloatField(null=True)

    class Meta:
        ordering = ("structure", "item", "point_label")
        constraints = (
            models.UniqueConstraint(name="pond_point_once", fields=("structure", "point_id")),
            models.CheckConstraint(
                name="pond_item_known", condition=Q(item__in=[item.value for item in PondItem])
            ),
            models.CheckConstraint(name="pond_point_level_known", condition=Q(level__in=["", *_LEVELS])),
        )

    def __str__(self) -> str:
        return self.point_label
