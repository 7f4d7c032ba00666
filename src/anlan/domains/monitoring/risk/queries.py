"""How a score comes about, from the region down to point, minute and rule. Call it inside a service or `read_scope`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anlan.domains.monitoring.risk.contracts import RiskView
from anlan.domains.monitoring.risk.models import RiskRound, RiskScore
from anlan.domains.monitoring.risk.states import SubjectKind
from anlan.kernel.levels import RiskLevel
from anlan.platform.scope.reading import visible

_DEEPEST = len(SubjectKind)


@dataclass(frozen=True)
class Explanation:
    """A score and the way down to what makes it: each step is the worst child of the one before."""

    path: tuple[RiskScore, ...]
    as_of: datetime


def explain(score_id: UUID) -> Explanation:
    """The score and its worst descendants as far as a unit. Raises `NotFound` for one out of sight."""
    path = [visible(RiskScore.objects.defer("geometry"), score_id)]
    while path[-1].worst is not None and len(path) < _DEEPEST:
        below = RiskScore.objects.defer("geometry").filter(id=path[-1].worst).first()
        if below is None:
            break
        path.append(below)
    computed = RiskRound.objects.values_list("at", flat=True).first()
    return Explanation(tuple(path), computed or path[0].computed_at)


def risk_of(kind: SubjectKind, keys: Iterable[str]) -> Mapping[str, RiskView]:
    """How the visible subjects of a kind stand, by key."""
    rows = RiskScore.objects.defer("geometry", "parts").filter(kind=kind.value, key__in=list(keys))
    return {row.key: risk_view(row) for row in rows}


def risk_view(score: Any) -> RiskView:
    """The contract of a row."""
    return RiskView(
        id=score.id,
        kind=SubjectKind(score.kind),
        key=score.key,
        subject_id=score.subject_id,
        name=score.name,
        index=score.index,
        level=RiskLevel(score.level) if score.level else None,
        since=score.since,
        computed_at=score.computed_at,
        region=score.region,
        zone=score.zone,
        synthetic=score.synthetic,
    )
