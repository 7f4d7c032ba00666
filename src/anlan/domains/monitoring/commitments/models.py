"""Tables of commitments, permits with their gas tests, and discrepancies between what sources say."""

from django.db import models
from django.db.models import F, Q

from anlan.domains.monitoring.commitments.states import (
    DiscrepancyKind,
    DiscrepancyState,
    GasKind,
    WorkGrade,
    WorkKind,
    WorkState,
)
from anlan.kernel.text import LabelledEnum
from anlan.platform.scope.models import ScopedModel


def _one_of(field: str, kind: type[LabelledEnum]) -> Q:
    return Q(**{f"{field}__in": [member.value for member in kind]})


class Commitment(ScopedModel):
    """What an enterprise promises for one day in China (安全承诺公告)."""

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    day = models.DateField()
    units_total = models.PositiveIntegerField()
    units_running = models.PositiveIntegerField()
    units_stopped = models.PositiveIntegerField()
    units_maintained = models.PositiveIntegerField()
    hot_special = models.PositiveIntegerField(default=0)
    hot_first = models.PositiveIntegerField(default=0)
    hot_second = models.PositiveIntegerField(default=0)
    confined_space = models.PositiveIntegerField(default=0)
    trial_production = models.BooleanField(default=False)
    starting_or_stopping = models.BooleanField(default=False)
    promiser = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day", "enterprise_name", "id")
        constraints = (
            models.UniqueConstraint(
                name="one_commitment_per_enterprise_and_day", fields=("enterprise_id", "day")
            ),
            models.CheckConstraint(
                name="commitment_units_add_up",
                condition=Q(units_total__gte=F("units_running") + F("units_stopped") + F("units_maintained")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_name} {self.day}"


class SpecialWork(ScopedModel):
    """A permit of special work (特殊作业票), from the application to its end."""

    id = models.UUIDField(primary_key=True)
    enterprise_id = models.UUIDField()
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True)
    process_unit_name = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    grade = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=WorkState.APPLIED.value)
    place = models.CharField(max_length=200)
    content = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    responsible = models.CharField(max_length=80)
    guardian = models.CharField(max_length=80, blank=True)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=80, blank=True)
    acceptance_note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-starts_at", "id")
        indexes = (
            models.Index(
                name="special_work_under_way",
                fields=("process_unit_id",),
                condition=Q(state=WorkState.WORKING.value),
            ),
            models.Index(name="special_work_window", fields=("ends_at", "starts_at")),
        )
        constraints = (
            models.UniqueConstraint(name="special_work_number_once", fields=("enterprise_id", "number")),
            models.CheckConstraint(name="special_work_kind_known", condition=_one_of("kind", WorkKind)),
            models.CheckConstraint(name="special_work_grade_known", condition=_one_of("grade", WorkGrade)),
            models.CheckConstraint(name="special_work_state_known", condition=_one_of("state", WorkState)),
            models.CheckConstraint(name="special_work_ends_later", condition=Q(ends_at__gt=F("starts_at"))),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class GasTest(ScopedModel):
    """One value of a gas test at the place of work, written once and never changed."""

    id = models.UUIDField(primary_key=True)
    work = models.ForeignKey(SpecialWork, on_delete=models.PROTECT, related_name="gas_tests")
    kind = models.CharField(max_length=12)
    value = models.FloatField()
    unit = models.CharField(max_length=16)
    sampled_at = models.DateTimeField()
    tester = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-sampled_at", "id")
        constraints = (
            models.CheckConstraint(name="gas_test_kind_known", condition=_one_of("kind", GasKind)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value:g} {self.unit}"


class Discrepancy(ScopedModel):
    """What two sources do not agree upon, with what each of them says.

    *key* tells discrepancies apart; *holds* says whether the last check still found it. Ceasing to hold
    settles nothing: only a person does.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=DiscrepancyState.OPEN.value)
    enterprise_id = models.UUIDField(db_index=True)
    enterprise_name = models.CharField(max_length=120)
    process_unit_id = models.UUIDField(null=True)
    day = models.DateField()
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    sources = models.JSONField()
    found_at = models.DateTimeField()
    holds = models.BooleanField(default=True)
    ceased_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=500, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.CharField(max_length=80, blank=True)
    verdict = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-found_at", "id")
        verbose_name_plural = "discrepancies"
        constraints = (
            models.UniqueConstraint(
                name="one_standing_discrepancy_per_key",
                fields=("key",),
                condition=~Q(state=DiscrepancyState.SETTLED.value) | Q(holds=True),
            ),
            models.CheckConstraint(name="discrepancy_kind_known", condition=_one_of("kind", DiscrepancyKind)),
            models.CheckConstraint(
                name="discrepancy_state_known", condition=_one_of("state", DiscrepancyState)
            ),
        )

    def __str__(self) -> str:
        return self.zh
