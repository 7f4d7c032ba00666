"""Reads of points that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from anlan.domains.monitoring.points.contracts import (
    AlarmOrigin,
    GatewayView,
    GatewayWatch,
    LatestReading,
    LimitView,
    PointView,
    Presence,
    RuleFigures,
    TemplateOrigin,
)
from anlan.domains.monitoring.points.figures import figures_of
from anlan.domains.monitoring.points.limits import warnings_of
from anlan.domains.monitoring.points.models import Gateway, LatestValue, Limit, LimitVersion, Point
from anlan.domains.monitoring.points.states import GatewayState, PointKind
from anlan.kernel.clock import now
from anlan.kernel.levels import AlarmLevel, Condition
from anlan.kernel.quality import Quality
from anlan.kernel.validation import Certainty
from anlan.platform.scope.reading import visible


def visible_point_numbers(numbers: Collection[int]) -> frozenset[int]:
    """Those of *numbers* whose points the current principal may see."""
    wanted = list(numbers)
    return frozenset(Point.objects.filter(number__in=wanted).values_list("number", flat=True))


def find_point(point_id: UUID) -> PointView:
    """The point, or `NotFound` when there is none that the principal may see."""
    return point_view(visible(Point.objects.all(), point_id))


def find_gateway(source: str) -> GatewayView | None:
    """The visible gateway that sends under *source*, if any."""
    gateway = Gateway.objects.filter(source=source).first()
    return gateway_view(gateway) if gateway else None


def points_of_gateway(gateway_id: UUID) -> list[PointView]:
    """The visible points of a gateway, by number."""
    return [point_view(point) for point in Point.objects.filter(gateway_id=gateway_id)]


def points_of_enterprise(enterprise_id: UUID) -> list[PointView]:
    """The visible, enabled points of an enterprise, by number."""
    return [point_view(point) for point in Point.objects.filter(enterprise_id=enterprise_id, enabled=True)]


def limits_of_point(point_id: UUID) -> list[LimitView]:
    """The visible limits of a point, by number."""
    return [limit_view(limit) for limit in Limit.objects.filter(point_id=point_id).select_related("point")]


def limit_in_force(limit_id: UUID) -> bool:
    """Whether a limit is still evaluated: it and its point are enabled."""
    return Limit.objects.filter(pk=limit_id, enabled=True, point__enabled=True).exists()


def rule_in_force(limit_id: UUID, at: datetime) -> RuleFigures:
    """The rule as it stood at *at* (the live clock): which version, since when and until when, and its figures.

    `NotFound` when there is none that the principal may see.
    """
    limit = visible(Limit.objects.all(), limit_id)
    former = LimitVersion.objects.filter(limit_id=limit_id, until__gt=at).order_by("version").first()
    if former is None:
        return RuleFigures(limit.id, limit.version, limit.since, None, figures_of(limit))
    return RuleFigures(limit.id, former.version, former.since, former.until, former.figures)


def alarm_origins(limit_numbers: Iterable[int]) -> dict[int, AlarmOrigin]:
    """What alarms of these limits copy from limit, point and gateway, by limit number; one query."""
    limits = Limit.objects.filter(number__in=list(limit_numbers)).select_related("point__gateway")
    return {limit.number: _alarm_origin(limit) for limit in limits}


def gateway_watches(gateway_ids: Iterable[UUID]) -> dict[UUID, GatewayWatch]:
    """These gateways with how many of their points are watched for silence, by id; one query."""
    watched = Count(
        "points",
        distinct=True,
        filter=Q(
            points__enabled=True, points__limits__enabled=True, points__limits__kind=Condition.NO_DATA.value
        ),
    )
    rows = Gateway.objects.filter(id__in=list(gateway_ids)).annotate(watched=watched)
    return {row.id: GatewayWatch(row.id, row.number, row.source, row.name, row.watched) for row in rows}


def units_of_points(point_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The process unit of each point that the principal may see, by the point's id."""
    return dict(Point.objects.filter(id__in=list(point_ids)).values_list("id", "process_unit_id"))


def latest_readings(numbers: Collection[int]) -> dict[int, LatestReading]:
    """The newest reading of each point, by number; points that have never sent are left out."""
    rows = LatestValue.objects.filter(point_number__in=list(numbers))
    return {row.point_number: _latest(row) for row in rows}


