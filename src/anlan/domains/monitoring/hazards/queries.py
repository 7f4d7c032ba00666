"""Reads of major hazards and sites that are more than a filter. Call them inside a service or `read_scope`."""

from uuid import UUID

from shapely.geometry.base import BaseGeometry

from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.hazards.contracts import GradedUnit, HoldingView, MajorHazardView, SiteView
from anlan.domains.monitoring.hazards.models import Holding, MajorHazard, Site
from anlan.domains.monitoring.hazards.states import HazardLevel, SiteKind
from anlan.platform.geo.queries import intersecting
from anlan.platform.scope.reading import visible


def find_hazard(hazard_id: UUID) -> MajorHazardView:
    """The unit, or `NotFound` when there is none that the principal may see."""
    return hazard_view(visible(MajorHazard.objects.all(), hazard_id))


def hazards_of(enterprise_id: UUID) -> list[MajorHazardView]:
    """The visible units of an enterprise, the gravest first."""
    rows = MajorHazard.objects.filter(enterprise_id=enterprise_id).order_by("level", "code")
    return [hazard_view(row) for row in rows]


def hazard_of_unit(process_unit_id: UUID) -> MajorHazardView | None:
    """The major hazard that a process unit is, if it is one."""
    row = MajorHazard.objects.filter(process_unit_id=process_unit_id).first()
    return hazard_view(row) if row else None


def hazards_inside(shape: BaseGeometry) -> list[MajorHazardView]:
    """The visible units that lie in an area."""
    return [hazard_view(row) for row in intersecting(MajorHazard.objects.all(), shape)]


def sites_inside(shape: BaseGeometry) -> list[SiteView]:
    """The visible sites that lie in an area."""
    return [site_view(row) for row in intersecting(Site.objects.all(), shape)]


def graded_units() -> list[GradedUnit]:
    """Every visible unit with its statutory level, the gravest first; one query."""
    rows = MajorHazard.objects.order_by("level", "id").values_list(
        "id", "name", "enterprise_id", "process_unit_id", "level"
    )
    return [GradedUnit(*row[:4], HazardLevel(row[4])) for row in rows]


def hazard_view(hazard: MajorHazard) -> MajorHazardView:
    """The contract of a row."""
    return MajorHazardView(
        id=hazard.id,
        enterprise_id=hazard.enterprise_id,
        enterprise_name=hazard.enterprise_name,
        process_unit_id=hazard.process_unit_id,
        name=hazard.name,
        kind=ProcessUnitKind(hazard.kind),
        lon=hazard.geometry.x,
        lat=hazard.geometry.y,
        level=HazardLevel(hazard.level),
        s=hazard.s,
        r=hazard.r,
        region=hazard.region,
        zone=hazard.zone,
        synthetic=hazard.synthetic,
        version=hazard.version,
        holdings=tuple(holding_view(holding) for holding in hazard.holdings.all()),
    )


def holding_view(holding: Holding) -> HoldingView:
    """The contract of a row."""
    return HoldingView(
        id=holding.id,
        equipment=holding.equipment,
        substance=holding.substance,
        cas=holding.cas,
        design_max_t=holding.design_max_t,
        stock_t=holding.stock_t,
        level_point_id=holding.level_point_id,
    )


def site_view(site: Site) -> SiteView:
    """The contract of a row."""
    return SiteView(
        id=site.id,
        name=site.name,
        kind=SiteKind(site.kind),
        lon=site.geometry.x,
        lat=site.geometry.y,
        persons=site.persons,
        region=site.region,
        synthetic=site.synthetic,
    )
