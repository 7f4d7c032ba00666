"""Limits of points: set one or many, and change one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, locked, refuse_field
from anlan.domains.monitoring.points.contracts import LimitSpec, LimitView
from anlan.domains.monitoring.points.events import LIMIT_TOPIC
from anlan.domains.monitoring.points.figures import BEHAVIOUR, EDITABLE
from anlan.domains.monitoring.points.limits import (
    ASCENDING,
    DEFAULT_LEVELS,
    Bound,
    check_deadbands,
    check_order,
)
from anlan.domains.monitoring.points.models import Limit, LimitVersion, Point
from anlan.domains.monitoring.points.permissions import LIMITS_WRITE, READ
from anlan.domains.monitoring.points.queries import limit_view
from anlan.domains.monitoring.points.services.specs import check_links, check_spec, former_of, spec_of
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service
from anlan.platform.scope.reading import visible

_ORIGIN = ("template", "template_version", "template_key", "template_certainty", "overridden")


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
    return _set_one(spec)


@service("limits.set_many", permission=LIMITS_WRITE)
def set_limits(specs: Sequence[LimitSpec]) -> list[LimitView]:
    """Make or replace many limits and rules, of one or several points; in the order given.

    A rule replaces the one of its point, kind and silence; a combined one is always new.
    """
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
    _refuse_second(point_id, Condition(kind), silent=False)
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


@service("rules.create", permission=LIMITS_WRITE)
def create_rule(
    *,
    point_id: UUID,
    kind: Condition,
    name: str = "",
    threshold: float | None = None,
    deadband: float = 0.0,
    on_delay_s: float = 0.0,
    off_delay_s: float = 0.0,
    window_s: float = 0.0,
    reference_id: UUID | None = None,
    needed: int | None = None,
    repeat_count: int = 1,
    repeat_window_s: float = 0.0,
    calendar: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    silent: bool = False,
    members: Sequence[UUID] = (),
    level: AlarmLevel | None = None,
    note: str = "",
) -> LimitView:
    """Make a rule of any kind, with all that `LimitSpec` knows.

    Raises `Conflict` when the point has one of this kind, unless it is a combined one.
    """
    kind = Condition(kind)
    if kind is not Condition.COMBINED:
        _refuse_second(point_id, kind, silent=silent)
    spec = LimitSpec(
        point_id=point_id,
        kind=kind,
        name=name,
        threshold=threshold,
        deadband=deadband,
        on_delay_s=on_delay_s,
        off_delay_s=off_delay_s,
        window_s=window_s,
        reference_id=reference_id,
        needed=needed,
        repeat_count=repeat_count,
        repeat_window_s=repeat_window_s,
        calendar=calendar.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        silent=silent,
        members=tuple(members),
        level=AlarmLevel(level) if level else None,
        note=note,
    )
    return _set_one(spec)


@service("limits.update", permission=LIMITS_WRITE)
def update_limit(limit_id: UUID, *, version: int, changes: Mapping[str, object]) -> LimitView:
    """Change the figures of a limit or a rule, or enable and disable it; point and kind stay.

    The version before is kept with the time at which it ended.
    """
    point = locked(Point, _point_of(limit_id), LIMITS_WRITE)  # the point first, as in every other service
    limit = locked(Limit, limit_id, LIMITS_WRITE)

    def check() -> None:
        spec = spec_of(limit)
        check_spec(spec)
        check_links([spec], {point.id: point})

    if "level" in changes:
        changes = {**changes, "level": AlarmLevel(str(changes["level"])).value}
    former = former_of(limit)
    noted = {"since": now(), **_overriding(limit, changes)}
    edit(limit, version, {**changes, **noted}, (*EDITABLE, *BEHAVIOUR, *noted), check)
    LimitVersion.objects.bulk_create([former])
    _check_points({point.id: point})
    announce(LIMIT_TOPIC, limit, READ)
    return limit_view(limit)


def _overriding(limit: Limit, changes: Mapping[str, object]) -> dict[str, object]:
    """The names of figures that now differ from the limit's template."""
    if not limit.template:
        return {}
    differing = {name for name, figure in changes.items() if getattr(limit, name) != figure}
    return {"overridden": sorted({*limit.overridden, *(differing - {"enabled", "note"})})}


def _refuse_second(point_id: UUID, kind: Condition, *, silent: bool) -> None:
    if Limit.objects.filter(point_id=point_id, kind=kind.value, silent=silent).exists():
        raise Conflict(
            Text("该监测点已有此类限值", "The point already has a limit of this kind"),
            next_step=Text("请修改已有的限值", "Change the existing limit"),
            facts={"field": "kind"},
        )


def _set_one(spec: LimitSpec) -> LimitView:
    (limit,) = _set([spec])
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
        check_spec(spec)
    check_links(specs, points)
    existing = {
        (limit.point_id, limit.kind, limit.silent): limit
        for limit in Limit.objects.filter(point_id__in=wanted).select_for_update()
        if limit.kind != Condition.COMBINED.value
    }
    former = {limit.id: former_of(limit) for limit in existing.values()}
    limits = [_merged(spec, points[spec.point_id], existing) for spec in specs]
    replaced = [limit for limit in limits if limit.id in former]
    Limit.objects.bulk_create([limit for limit in limits if limit.id not in former])
    Limit.objects.bulk_update(replaced, [*EDITABLE, *BEHAVIOUR, *_ORIGIN, "since", "version"])
    LimitVersion.objects.bulk_create([former[limit.id] for limit in replaced])
    _check_points(points)
    return limits


def _merged(spec: LimitSpec, point: Point, existing: Mapping[tuple[UUID, str, bool], Limit]) -> Limit:
    spec = replace(spec, level=spec.level or DEFAULT_LEVELS[spec.kind])
    limit = existing.get((point.id, spec.kind.value, spec.silent))
    if limit is None:
        limit = Limit(
            id=new_id(),
            kind=spec.kind.value,
            point_label=f"{point.tag} {point.name}",
            unit=point.unit,
            region=point.region,
            zone=point.zone,
            synthetic=point.synthetic,
            version=0,
        )
    else:
        limit.since = now()
    limit.point = point
    for name in (*EDITABLE, *BEHAVIOUR):
        setattr(limit, name, getattr(spec, name))
    limit.level = str(spec.level)
    limit.members = list(spec.members)
    origin = spec.origin
    limit.template = origin.template if origin else ""
    limit.template_version = origin.version if origin else None
    limit.template_key = origin.key if origin else ""
    limit.template_certainty = origin.certainty.value if origin else ""
    limit.overridden = list(origin.overridden) if origin else []
    limit.version += 1
    return limit


def _check_points(points: Mapping[UUID, Point]) -> None:
    """Each point's enabled limits among themselves, as they now stand in the table."""
    rows = Limit.objects.filter(
        point_id__in=points, enabled=True, silent=False, kind__in=[kind.value for kind in ASCENDING]
    ).values_list("point_id", "kind", "threshold", "deadband")
    bounds: dict[UUID, dict[Condition, Bound]] = {}
    for point_id, kind, threshold, deadband in rows:
        if threshold is None:
            raise refuse_field("threshold", "请填写限值", "A threshold is needed")
        bounds.setdefault(point_id, {})[Condition(kind)] = Bound(threshold, deadband)
    for point_id, of_point in bounds.items():
        check_order(of_point)
        check_deadbands(of_point, points[point_id].range_low, points[point_id].range_high)
