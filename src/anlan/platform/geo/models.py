"""Boundaries of divisions, and reference features of all kinds in one table."""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index


class Boundary(models.Model):
    """The outline of a division, from one import; the newest import of a division holds.

    Boundaries are replaceable input: a public deployment loads the ones that its
    authority has approved. *source* and *licence* are shown wherever they are drawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.CharField(max_length=6, unique=True)
    geometry = GeometryField()
    bounds = BoxField()
    source = models.CharField(max_length=256)
    licence = models.CharField(max_length=256, blank=True)
    given_in = models.CharField(max_length=16)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ("region",)
        indexes = (bounds_index("geo_boundary_bounds"),)

    def __str__(self) -> str:
        return self.region


class Feature(models.Model):
    """A thing of a reference layer: a settlement, a river, a fault, an earthquake.

    *key* is the feature's id in its source. *properties* hold what the layer declares.
    *data_time* is the time that the data speak of, where the source states one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    layer = models.CharField(max_length=48)
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=160, blank=True)
    name_en = models.CharField(max_length=160, blank=True)
    geometry = GeometryField()
    bounds = BoxField()
    properties = models.JSONField(default=dict)
    source = models.CharField(max_length=256)
    licence = models.CharField(max_length=256, blank=True)
    data_time = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("layer", "key")
        indexes = (bounds_index("geo_feature_bounds"),)
        constraints = (models.UniqueConstraint(fields=("layer", "key"), name="geo_feature_once"),)

    def __str__(self) -> str:
        return f"{self.layer} {self.name or self.key}"
