"""Tables of enterprises and their process units."""

from django.db import models

from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.platform.geo.fields import BoxField, GeometryField, bounds_index
from anlan.platform.scope.models import ScopedModel

CODE_FORM = "^[0-9A-HJ-NP-RTUWXY]{18}$"


class Enterprise(ScopedModel):
    """An enterprise under supervision (企业).

    ``code`` is the 统一社会信用代码 of 18 characters (GB 32100-2015). ``source``
    says where the record comes from; ``synthetic`` marks an invented one; ``geometry``
    is its gate or middle, where known.
    """

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    geometry = GeometryField(null=True)
    bounds = BoxField(null=True)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        indexes = (bounds_index("enterprise_bounds"),)
        constraints = [
            models.CheckConstraint(name="enterprise_code_form", condition=models.Q(code__regex=CODE_FORM)),
            models.CheckConstraint(
                name="enterprise_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in EnterpriseKind]),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class ProcessUnit(ScopedModel):
    """A production or storage unit of an enterprise (单元); its place is the enterprise's."""

    id = models.UUIDField(primary_key=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["enterprise", "code"]
        constraints = [
            models.UniqueConstraint(name="process_unit_code_once", fields=["enterprise", "code"]),
            models.CheckConstraint(
                name="process_unit_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in ProcessUnitKind]),
            ),
        ]

    def __str__(self) -> str:
        return self.name
