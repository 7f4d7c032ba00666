"""Tables of gateways, points, limits, latest values and dead letters.

References to an enterprise are plain identifiers with the names a list needs
beside them: another app's tables are not joined.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value

from anlan.domains.monitoring.points.states import GatewayState, PointKind
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.scope.models import ScopedModel

WITHOUT_THRESHOLD = (Condition.NO_DATA, Condition.OUT_OF_RANGE, Condition.COMBINED)
SOURCE_FORM = "^[a-z0-9][a-z0-9_-]{0,63}$"


def next_number(sequence: str) -> Func:
    """The next value of *sequence*: dense integers for the hot path, never used again."""
    return Func(Value(sequence), function="nextval", output_field=models.IntegerField())


class Gateway(ScopedModel):
    """A source of readings (网关) with a key of its own.

    ``source`` is the name it sends under. The key is shown once when it is
    made; kept are its SHA-256 (for the door) and its bcrypt hash (for the
    broker's MQTT listener). ``timeline`` is set when its readings belong to a
    replay or a drill. Its readings are held for ``reorder_s`` seconds and
    evaluated in the order of their events; 0, the rule, evaluates them as they come.
    """

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField(unique=True, db_default=next_number("points_gateway_number"))
    source = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    key_sha256 = models.BinaryField(max_length=32)
    key_bcrypt = models.CharField(max_length=60)
    key_made_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=GatewayState.ENABLED.value)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    timeline = models.UUIDField(null=True, blank=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    reorder_s = models.FloatField(default=0.0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["source"]
        constraints = [
            models.CheckConstraint(name="gateway_source_form", condition=Q(source__regex=SOURCE_FORM)),
            models.CheckConstraint(
                name="gateway_state_known", condition=Q(state__in=[state.value for state in GatewayState])
            ),
        ]

    def __str__(self) -> str:
        return self.source


class Point(ScopedModel):
    """A point of measurement (监测点); its place is its enterprise's, unless *lon* and *lat* tell its own (WGS-84).

    ``tag`` is what the gateway calls it. ``sampling_s`` is the interval agreed
    with the sender, ``stale_after_s`` the silence after which its value on a
    screen is no longer the present one; both in seconds of arrival time.
    ``simulated`` marks a simulator's output and ``source`` names the origin.
    """

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField(unique=True, db_default=next_number("points_point_number"))
    tag = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=20)
    range_low = models.FloatField(null=True, blank=True)
    range_high = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    sampling_s = models.FloatField()
    stale_after_s = models.FloatField()
    simulated = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="points")
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True, blank=True)
    process_unit_name = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(name="point_of_enterprise", fields=["enterprise_id", "number"])]
        constraints = [
            models.UniqueConstraint(name="point_tag_once_per_gateway", fields=["gateway", "tag"]),
            models.CheckConstraint(
                name="point_kind_known", condition=Q(kind__in=[kind.value for kind in PointKind])
            ),
            models.CheckConstraint(
                name="point_range_order",
                condition=Q(range_low__isnull=True)
                | Q(range_high__isnull=True)
                | Q(range_low__lt=models.F("range_high")),
            ),
            models.CheckConstraint(
                name="point_place_whole",
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__range=(-180.0, 180.0), lat__range=(-90.0, 90.0)),
            ),
            models.CheckConstraint(
                name="point_times_positive", condition=Q(sampling_s__gt=0, stale_after_s__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.name}"


class Limit(ScopedModel):
    """A rule of a point (报警限值、报警规则): a limit, the silence allowed to it, or how it may behave.

    What the figures mean for each kind is said at `contracts.LimitSpec`.
    ``note`` says where they come from; ``template*`` name the row of the
    template that they were taken from, and ``overridden`` those that differ
    from it. ``since`` is when this version came into force, None for one that
    has never been changed; the former ones are `LimitVersion`.
    """

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField(unique=True, db_default=next_number("points_limit_number"))
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="limits")
    kind = models.CharField(max_length=12)
    threshold = models.FloatField(null=True, blank=True)
    deadband = models.FloatField(default=0.0)
    on_delay_s = models.FloatField(default=0.0)
    off_delay_s = models.FloatField(default=0.0)
    level = models.CharField(max_length=2)
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=120, blank=True)
    window_s = models.FloatField(default=0.0)
    reference = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    needed = models.PositiveIntegerField(null=True, blank=True)
    repeat_count = models.PositiveSmallIntegerField(default=1)
    repeat_window_s = models.FloatField(default=0.0)
    calendar = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    silent = models.BooleanField(default=False)
    members = ArrayField(models.UUIDField(), default=list, blank=True)
    template = models.CharField(max_length=64, blank=True)
    template_version = models.PositiveIntegerField(null=True, blank=True)
    template_key = models.CharField(max_length=128, blank=True)
    template_certainty = models.CharField(max_length=16, blank=True)
    overridden = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    point_label = models.CharField(max_length=220)
    unit = models.CharField(max_length=16, blank=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["point", "number"]
        constraints = [
            models.UniqueConstraint(
                name="limit_once_per_condition",
                fields=["point", "kind", "silent"],
                condition=~Q(kind=Condition.COMBINED.value),
            ),
            models.CheckConstraint(
                name="limit_kind_known", condition=Q(kind__in=[kind.value for kind in Condition])
            ),
            models.CheckConstraint(
                name="limit_level_known", condition=Q(level__in=[level.value for level in AlarmLevel])
            ),
            models.CheckConstraint(
                name="limit_not_negative",
                condition=Q(
                    deadband__gte=0,
                    on_delay_s__gte=0,
                    off_delay_s__gte=0,
                    window_s__gte=0,
                    repeat_window_s__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="limit_threshold_where_needed",
                condition=Q(kind=Condition.NO_DATA.value, threshold__isnull=True, on_delay_s__gt=0)
                | Q(kind__in=[Condition.OUT_OF_RANGE.value, Condition.COMBINED.value], threshold__isnull=True)
                | (~Q(kind__in=[kind.value for kind in WITHOUT_THRESHOLD]) & Q(threshold__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_label} {self.kind}"


class LimitVersion(ScopedModel):
    """A rule as it once stood, written when it was changed and never touched again."""

    audited = False

    id = models.UUIDField(primary_key=True)
    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="former")
    version = models.PositiveIntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        ordering = ["limit", "-version"]
        constraints = [
            models.UniqueConstraint(name="limit_version_once", fields=["limit", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.limit_id} {self.version}"


class LatestValue(ScopedModel):
    """The newest reading of a point, written every few seconds, unaudited.

    ``value`` is null when the newest reading was not a number's.
    """

    audited = False

    point_number = models.IntegerField(primary_key=True)
    event_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    value = models.FloatField(null=True)
    quality = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.point_number}: {self.value}"


class DeadLetter(ScopedModel):
    """A message or reading that the door could not take, with the reason.

    A letter of an unknown sender has no county: it belongs to the region.
    ``key`` is the letter's place in the log of dead letters, so that taking it
    over twice stores it once.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=500, blank=True)
    tag = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField(default=1)
    payload = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.source} {self.reason}"


class TableVersion(models.Model):
    """A counter that triggers raise with every change of gateways, points or limits."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
