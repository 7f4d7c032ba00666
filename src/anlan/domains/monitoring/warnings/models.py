"""Tables of warnings, what they rest on, their time lines, and circulars."""

from django.db import models
from django.db.models import Q

from anlan.domains.monitoring.warnings.states import (
    OPEN_STATES,
    CircularState,
    EvidenceKind,
    Reach,
    WarningEntryKind,
    WarningSource,
    WarningState,
)
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import LabelledEnum
from anlan.platform.scope.models import ScopedModel


def _one_of(field: str, kind: type[LabelledEnum]) -> Q:
    return Q(**{f"{field}__in": [member.value for member in kind]})


class Warning(ScopedModel):
    """A warning (预警) about one subject from one source; its times are those of its timeline.

    *subject_kind* and *subject_id* name what it is about (a resource's name and id). The clocks run from
    ``pushed_at``; a raised level pushes anew, and then ``signed_at`` and ``fed_back_at`` are empty again.
    ``reach`` is how far up it has been pushed, by its colour and by escalation.
    """

    id = models.UUIDField(primary_key=True)
    thread = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    source = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=WarningState.GENERATED.value)
    level = models.CharField(max_length=8)
    reach = models.CharField(max_length=12, default=Reach.ENTERPRISE.value)
    title = models.CharField(max_length=200)
    enterprise_id = models.UUIDField(null=True, db_index=True)
    enterprise_name = models.CharField(max_length=120, blank=True)
    generated_at = models.DateTimeField()
    generated_by = models.CharField(max_length=80)
    pushed_at = models.DateTimeField(null=True)
    sign_due_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    feedback_due_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    fed_back_by = models.CharField(max_length=80, blank=True)
    measures = models.CharField(max_length=1000, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    enforcement_office = models.CharField(max_length=120, blank=True)
    timeline = models.UUIDField(null=True)
    exercise = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-generated_at", "id")
        indexes = (models.Index(name="warning_newest", fields=("-generated_at",)),)
        constraints = (
            models.UniqueConstraint(
                name="one_open_warning_per_subject_and_source",
                fields=("subject_kind", "subject_id", "source"),
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            models.CheckConstraint(name="warning_source_known", condition=_one_of("source", WarningSource)),
            models.CheckConstraint(name="warning_state_known", condition=_one_of("state", WarningState)),
            models.CheckConstraint(name="warning_level_known", condition=_one_of("level", WarningLevel)),
            models.CheckConstraint(name="warning_reach_known", condition=_one_of("reach", Reach)),
            models.CheckConstraint(
                name="warning_ended_with_its_time",
                condition=Q(state__in=[state.value for state in OPEN_STATES], ended_at__isnull=True)
                | (~Q(state__in=[state.value for state in OPEN_STATES]) & Q(ended_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.title


class WarningEvidence(ScopedModel):
    """One thing that a warning rests on, as it was when the warning was made or raised."""

    id = models.UUIDField(primary_key=True)
    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=16)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(name="warning_evidence_known", condition=_one_of("kind", EvidenceKind)),
        )

    def __str__(self) -> str:
        return self.zh


class WarningEntry(ScopedModel):
    """One entry of a warning's time line, written once and never changed."""

    id = models.UUIDField(primary_key=True)
    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (
            models.CheckConstraint(name="warning_entry_known", condition=_one_of("kind", WarningEntryKind)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class Circular(ScopedModel):
    """A circular (警示通报) as one addressee has it; those of one *batch* were issued together.

    The addressee is an enterprise, or the bureau of ``region`` when none is named.
    """

    id = models.UUIDField(primary_key=True)
    batch = models.UUIDField(db_index=True)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=4000)
    state = models.CharField(max_length=12, default=CircularState.ISSUED.value)
    enterprise_id = models.UUIDField(null=True, db_index=True)
    enterprise_name = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    fed_back_at = models.DateTimeField(null=True)
    fed_back_by = models.CharField(max_length=80, blank=True)
    measures = models.CharField(max_length=1000, blank=True)
    returned_because = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-issued_at", "id")
        constraints = (
            models.CheckConstraint(name="circular_state_known", condition=_one_of("state", CircularState)),
        )

    def __str__(self) -> str:
        return self.title
