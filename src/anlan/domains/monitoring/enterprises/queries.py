"""Reads of enterprises that are more than a filter. Call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.domains.monitoring.enterprises.contracts import EnterpriseView, PlacedEnterprise, ProcessUnitView
from anlan.domains.monitoring.enterprises.models import Enterprise, ProcessUnit
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.platform.scope.reading import visible


def find_enterprise(enterprise_id: UUID) -> EnterpriseView:
    """The enterprise, or `NotFound` when there is none that the principal may see."""
    return enterprise_view(visible(Enterprise.objects.all(), enterprise_id))


def find_enterprise_by_code(code: str) -> EnterpriseView | None:
    """The visible enterprise with this credit code, if any."""
    enterprise = Enterprise.objects.filter(code=code).first()
    return enterprise_view(enterprise) if enterprise else None


def find_process_unit(unit_id: UUID) -> ProcessUnitView:
    """The process unit, or `NotFound` when there is none that the principal may see."""
    return unit_view(visible(ProcessUnit.objects.all(), unit_id))


def process_units_of(enterprise_id: UUID) -> list[ProcessUnitView]:
    """The visible units of an enterprise, by code."""
    return [unit_view(unit) for unit in ProcessUnit.objects.filter(enterprise_id=enterprise_id)]


def enterprises_of_kind(kind: EnterpriseKind) -> list[EnterpriseView]:
    """The visible enterprises of a trade, by name."""
    return [enterprise_view(enterprise) for enterprise in Enterprise.objects.filter(kind=kind.value)]


def all_enterprises() -> list[PlacedEnterprise]:
    """Every visible enterprise with its place, by id."""
    return [
        PlacedEnterprise(
            row.id,
            row.short_name,
            row.geometry.centroid.x if row.geometry is not None else None,
            row.geometry.centroid.y if row.geometry is not None else None,
            row.region,
            row.zone,
            row.synthetic,
        )
        for row in Enterprise.objects.order_by("id")
    ]


def all_process_units() -> list[ProcessUnitView]:
    """Every visible process unit, by id."""
    return [unit_view(unit) for unit in ProcessUnit.objects.order_by("id")]


def enterprise_view(enterprise: Enterprise) -> EnterpriseView:
    """The contract of a row."""
    return EnterpriseView(
        id=enterprise.id,
        code=enterprise.code,
        name=enterprise.name,
        short_name=enterprise.short_name,
        region=enterprise.region,
        zone=enterprise.zone,
        kind=EnterpriseKind(enterprise.kind),
        synthetic=enterprise.synthetic,
        version=enterprise.version,
    )


def unit_view(unit: ProcessUnit) -> ProcessUnitView:
    """The contract of a row."""
    return ProcessUnitView(
        id=unit.id,
        enterprise_id=unit.enterprise_id,
        code=unit.code,
        name=unit.name,
        kind=ProcessUnitKind(unit.kind),
        region=unit.region,
        zone=unit.zone,
        synthetic=unit.synthetic,
        version=unit.version,
    )
