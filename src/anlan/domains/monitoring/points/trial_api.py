"""The route of the rules' test bench."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, create_model

from anlan import __version__
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.trial import Outcome, try_rule
from anlan.kernel.clock import now
from anlan.kernel.levels import Condition
from anlan.platform.commands import current_principal, read_scope
from anlan.platform.http.problems import ProblemOut
from anlan.platform.resources import resource_named
from anlan.platform.resources.listing import one_row, refuse_unknown

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}
_Figure = Annotated[float, Field(ge=0)]

router = Router(tags=["points"])


class TriedAlarmOut(Schema):
    """One alarm that would have been raised; *returned_at* is null when it held to the end."""

    raised_at: datetime
    returned_at: datetime | None
    value: float | None


class OutcomeOut(Schema):
    """How many alarms a rule would have raised, for how long together, and the first thousand of them."""

    count: int
    total_s: float
    alarms: list[TriedAlarmOut]


class TrialOut(Schema):
    """The rule that was tried beside the one in force (null when there is none).

    *until* is how far the time allowed for the answer went; *complete* whether that is the whole period.
    The alarm step of *software_version* read the history as it was at *as_of*.
    """

    tried: OutcomeOut
    in_force: OutcomeOut | None
    in_force_id: UUID | None
    readings: int
    until: datetime
    complete: bool
    as_of: datetime
    software_version: str


# "from" is a keyword of Python: the parameter gets its name by an alias
TrialQuery: type[Schema] = create_model(
    "TrialQuery",
    __base__=Schema,
    start=(AwareDatetime, Field(alias="from", title="开始 / from, included")),
    end=(AwareDatetime, Field(alias="to", title="结束 / to, left out")),
    kind=(Condition, ...),
    threshold=(float | None, None),
    deadband=(_Figure, 0.0),
    on_delay_s=(_Figure, 0.0),
    off_delay_s=(_Figure, 0.0),
    window_s=(_Figure, 0.0),
    reference_id=(UUID | None, None),
    needed=(int | None, None),
    repeat_count=(int, 1),
    repeat_window_s=(_Figure, 0.0),
    calendar=(Annotated[str, Field(max_length=200)], ""),
    instead_of=(UUID | None, None),
)
_ALIASED = {"start": "from", "end": "to"}


@router.get("/{uuid:id}/trial", operation_id="try_rule", response={200: TrialOut, **_REFUSED})
def get_trial(request: HttpRequest, id: UUID, query: Query[TrialQuery]) -> TrialOut:  # type: ignore[valid-type]
    """What a rule with these figures would have told of this point in that period; nothing is changed."""
    names = TrialQuery.model_fields
    refuse_unknown(request.GET, [_ALIASED.get(name, name) for name in names])
    asked: Any = query
    figures = {name: getattr(asked, name) for name in names if name not in ("start", "end", "instead_of")}
    with read_scope():
        point = one_row(resource_named("point"), current_principal(), id)
        spec = LimitSpec(point_id=point.id, **figures)
        as_of = now()
        trial = try_rule(spec, asked.start, asked.end, instead_of=asked.instead_of)
    return TrialOut(
        tried=_outcome(trial.tried),
        in_force=_outcome(trial.in_force) if trial.in_force else None,
        in_force_id=trial.in_force_id,
        readings=trial.readings,
        until=trial.until,
        complete=trial.complete,
        as_of=as_of,
        software_version=__version__,
    )


def _outcome(outcome: Outcome) -> OutcomeOut:
    return OutcomeOut(
        count=outcome.count,
        total_s=outcome.total_s,
        alarms=[TriedAlarmOut(**vars(alarm)) for alarm in outcome.alarms],
    )
