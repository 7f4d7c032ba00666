"""How a score comes about."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from anlan.domains.monitoring.risk.queries import explain
from anlan.domains.monitoring.risk.schemas import ExplanationOut, StepOut
from anlan.domains.monitoring.risk.states import READ
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import ProblemOut

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
