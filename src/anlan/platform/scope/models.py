"""The region tree, functional zones, and what a scoped row carries."""

from typing import ClassVar

from django.db import models


class Region(models.Model):
    """An administrative division of GB/T 2260, by its six-digit code."""

    code = models.CharField(max_length=6, primary_key=True)
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=64)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_column="parent"
    )

    class Meta:
        ordering = ("code",)


class FunctionalZone(models.Model):
    """A zone with supervisory rights of its own and no division code, such as 宁东."""

    id = models.CharField(max_length=32, primary_key=True)
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)


class ZoneRegion(models.Model):
    """One county that a functional zone overlays."""

    zone = models.ForeignKey(FunctionalZone, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("zone", "region"), name="zone_region_once"),)


class ScopedModel(models.Model):
    """A row that belongs to a region, and perhaps to a functional zone.

    *region* is the division's six-digit code, *zone* the id of a functional
    zone that overlays it. Each concrete model needs the migration operations
    `EnableRowSecurity` and `AuditTable`; a system check insists. *audited* is
    false only for measurements that no person decides, such as latest values.
    """

    audited: ClassVar[bool] = True

    region = models.CharField(max_length=6)
    zone = models.CharField(max_length=32, null=True, blank=True)

    class Meta:
        abstract = True
