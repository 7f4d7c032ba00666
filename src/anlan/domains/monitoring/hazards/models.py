"""Tables of major hazards, what they hold, how stock moves, and the sites around them."""

from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.hazards.states import HazardLevel, MovementKind, SiteKind
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index
from anlan.platform.scope.models import ScopedModel


class MajorHazard(ScopedModel):
    """A unit that is looked at for GB 18218: whether it is a major hazard (重大危险源), and of which level.

    ``s``, ``r`` and ``level`` follow the design maxima (the statutory figures), ``live_s``,
    ``live_r`` and ``live_level`` the stock of now; ``run`` and ``live_run`` lead to the runs.
    ``exposed_persons`` are residents within 500 m of the plant's boundary.
    """

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField(db_index=True)
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    geometry = GeometryField()
    bounds = BoxField()
    exposed_persons = models.PositiveIntegerField()
    principal = models.CharField(max_length=40, blank=True)
    technical_lead = models.CharField(max_length=40, blank=True)
    operations_lead = models.CharField(max_length=40, blank=True)
    s = models.FloatField(null=True)
    r = models.FloatField(null=True)
    alpha = models.FloatField(null=True)
    level = models.CharField(max_length=8, default=HazardLevel.NONE.value)
    live_s = models.FloatField(null=True)
    live_r = models.FloatField(null=True)
    live_level = models.CharField(max_length=8, default=HazardLevel.NONE.value)
    run = models.UUIDField(null=True)
    live_run = models.UUIDField(null=True)
    graded_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("enterprise_name", "code")
        indexes = (bounds_index("major_hazard_bounds"),)
        constraints = (
            models.UniqueConstraint(name="major_hazard_code_once", fields=("enterprise_id", "code")),
            models.CheckConstraint(
                name="major_hazard_kind_known", condition=Q(kind__in=[kind.value for kind in ProcessUnitKind])
            ),
            models.CheckConstraint(
                name="major_hazard_level_known",
                condition=Q(level__in=[level.value for level in HazardLevel])
                & Q(live_level__in=[level.value for level in HazardLevel]),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Holding(ScopedModel):
    """A substance of a unit, in one tank or store; masses in tonnes.

    *row* is the key in the table of named substances, empty for one that counts by its
    *hazard_class* (a key in the table of classes, from which β comes for a named one too).
    """

    id = models.UUIDField(primary_key=True)
    hazard = models.ForeignKey(MajorHazard, on_delete=models.PROTECT, related_name="holdings")
    equipment = models.CharField(max_length=80)
    substance = models.CharField(max_length=120)
    cas = models.CharField(max_length=12, blank=True)
    row = models.CharField(max_length=16, blank=True)
    hazard_class = models.CharField(max_length=8, blank=True)
    design_max_t = models.FloatField()
    stock_t = models.FloatField()
    level_point_id = models.UUIDField(null=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("hazard", "equipment")
        constraints = (
            models.UniqueConstraint(name="holding_once", fields=("hazard", "equipment", "substance")),
            models.CheckConstraint(name="holding_figures", condition=Q(design_max_t__gt=0, stock_t__gte=0)),
            models.CheckConstraint(name="holding_counts_by_something", condition=~Q(row="", hazard_class="")),
        )

    def __str__(self) -> str:
        return f"{self.substance} {self.equipment}"


class StockMovement(ScopedModel):
    """One movement of stock; *quantity_t* is what moved, *stock_t* what was there afterwards."""

    id = models.UUIDField(primary_key=True)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12)
    quantity_t = models.FloatField()
    stock_t = models.FloatField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.CheckConstraint(
                name="movement_kind_known", condition=Q(kind__in=[kind.value for kind in MovementKind])
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity_t:g} t"


class Site(ScopedModel):
    """A place that must be protected or can help (防护目标、救援资源)."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    geometry = GeometryField()
    bounds = BoxField()
    persons = models.PositiveIntegerField(null=True)
    contact = models.CharField(max_length=80, blank=True)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("kind", "name")
        indexes = (bounds_index("site_bounds"),)
        constraints = (
            models.CheckConstraint(
                name="site_kind_known", condition=Q(kind__in=[kind.value for kind in SiteKind])
            ),
        )

    def __str__(self) -> str:
        return self.name
