"""The edge collector's gateway and its points in the running system; prints the gateway's key."""

import sys

SOURCE = "edge-1"
POINTS = (
    ("TI-1", "°C", "TEMPERATURE"),
    ("TI-2", "°C", "TEMPERATURE"),
    ("PI-1", "kPa", "PRESSURE"),
    ("PI-2", "kPa", "PRESSURE"),
    ("LI-2", "m", "LEVEL"),
    ("TI-3", "°C", "TEMPERATURE"),
    ("PI-3", "kPa", "PRESSURE"),
    ("air", "°C", "TEMPERATURE"),
    ("stage", "m", "WATER_LEVEL"),
    ("rain", "mm", "RAINFALL"),
)


def main() -> None:
    from anlan.server.cli.common import set_up_django

    set_up_django()
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind
    from anlan.domains.monitoring.points.contracts import PointSpec
    from anlan.domains.monitoring.points.services import create_points, register_gateway
    from anlan.domains.monitoring.points.states import PointKind
    from anlan.platform.commands import acting_as, service_principal

    body = "91640181MAEDGE001"
    with acting_as(service_principal("demo")):
        plant = create_enterprise(
            code=body + check_digit(body),
            name="现场采集试验厂",
            region="640181",
            kind=EnterpriseKind.OTHER,
            synthetic=True,
        )
        given = register_gateway(source=SOURCE, name=SOURCE, enterprise_id=plant.id)
        specs = [
            PointSpec(tag=tag, name=tag, unit=unit, kind=PointKind[kind], sampling_s=1.0)
            for tag, unit, kind in POINTS
        ]
        points = create_points(given.gateway.id, specs)
    sys.stdout.write("\n".join([given.key, *(f"{point.tag} {point.number}" for point in points)]))


if __name__ == "__main__":
    main()
