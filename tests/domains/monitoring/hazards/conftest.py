import pytest

from anlan.platform.commands import acting_as, service_principal

AMMONIA, NITRATE, CHLORATE = "1", "44", "78"
"""Rows of table 1 of GB 18218-2018."""


@pytest.fixture
def enterprise(db):
    """An enterprise in Lingwu."""
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind

    body = "91640181MADANGER1"
    with acting_as(service_principal("demo")):
        return create_enterprise(
            code=body + check_digit(body), name="试验化工", region="640181", kind=EnterpriseKind.HAZCHEM
        )


@pytest.fixture
def record(enterprise):
    """``record(*specs, persons=60)``: a unit with what it holds."""

    def recorded(*holdings, persons=60, code="W-1"):
        from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
        from anlan.domains.monitoring.hazards.services import create_hazard

        with acting_as(service_principal("demo")):
            return create_hazard(
                enterprise_id=enterprise.id,
                code=code,
                name="液氨罐区",
                kind=ProcessUnitKind.TANK_FARM,
                lon=106.6,
                lat=38.1,
                exposed_persons=persons,
                holdings=holdings,
            )

    return recorded


def ammonia(design_max_t=200.0, stock_t=0.0, equipment="V-101"):
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec

    return HoldingSpec(equipment, "氨", design_max_t, stock_t, cas="7664-41-7", row=AMMONIA)
