"""研判: velocity, tangent angle and time of failure of a slope; the cascade of a pond's points."""

from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import locked
from anlan.domains.monitoring.structures.contracts import StructureView
from anlan.domains.monitoring.structures.models import Structure
from anlan.domains.monitoring.structures.permissions import JUDGE, READ
from anlan.domains.monitoring.structures.queries import structure_view
from anlan.domains.monitoring.structures.services.recording import TOPIC
from anlan.domains.monitoring.structures.states import StructureKind
from anlan.domains.monitoring.warnings.contracts import Evidence, EvidenceKind, WarningSource
from anlan.domains.monitoring.warnings.services import generate_warning
from anlan.kernel.clock import now
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.platform.commands import read_scope, service
from anlan.platform.standards.queries import CHINA


@service("structures.judge", permission=JUDGE)
def judge_structure(structure_id: UUID) -> StructureView:
    """Judge a structure by what its points say now; every figure leads to its run."""
    structure = locked(Structure, structure_id, JUDGE)
    structure.judged_at = now()
    structure.failure_at = structure.failure_early_at = structure.failure_late_at = None
    # the engine is loaded by who judges, and by no other process
    from anlan.domains.monitoring.structures.services import ponds, slopes

    judge = {StructureKind.PIT_SLOPE: slopes.judge_slope, StructureKind.TAILINGS_POND: ponds.judge_pond}
    judge[StructureKind(structure.kind)](structure)
    structure.version += 1
    structure.save()
    announce(TOPIC, structure, READ)
    return structure_view(structure)


def judge_all() -> int:
    """The duty: judge every structure and warn of those that reached a colour; how many were judged.

    One that cannot be judged does not hold up the others.
    """
    with read_scope():
        ids = list(Structure.objects.values_list("id", flat=True))
    judged, hindrance = 0, None
    for structure_id in ids:
        try:
            _warn(judge_structure(structure_id))
            judged += 1
        except Problem as problem:
            hindrance = problem
    if hindrance is not None:
        raise hindrance
    return judged


def _warn(judged: StructureView) -> None:
    """Give cause to a warning, or raise the one that is open, when a colour is reached."""
    if judged.level is None or judged.judged_at is None:
        return
    kind, level = judged.kind.label, judged.level.label
    words = Text(f"{judged.name}：{kind.zh}研判{level.zh}", f"{judged.name}: {kind.en}, {level.en.lower()}")
    evidence = [Evidence(EvidenceKind.RULE, judged.id, judged.judged_at, words)]
    if judged.failure_at is not None:
        local = judged.failure_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        said = Text(f"外推破坏时间 {local}", f"Extrapolated failure {local} (China)")
        evidence.append(Evidence(EvidenceKind.READING, judged.id, judged.judged_at, said))
    generate_warning(
        subject_kind="structure",
        subject_id=judged.id,
        enterprise_id=judged.enterprise_id,
        level=judged.level,
        title=words.zh,
        evidence=evidence,
        source=WarningSource.STRUCTURE,
    )
