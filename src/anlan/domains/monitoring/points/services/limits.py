"""Limits of points: set one or many, and change one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, locked, refuse_field
from anlan.domains.monitoring.points.contracts import LimitSpec, LimitView
from anlan.domains.monitoring.points.events import LIMIT_TOPIC
from anlan.domains.monitoring.points.limits import (
    ASCENDING,
    DEFAULT_LEVELS,
    Bound,
    check_deadbands,
    check_figures,
    check_order,
)
from anlan.domains.monitoring.points.models import Limit, Point
from anlan.domains.monitoring.points.permissions import LIMITS_WRITE, READ
from anlan.domains.monitoring.points.queries import limit_view
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.scope.reading import visible

EDITABLE = ("threshold", "deadband", "on_delay_s", "off_delay_s", "level", "enabled", "note")


@service("limits.set", permission=LIMITS_WRITE)
def set_limit(
    *,
    point_id: UUID,
    kind: Condition,
    threshold: float | None = None,
    deadband: float = 0.0,
    on_delay_s: float = 0.0,
    off_delay_s: float = 0.0,
    level: AlarmLevel | None = None,
    enabled: bool = True,
    note: str = "",
) -> LimitView:
    """Make or replace the limit of this kind of a point.

    Raises `Invalid` unless LL < L < H < HH among the point's enabled limits, and
    for a dead-band or a delay that would keep an alarm from coming or returning.
    Without *level*, HH and LL are level 1, H and L level 2, no-data a notice.
    """
    spec = LimitSpec(
        point_id=point_id,
        kind=Condition(kind),
        threshold=threshold,
        deadband=deadband,
        on_delay_s=on_delay_s,
        off_delay_s=off_delay_s,
        level=AlarmLevel(level) if level else None,
        enabled=enabled,
        note=note,
    )
    (limit,) = _set([spec])
    announce(LIMIT_TOPIC, limit, READ)
    return limit_view(limit)


@service("limits.set_many", permission=LIMITS_WRITE)
def set_limits(specs: Sequence[LimitSpec]) -> list[LimitView]:
    """Make or replace many limits, of one or several points; in the order given."""
    return [limit_view(limit) for limit in _set(specs)]


@service("limits.create", permission=LIMITS_WRITE)
def create_limit(
    *,
    point_id: UUID,
    kind: Condition,
    threshold: float | None = None,
    deadband: float = 0.0,
    on_delay_s: float = 0.0,
    off_delay_s: float = 0.0,
    level: AlarmLevel | None = None,
    note: str = "",
) -> LimitView:
    """Make the limit of this kind of a point; raises `Conflict` when it has one."""
    if Limit.objects.filter(point_id=point_id, kind=Condition(kind).value).exists():
        raise Conflict(
            Text("该监测点已有此类限值", "The point already has a limit of this kind"),
            next_step=Text("请修改已有的限值", "Change the existing limit"),
            facts={"field": "kind"},
        )
    return set_limit(
        point_id=point_id,
        kind=kind,
        threshold=threshold,
        deadband=deadband,
        on_delay_s=on_delay_s,
        off_delay_s=off_delay_s,
        level=level,
        note=note,
    )


@service("limits.update", permission=LIMITS_WRITE)
def update_limit(limit_id: UUID, *, version: int, changes: Mapping[str, object]) -> LimitView:
    """Change the figures of a limit, or enable and disable it; point and kind stay."""
    point = locked(Point, _point_of(limit_id), LIMITS_WRITE)  # the point first, as in every other service
    limit = locked(Limit, limit_id, LIMITS_WRITE)
    kind = Condition(limit.kind)

    def check() -> None:
        check_figures(kind, limit.threshold, limit.deadband, limit.on_delay_s, limit.off_delay_s)

    if "level" in changes:
        changes = {**changes, "level": AlarmLevel(str(changes["level"])).value}
    edit(limit, version, changes, EDITABLE, check)
    _check_points({point.id: point})
    announce(LIMIT_TOPIC, limit, READ)
    return limit_view(limit)


def _point_of(limit_id: UUID) -> UUID:
    return visible(Limit.objects.all(), limit_id).point_id


def _set(specs: Sequence[LimitSpec]) -> list[Limit]:
    """Upsert; the points are locked so that two people cannot cross each other's limits."""
    wanted = {spec.point_id for spec in specs}
    points = {
        point.id: point for point in Point.objects.select_for_update().filter(pk__in=wanted).order_by("id")
    }
    if wanted - points.keys():
        raise NotFound()
    for point in points.values():
        decide_there(LIMITS_WRITE, point.region, point.zone)
    for spec in specs:
        check_figures(spec.kind, spec.threshold, spec.deadband, spec.on_delay_s, spec.off_delay_s)
    existing = {
        (limit.point_id, limit.kind): limit
        for limit in Limit.objects.filter(point_id__in=wanted).select_for_update()
    }
    limits = [_merged(spec, points[spec.point_id], existing) for spec in specs]
    made = {id(limit) for limit in existing.values()}
    Limit.objects.bulk_create([limit for limit in limits if id(limit) not in made])
    Limit.objects.bulk_update([limit for limit in limits if id(limit) in made], [*EDITABLE, "version"])
    _check_points(points)
    return limits


def _merged(spec: LimitSpec, point: Point, existing: Mapping[tuple[UUID, str], Limit]) -> Limit:
    spec = replace(spec, level=spec.level or DEFAULT_LEVELS[spec.kind])
    limit = existing.get((point.id, spec.kind.value)) or Limit(
        id=new_id(),
        point=point,
        kind=spec.kind.value,
        point_label=f"{point.tag} {point.name}",
        unit=point.unit,
        region=point.region,
        zone=point.zone,
        synthetic=point.synthetic,
        version=0,
    )
    limit.point = point
    limit.threshold, limit.deadband = spec.threshold, spec.deadband
    limit.on_delay_s, limit.off_delay_s = spec.on_delay_s, spec.off_delay_s
    limit.level = str(spec.level)
    limit.enabled, limit.note = spec.enabled, spec.note
    limit.version += 1
    return limit


def _check_points(points: Mapping[UUID, Point]) -> None:
    """Each point's enabled limits among themselves, as they now stand in the table."""
    rows = Limit.objects.filter(
        point_id__in=points, enabled=True, kind__in=[kind.value for kind in ASCENDING]
    ).values_list("point_id", "kind", "threshold", "deadband")
    bounds: dict[UUID, dict[Condition, Bound]] = {}
    for point_id, kind, threshold, deadband in rows:
        if threshold is None:
            raise refuse_field("threshold", "请填写限值", "A threshold is needed")
        bounds.setdefault(point_id, {})[Condition(kind)] = Bound(threshold, deadband)
    for point_id, of_point in bounds.items():
        check_order(of_point)
        check_deadbands(of_point, points[point_id].range_low, points[point_id].range_high)
