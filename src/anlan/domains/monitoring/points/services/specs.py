"""What a rule is made of: its figures, checks of it against the points and rules it names, its former version."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.points.contracts import LimitSpec
from anlan.domains.monitoring.points.figures import BEHAVIOUR, EDITABLE, figures_of
from anlan.domains.monitoring.points.limits import check_behaviour, check_figures
from anlan.domains.monitoring.points.models import Limit, LimitVersion, Point
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel, Condition


def spec_of(limit: Limit) -> LimitSpec:
    """The figures of a row, without where they came from."""
    figures = {name: getattr(limit, name) for name in (*EDITABLE, *BEHAVIOUR)}
    figures |= {"level": AlarmLevel(limit.level), "members": tuple(limit.members)}
    return LimitSpec(point_id=limit.point_id, kind=Condition(limit.kind), **figures)


def check_spec(spec: LimitSpec) -> None:
    """Raise `Invalid` for figures that make no rule."""
    check_figures(spec.kind, spec.threshold, spec.deadband, spec.on_delay_s, spec.off_delay_s)
    check_behaviour(spec)


def check_links(specs: Sequence[LimitSpec], points: Mapping[UUID, Point]) -> None:
    """Raise `Invalid` when a rule names what it may not: *points* are those of the rules themselves.

    A reference belongs to the same enterprise, and for a deviation has the same
    unit; members belong to points of the same enterprise and process unit, and
    are not combined themselves. So all that one rule needs is known to one evaluator.
    """
    references = Point.objects.in_bulk({spec.reference_id for spec in specs if spec.reference_id})
    members = {
        limit.id: limit
        for limit in Limit.objects.filter(
            pk__in={member for spec in specs for member in spec.members}
        ).select_related("point")
    }
    for spec in specs:
        point = points[spec.point_id]
        if spec.kind is Condition.OUT_OF_RANGE and point.range_low is None and point.range_high is None:
            raise refuse_field(
                "kind", "请先填写该监测点的量程", "The point has no range yet: give it one first"
            )
        if spec.reference_id is not None:
            _check_reference(spec, point, references.get(spec.reference_id))
        for member in spec.members:
            _check_member(point, members.get(member))


def former_of(limit: Limit) -> LimitVersion:
    """The row as it stands, to be kept when it is changed now."""
    return LimitVersion(
        id=new_id(),
        limit=limit,
        version=limit.version,
        since=limit.since,
        until=now(),
        figures=figures_of(limit),
        region=limit.region,
        zone=limit.zone,
    )


def _check_reference(spec: LimitSpec, point: Point, reference: Point | None) -> None:
    if reference is None or reference.id == point.id or reference.enterprise_id != point.enterprise_id:
        raise refuse_field(
            "reference_id", "请选择同一企业的另一监测点", "Choose another point of the same enterprise"
        )
    if spec.kind is Condition.DEVIATION and reference.unit != point.unit:
        raise refuse_field(
            "reference_id",
            f"参照监测点的单位是“{reference.unit}”，应为“{point.unit}”",
            f"The reference is measured in {reference.unit!r}, this point in {point.unit!r}",
        )


def _check_member(point: Point, member: Limit | None) -> None:
    if (
        member is None
        or member.kind == Condition.COMBINED.value
        or member.point.enterprise_id != point.enterprise_id
        or member.point.process_unit_id != point.process_unit_id
    ):
        raise refuse_field(
            "members",
            "请选择同一工艺单元监测点的限值或规则（组合报警除外）",
            "Choose limits and rules, no combined ones, of points of the same process unit",
        )
