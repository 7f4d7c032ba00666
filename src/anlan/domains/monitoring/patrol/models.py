"""Tables of bulletins by place and of their lines by enterprise."""

from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.patrol.states import BulletinState
from anlan.platform.scope.models import ScopedModel


class _Counted(ScopedModel):
    """The figures that a place and an enterprise share; rates are null where nothing could be counted."""

    points = models.PositiveIntegerField()
    online = models.PositiveIntegerField()
    online_rate = models.FloatField(null=True)
    online_rank = models.PositiveIntegerField(null=True)
    commitment_rate = models.FloatField(null=True)
    commitment_rank = models.PositiveIntegerField(null=True)
    unresolved = models.PositiveIntegerField()
    longest_h = models.FloatField()
    warnings_open = models.PositiveIntegerField()
    warnings_waiting = models.PositiveIntegerField()
    circulars_waiting = models.PositiveIntegerField()
    discrepancies = models.PositiveIntegerField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Bulletin(_Counted):
    """One day's bulletin of a county, or of a functional zone in it (线上巡查通报)."""

    id = models.UUIDField(primary_key=True)
    day = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    state = models.CharField(max_length=10, default=BulletinState.ISSUED.value)
    enterprises = models.PositiveIntegerField()
    required = models.PositiveIntegerField()
    committed = models.PositiveIntegerField()
    run = models.UUIDField(null=True)
    contact = models.CharField(max_length=120, blank=True)
    feedback = models.CharField(max_length=1000, blank=True)
    fed_back_at = models.DateTimeField(null=True)
    fed_back_by = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day", "region", "zone")
        constraints = (
            models.UniqueConstraint(
                name="one_bulletin_per_place_and_day",
                fields=("day", "region", "zone"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="bulletin_state_known", condition=Q(state__in=[state.value for state in BulletinState])
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.region}"


class BulletinLine(_Counted):
    """An enterprise's line of a bulletin; ranks are among the enterprises of the same bulletin."""

    id = models.UUIDField(primary_key=True)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="lines")
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    required = models.BooleanField()
    committed = models.BooleanField()

    class Meta:
        ordering = ("online_rank", "enterprise_name", "id")

    def __str__(self) -> str:
        return self.enterprise_name