def fresh_readings(point_ids: Collection[UUID]) -> dict[UUID, LatestReading]:
    """The newest reading of each of these visible points that is no older than its point allows; two queries."""
    points = {point.number: point for point in Point.objects.filter(pk__in=list(point_ids))}
    moment = now()
    return {
        points[row.point_number].id: _latest(row)
        for row in LatestValue.objects.filter(point_number__in=list(points))
        if moment - row.arrived_at <= timedelta(seconds=points[row.point_number].stale_after_s)
    }


def _latest(row: LatestValue) -> LatestReading:
    return LatestReading(row.event_at, row.arrived_at, row.value, Quality(row.quality))


def presence(at: datetime) -> list[Presence]:
    """How many enabled points of the live timeline each unit has and how many are not silent at *at*; one aggregate.

    What is counted is counted in the database: a row for each of 100,000 points would never be read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PRESENCE, [at])
        return [Presence(*row) for row in cursor.fetchall()]


_PRESENCE = """
    SELECT p.enterprise_id, p.process_unit_id, count(*),
           count(*) FILTER (WHERE l.arrived_at >= %s - p.stale_after_s * interval '1 second')
    FROM points_point AS p
    JOIN points_gateway AS g ON g.id = p.gateway_id
    LEFT JOIN points_latestvalue AS l ON l.point_number = p.number
    WHERE p.enabled AND g.timeline IS NULL AND NOT g.exercise
    GROUP BY p.enterprise_id, p.process_unit_id
    ORDER BY p.enterprise_id, p.process_unit_id"""


def _alarm_origin(limit: Limit) -> AlarmOrigin:
    point, gateway = limit.point, limit.point.gateway
    return AlarmOrigin(
        limit_number=limit.number,
        limit_id=limit.id,
        limit_version=limit.version,
        condition=Condition(limit.kind),
        level=AlarmLevel(limit.level),
        threshold=limit.threshold,
        point_id=point.id,
        point_number=point.number,
        point_tag=point.tag,
        point_name=point.name,
        point_kind=PointKind(point.kind),
        unit=point.unit,
        gateway_id=gateway.id,
        enterprise_id=point.enterprise_id,
        enterprise_name=point.enterprise_name,
        process_unit_id=point.process_unit_id,
        process_unit_name=point.process_unit_name,
        region=point.region,
        zone=point.zone,
        timeline=gateway.timeline,
        exercise=gateway.exercise,
        synthetic=point.synthetic,
    )


def gateway_view(gateway: Gateway) -> GatewayView:
    """The contract of a row."""
    return GatewayView(
        id=gateway.id,
        number=gateway.number,
        source=gateway.source,
        name=gateway.name,
        state=GatewayState(gateway.state),
        enterprise_id=gateway.enterprise_id,
        timeline=gateway.timeline,
        version=gateway.version,
    )


def point_view(point: Point) -> PointView:
    """The contract of a row."""
    return PointView(
        id=point.id,
        number=point.number,
        tag=point.tag,
        name=point.name,
        unit=point.unit,
        kind=PointKind(point.kind),
        enterprise_id=point.enterprise_id,
        enterprise_name=point.enterprise_name,
        process_unit_id=point.process_unit_id,
        process_unit_name=point.process_unit_name,
        gateway_id=point.gateway_id,
        region=point.region,
        zone=point.zone,
        synthetic=point.synthetic,
        version=point.version,
        range_low=point.range_low,
        range_high=point.range_high,
        lon=point.lon,
        lat=point.lat,
    )


def limit_view(limit: Limit) -> LimitView:
    """The contract of a row with its point joined."""
    kind = Condition(limit.kind)
    return LimitView(
        id=limit.id,
        number=limit.number,
        point_id=limit.point_id,
        kind=kind,
        threshold=limit.threshold,
        deadband=limit.deadband,
        on_delay_s=limit.on_delay_s,
        off_delay_s=limit.off_delay_s,
        level=AlarmLevel(limit.level),
        enabled=limit.enabled,
        version=limit.version,
        warnings=warnings_of(kind, limit.threshold, limit.point.range_low, limit.point.range_high),
        silent=limit.silent,
        origin=_origin(limit),
    )


def _origin(limit: Limit) -> TemplateOrigin | None:
    if not limit.template:
        return None
    return TemplateOrigin(
        limit.template,
        limit.template_version or 0,
        limit.template_key,
        Certainty(limit.template_certainty),
        tuple(limit.overridden),
    )
