"""Combinations of conditions, which the generic form cannot ask for: a list of members."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from anlan.domains.monitoring.points.services import create_rule
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.platform.http.problems import ProblemOut
from anlan.platform.resources import labelled

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["rules"])


class CombinationForm(Schema):
    """A combined rule: its alarm is that of *point_id*; *needed* of *members* raise it, all of them without."""

    point_id: UUID = labelled("主监测点", "Principal point", link="point")
    name: str = labelled("名称", "Name", min_length=1, max_length=120)
    members: list[UUID] = labelled("成员规则", "Members", min_length=2, max_length=50)
    needed: int | None = labelled("至少个数", "At least", default=None, ge=1)
    on_delay_s: float = labelled("报警延时", "On-delay", default=0.0, unit="s", ge=0)
    off_delay_s: float = labelled("恢复延时", "Off-delay", default=0.0, unit="s", ge=0)
    calendar: str = labelled("周历", "Weekly calendar", default="", max_length=200)
    level: AlarmLevel | None = labelled("报警级别", "Level", default=None)
    note: str = labelled("依据", "Basis", default="", max_length=300)


class CombinationOut(Schema):
    """The rule that was made."""

    id: UUID
    number: int
    version: int


@router.post("/combined", operation_id="combine_rules", response={201: CombinationOut, **_REFUSED})
def combine(request: HttpRequest, payload: CombinationForm) -> Status[CombinationOut]:
    """Make a rule that is raised while enough of its members hold."""
    made = create_rule(kind=Condition.COMBINED, **payload.dict())
    return Status(201, CombinationOut(id=made.id, number=made.number, version=made.version))
