"""A county's connection with its signals and a month's assessment, its slope and its pond."""

from datetime import date
from uuid import UUID


def access_and_structures(mark: str, enterprise_id: UUID, gateway_id: UUID) -> dict[str, UUID]:
    """Ids by resource."""
    from anlan.domains.monitoring.access.models import Assessment, Connection, Signal
    from anlan.domains.monitoring.access.services import apply_for_connection
    from anlan.domains.monitoring.access.states import Family
    from anlan.domains.monitoring.points.services import create_point
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.domains.monitoring.structures.models import SlopeStation, Structure
    from anlan.domains.monitoring.structures.services import (
        add_pond_point,
        add_slope_station,
        create_structure,
    )
    from anlan.domains.monitoring.structures.states import PondItem, StructureKind
    from anlan.kernel.clock import now
    from anlan.kernel.ids import new_id
    from anlan.platform.commands import acting_as, service_principal, transaction_as

    with acting_as(service_principal("demo")):
        connection = apply_for_connection(
            enterprise_id=enterprise_id, family=Family.TAILINGS, name=f"{mark}尾矿库"
        )
        axes = [
            create_point(
                gateway_id=gateway_id,
                tag=f"{axis}-{mark}",
                name=f"{mark}位移",
                unit="mm",
                kind=PointKind.DISPLACEMENT,
                sampling_s=3600.0,
            ).id
            for axis in "ENU"
        ]
        slope, pond = (
            create_structure(
                enterprise_id=enterprise_id, kind=kind, code=f"{kind}-{mark}", name=f"{mark}{kind.label.zh}"
            )
            for kind in (StructureKind.PIT_SLOPE, StructureKind.TAILINGS_POND)
        )
        station = add_slope_station(
            structure_id=slope.id, name=f"G-{mark}", east_id=axes[0], north_id=axes[1], up_id=axes[2]
        )
        pond_point = add_pond_point(structure_id=pond.id, item=PondItem.DISPLACEMENT, point_id=axes[0])
    with transaction_as(service_principal("demo")):
        row = Connection.objects.get(id=connection.id)
        assessment = Assessment.objects.create(
            id=new_id(),
            connection=row,
            month=date(2026, 5, 1),
            online_percent=97.0,
            required_percent=95.0,
            met=True,
            points=1,
            table_version=1,
            computed_at=now(),
            region=row.region,
            zone=row.zone,
        )
        signal = Signal.objects.filter(connection=row).first()
        assert signal is not None and Structure.objects.count() >= 2 and SlopeStation.objects.exists()
    return {
        "connection": connection.id,
        "access_signal": signal.id,
        "access_assessment": assessment.id,
        "structure": slope.id,
        "slope_station": station.id,
        "pond_point": pond_point.id,
    }
