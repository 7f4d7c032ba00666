"""生成: one open warning for each subject and source, whose level only rises while it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from anlan.domains.monitoring.alarms.queries import find_alarm
from anlan.domains.monitoring.commitments.queries import find_discrepancy
from anlan.domains.monitoring.editing import insert_once, refuse_field, require_place
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.points.queries import find_point
from anlan.domains.monitoring.warnings.contracts import Evidence, WarningView
from anlan.domains.monitoring.warnings.models import Warning, WarningEvidence
from anlan.domains.monitoring.warnings.queries import warning_view
from anlan.domains.monitoring.warnings.services.pushing import push, pushed_at_once
from anlan.domains.monitoring.warnings.services.writing import add_entry, changed, told
from anlan.domains.monitoring.warnings.states import (
    GENERATE,
    JUDGE,
    OPEN_STATES,
    EvidenceKind,
    WarningEntryKind,
    WarningSource,
    graver,
)
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.threads.queries import clock_of_timeline, resolve_thread
from anlan.platform.threads.services import open_thread


@dataclass(frozen=True)
class Matter:
    """What a warning is about, and where."""

    subject_kind: str
    subject_id: UUID
    source: WarningSource
    level: WarningLevel
    title: str
    evidence: tuple[Evidence, ...]
    region: str
    zone: str | None
    enterprise_id: UUID | None = None
    enterprise_name: str = ""
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False
    synthetic: bool = False


@service("warnings.generate", permission=GENERATE)
def generate_warning(
    *,
    subject_kind: str,
    subject_id: UUID,
    enterprise_id: UUID | None,
    level: WarningLevel,
    title: str,
    evidence: Sequence[Evidence],
    source: WarningSource,
    thread: UUID | None = None,
    region: str | None = None,
    zone: str | None = None,
    timeline: UUID | None = None,
    exercise: bool = False,
    synthetic: bool = False,
) -> WarningView:
    """The open warning of a subject and source at *level* or above; made when there is none.

    Asked again at the same or a lower level, nothing changes; at a graver one it is raised and pushed anew.
    The place is the enterprise's unless *region* is given; without *thread* one is opened. Raises `NotFound`
    for an enterprise out of sight, `Invalid` when no place is known.
    """
    enterprise = find_enterprise(enterprise_id) if enterprise_id else None
    if region is None:
        if enterprise is None:
            raise refuse_field(
                "region", "请给出企业或行政区划", "Name an enterprise or the division that it is about"
            )
        region, zone = enterprise.region, enterprise.zone
    require_place(region, zone)
    decide_there(GENERATE, region, zone)
    return _generated(
        Matter(
            subject_kind=subject_kind,
            subject_id=subject_id,
            source=WarningSource(source),
            level=WarningLevel(level),
            title=title.strip(),
            evidence=tuple(evidence),
            region=region,
            zone=zone,
            enterprise_id=enterprise_id,
            enterprise_name=enterprise.name if enterprise else "",
            thread=thread,
            timeline=timeline,
            exercise=exercise,
            synthetic=synthetic or bool(enterprise and enterprise.synthetic),
        )
    )


@service("warnings.from_alarm", permission=JUDGE)
def warn_from_alarm(alarm_id: UUID, *, level: WarningLevel, note: str) -> WarningView:
    """A person judges that an alarm is worth a warning, on the alarm's thread.

    Raises `Conflict` when the alarm has its warning already.
    """
    alarm = find_alarm(alarm_id)
    decide_there(JUDGE, alarm.region, alarm.zone)
    refuse_second("alarm", alarm_id, WarningSource.ALARM)
    point = find_point(alarm.point_id)
    what = f"{point.enterprise_name} {point.name}{alarm.condition.label.zh}"
    at = clock_of_timeline(alarm.timeline).now()
    label = alarm.condition.label
    return _generated(
        Matter(
            subject_kind="alarm",
            subject_id=alarm.id,
            source=WarningSource.ALARM,
            level=WarningLevel(level),
            title=what,
            evidence=(
                Evidence(
                    EvidenceKind.ALARM,
                    alarm.id,
                    alarm.raised_at,
                    Text(f"{point.tag} {point.name}{label.zh}", f"{point.tag} {point.name}: {label.en}"),
                ),
                Evidence(EvidenceKind.STATEMENT, None, at, Text(note.strip(), note.strip())),
            ),
            region=alarm.region,
            zone=alarm.zone,
            enterprise_id=alarm.enterprise_id,
            enterprise_name=point.enterprise_name,
            thread=resolve_thread(alarm.thread),
            timeline=alarm.timeline,
            exercise=alarm.exercise,
            synthetic=point.synthetic,
        )
    )


@service("warnings.from_discrepancy", permission=JUDGE)
def warn_from_discrepancy(discrepancy_id: UUID, *, level: WarningLevel, note: str) -> WarningView:
    """A person judges that what commitment and permits do not agree upon is worth a warning.

    Raises `Conflict` when the discrepancy has its warning already.
    """
    found = find_discrepancy(discrepancy_id)
    decide_there(JUDGE, found.region, found.zone)
    refuse_second("discrepancy", discrepancy_id, WarningSource.CROSS_CHECK)
    return _generated(
        Matter(
            subject_kind="discrepancy",
            subject_id=found.id,
            source=WarningSource.CROSS_CHECK,
            level=WarningLevel(level),
            title=f"{found.enterprise_name} {found.kind.label.zh}",
            evidence=(
                Evidence(EvidenceKind.COMMITMENT, None, found.found_at, found.words),
                Evidence(EvidenceKind.STATEMENT, None, now(), Text(note.strip(), note.strip())),
            ),
            region=found.region,
            zone=found.zone,
            enterprise_id=found.enterprise_id,
            enterprise_name=found.enterprise_name,
            synthetic=found.synthetic,
        )
    )


def refuse_second(subject_kind: str, subject_id: UUID, source: WarningSource) -> None:
    """Raises `Conflict` when the subject has an open warning from that source."""
    standing = _standing(subject_kind, subject_id, source)
    if standing is not None:
        raise Conflict(
            Text(
                f"该{_SUBJECTS[subject_kind].zh}已生成预警",
                f"This {_SUBJECTS[subject_kind].en} has its warning",
            ),
            facts={"warning": str(standing.id)},
        )


_SUBJECTS = {"alarm": Text("报警", "alarm"), "discrepancy": Text("核对问题", "discrepancy")}


def _generated(matter: Matter) -> WarningView:
    """Make or raise; two processes at once meet at the unique constraint, and the second finds the first's."""
    standing = _standing(matter.subject_kind, matter.subject_id, matter.source, lock=True)
    if standing is None:
        try:
            return _made(matter)
        except Conflict:
            standing = _standing(matter.subject_kind, matter.subject_id, matter.source, lock=True)
            if standing is None:
                raise
    if graver(matter.level, WarningLevel(standing.level)):
        _raise(standing, matter)
    return warning_view(standing)


