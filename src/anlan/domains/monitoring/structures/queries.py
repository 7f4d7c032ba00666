"""Reads of structures that are more than a filter. Call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.domains.monitoring.structures.contracts import StructureView
from anlan.domains.monitoring.structures.models import Structure
from anlan.domains.monitoring.structures.states import Outcome, StructureKind
from anlan.kernel.levels import WarningLevel


def structures_of(enterprise_id: UUID) -> list[StructureView]:
    """The visible structures of an enterprise, by code."""
    return [
        structure_view(one) for one in Structure.objects.filter(enterprise_id=enterprise_id).order_by("code")
    ]


def structure_view(structure: Structure) -> StructureView:
    """The contract of a row."""
    return StructureView(
        id=structure.id,
        enterprise_id=structure.enterprise_id,
        kind=StructureKind(structure.kind),
        name=structure.name,
        outcome=Outcome(structure.outcome),
        level=WarningLevel(structure.level) if structure.level else None,
        judged_at=structure.judged_at,
        failure_at=structure.failure_at,
        region=structure.region,
        zone=structure.zone,
        version=structure.version,
    )
