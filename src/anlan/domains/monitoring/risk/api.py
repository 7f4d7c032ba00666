"""How a score comes about, and what the statistics point out beside it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from anlan.domains.monitoring.risk.hints import hints_of, watched_points
from anlan.domains.monitoring.risk.models import RiskScore
from anlan.domains.monitoring.risk.queries import explain
from anlan.domains.monitoring.risk.schemas import ExplanationOut, HintsOut, StepOut
from anlan.domains.monitoring.risk.states import READ, SubjectKind
from anlan.kernel.clock import now
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.scope.reading import visible

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}
_PARTS_BELOW = 20

router = Router(tags=["risk-scores"])


@router.get(
    "/{uuid:id}/explanation", operation_id="explain_risk_score", response={200: ExplanationOut, **_REFUSED}
)
def explanation(request: HttpRequest, id: UUID) -> ExplanationOut:
    """The parts of a score, and the worst below it down to point, minute and rule."""
    decide(current_principal(), READ)
    with read_scope():
        found = explain(id)
        steps = [StepOut.of(score, _PARTS_BELOW) for score in found.path[1:]]
        return ExplanationOut(subject=StepOut.of(found.path[0]), path=steps, as_of=found.as_of)


@router.get("/{uuid:id}/hints", operation_id="hints_of_risk_score", response={200: HintsOut, **_REFUSED})
def hints(request: HttpRequest, id: UUID) -> HintsOut:
    """Statistical hints about a unit, computed now out of its history; they change no level."""
    decide(current_principal(), READ)
    with read_scope():
        score = visible(RiskScore.objects.defer("geometry", "parts"), id)
        if score.kind != SubjectKind.UNIT or score.enterprise_id is None or score.subject_id is None:
            raise Invalid(
                Text("统计提示只针对单元", "Statistical hints are about units"),
                next_step=Text("请沿最差的下级打开到单元", "Open the score down to a unit first"),
            )
        points = watched_points(score.enterprise_id, score.subject_id)
    return HintsOut.of(hints_of(points, now()))
