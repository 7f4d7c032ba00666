"""What a risen level sets off: a warning, with what it rests on."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from anlan.domains.monitoring.risk.hierarchy import Standing
from anlan.domains.monitoring.risk.schemas import PartOut
from anlan.domains.monitoring.risk.states import Override, PartKind, SubjectKind
from anlan.domains.monitoring.risk.tables import WARNINGS, warning_for
from anlan.domains.monitoring.warnings.contracts import Evidence, EvidenceKind, WarningSource
from anlan.domains.monitoring.warnings.services import generate_warning
from anlan.kernel.text import Text
from anlan.platform.standards.queries import table_in_force

_MOST_ALARMS = 5
_KINDS = {
    PartKind.ALARM: EvidenceKind.ALARM,
    PartKind.HAZARD: EvidenceKind.HAZARD,
    PartKind.WORK: EvidenceKind.WORK,
    PartKind.WEATHER: EvidenceKind.WEATHER,
    PartKind.MANAGEMENT: EvidenceKind.MANAGEMENT,
    PartKind.CHILD: EvidenceKind.SCORE,
}


def warn(standing: Standing, at: datetime) -> UUID | None:
    """Generate the warning that *standing*'s level calls for, if the table wants one; its id.

    The open one of the same subject is raised instead of a second being made. Its thread is that of
    the alarm that weighs most, so that the way from the reading to the warning is one.
    """
    subject, level = standing.subject, standing.risk_level
    if level is None or subject.kind is SubjectKind.REGION:
        return None
    wanted = warning_for(table_in_force(WARNINGS), subject.kind, level)
    if wanted is None:
        return None
    kind, id = _matter(standing)
    return generate_warning(
        subject_kind=kind,
        subject_id=id,
        enterprise_id=subject.enterprise_id,
        level=wanted,
        title=f"{subject.enterprise_name} {subject.name}：{level.label.zh}"[:200].strip(),
        evidence=list(_evidence(standing, at)),
        source=WarningSource.RISK,
        thread=_thread(standing),
        region=subject.region,
        zone=subject.zone,
        synthetic=subject.synthetic,
    ).id


def _matter(standing: Standing) -> tuple[str, UUID]:
    """The object that the warning is about: a unit, an enterprise, or the score of a division."""
    subject = standing.subject
    if subject.subject_id is None:
        return "risk_score", subject.score_id
    of_unit = subject.kind is SubjectKind.UNIT and subject.subject_id != subject.enterprise_id
    return "process_unit" if of_unit else "enterprise", subject.subject_id


def _thread(standing: Standing) -> UUID | None:
    alarms = (part for part in standing.parts if part["kind"] == PartKind.ALARM)
    return next((UUID(part["thread"]) for part in alarms), None)


def _evidence(standing: Standing, at: datetime) -> Iterator[Evidence]:
    """The score, the rules that made it red, and what weighs most, the gravest first."""
    index = f"{standing.index / 100:.2f}"
    level = standing.risk_level.label if standing.risk_level else Text("无", "none")
    yield Evidence(
        EvidenceKind.SCORE,
        standing.subject.score_id,
        at,
        Text(f"风险指数 {index}，{level.zh}", f"Risk index {index}, {level.en}"),
    )
    for one in standing.overrides:
        yield Evidence(EvidenceKind.RULE, None, at, Override(one["rule"]).label)
    for stored in islice(standing.parts, _MOST_ALARMS):
        part = PartOut.of(stored)
        id = part.alarm.id if part.alarm else part.child or _id_of(part)
        when = part.alarm.at if part.alarm else at
        words = Text(f"{part.title.zh}，{part.points:.2f} 分", f"{part.title.en}, {part.points:.2f} points")
        yield Evidence(_KINDS[part.kind], id, when, words)


def _id_of(part: PartOut) -> UUID | None:
    said = part.about.get("id")
    return UUID(said) if said else None
