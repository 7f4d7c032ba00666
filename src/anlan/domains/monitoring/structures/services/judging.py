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
from anlan.kernel.clock import now
from anlan.kernel.errors import Problem
from anlan.platform.commands import read_scope, service


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
    """The duty: judge every structure; one that cannot be judged does not hold up the others. How many were."""
    with read_scope():
        ids = list(Structure.objects.values_list("id", flat=True))
    judged, hindrance = 0, None
    for structure_id in ids:
        try:
            judge_structure(structure_id)
            judged += 1
        except Problem as problem:
            hindrance = problem
    if hindrance is not None:
        raise hindrance
    return judged