def _standing(
    subject_kind: str, subject_id: UUID, source: WarningSource, *, lock: bool = False
) -> Warning | None:
    rows = Warning.objects.select_for_update() if lock else Warning.objects.all()
    return rows.filter(
        subject_kind=subject_kind, subject_id=subject_id, source=source.value, state__in=OPEN_STATES
    ).first()


def _made(matter: Matter) -> WarningView:
    warning = Warning(
        id=new_id(),
        thread=matter.thread
        or open_thread(matter.region, matter.zone, matter.title[:256], timeline=matter.timeline),
        subject_kind=matter.subject_kind,
        subject_id=matter.subject_id,
        source=matter.source.value,
        level=matter.level.value,
        title=matter.title[:200],
        enterprise_id=matter.enterprise_id,
        enterprise_name=matter.enterprise_name[:120],
        generated_at=clock_of_timeline(matter.timeline).now(),
        generated_by=current_principal().name,
        timeline=matter.timeline,
        exercise=matter.exercise,
        synthetic=matter.synthetic,
        region=matter.region,
        zone=matter.zone,
    )
    insert_once(warning, "subject_id", Text("该对象已有未销预警", "The subject has an open warning"))
    _add_evidence(warning, matter.evidence)
    add_entry(warning, WarningEntryKind.GENERATED, facts={"level": warning.level})
    if pushed_at_once(matter.level):
        push(warning)
        warning.save()
    told(warning)
    return warning_view(warning)


def _raise(warning: Warning, matter: Matter) -> None:
    before = warning.level
    warning.level = matter.level.value
    warning.title = matter.title[:200]
    _add_evidence(warning, matter.evidence)
    add_entry(warning, WarningEntryKind.RAISED, facts={"before": before, "after": warning.level})
    if warning.pushed_at is not None or pushed_at_once(matter.level):
        push(warning)
    changed(warning)


def _add_evidence(warning: Warning, evidence: Sequence[Evidence]) -> None:
    WarningEvidence.objects.bulk_create(
        WarningEvidence(
            id=new_id(),
            warning=warning,
            kind=one.kind.value,
            subject_id=one.id,
            at=one.at,
            zh=one.text.zh[:300],
            en=one.text.en[:300],
            region=warning.region,
            zone=warning.zone,
        )
        for one in evidence
    )
