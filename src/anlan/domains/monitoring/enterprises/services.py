"""The only writers of enterprises and process units."""

from collections.abc import Mapping
from uuid import UUID

from shapely.geometry import Point

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import (
    edit,
    insert_once,
    locked,
    refuse_field,
    require_place,
    require_text,
)
from anlan.domains.monitoring.enterprises import credit_code
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView, ProcessUnitView
from anlan.domains.monitoring.enterprises.events import TOPIC, UNIT_TOPIC
from anlan.domains.monitoring.enterprises.models import Enterprise, ProcessUnit
from anlan.domains.monitoring.enterprises.permissions import READ, WRITE
from anlan.domains.monitoring.enterprises.queries import enterprise_view, unit_view
from anlan.domains.monitoring.enterprises.states import EnterpriseKind, ProcessUnitKind
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import decide_there, service

EDITABLE = ("name", "short_name", "address", "kind", "source")
UNIT_EDITABLE = ("name", "kind")


@service("enterprises.create", permission=WRITE)
def create_enterprise(
    *,
    code: str,
    name: str,
    region: str,
    kind: EnterpriseKind,
    short_name: str = "",
    zone: str | None = None,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    synthetic: bool = False,
    source: str = "",
) -> EnterpriseView:
    """Record an enterprise in the creator's own area, *lon* and *lat* in WGS-84 where known.

    Raises `Invalid` for a code with a wrong check digit or a region that is no
    county or prefecture, `Conflict` when the code is already recorded.
    """
    code, name = code.strip().upper(), require_text("name", name, 2)
    if not credit_code.is_valid(code):
        raise refuse_field(
            "code",
            "统一社会信用代码不正确（位数、字符或校验码）",
            "The unified social credit code is wrong (length, characters or check digit)",
        )
    require_place(region, zone)
    decide_there(WRITE, region, zone)
    enterprise = Enterprise(
        id=new_id(),
        code=code,
        name=name,
        short_name=short_name.strip() or name[:40],
        region=region,
        zone=zone,
        address=address.strip(),
        kind=EnterpriseKind(kind).value,
        geometry=None if lon is None or lat is None else Point(lon, lat),
        synthetic=synthetic,
        source=source,
        created_at=now(),
    )
    insert_once(enterprise, "code", Text("该统一社会信用代码已登记", "This credit code is already recorded"))
    announce(TOPIC, enterprise, READ)
    return enterprise_view(enterprise)


@service("enterprises.update", permission=WRITE)
def update_enterprise(enterprise_id: UUID, *, version: int, changes: Mapping[str, object]) -> EnterpriseView:
    """Change the descriptive fields of an enterprise; its code and place stay."""
    enterprise = locked(Enterprise, enterprise_id, WRITE)
    if "kind" in changes:
        changes = {**changes, "kind": EnterpriseKind(str(changes["kind"])).value}
    edit(enterprise, version, changes, EDITABLE, lambda: _check_name(enterprise.name, 2))
    announce(TOPIC, enterprise, READ)
    return enterprise_view(enterprise)


@service("enterprises.create_unit", permission=WRITE)
def create_process_unit(
    *, enterprise_id: UUID, code: str, name: str, kind: ProcessUnitKind
) -> ProcessUnitView:
    """Record a process unit of an enterprise, at the enterprise's place."""
    enterprise = locked(Enterprise, enterprise_id, WRITE)
    code, name = require_text("code", code), require_text("name", name)
    if ProcessUnit.objects.filter(enterprise=enterprise, code=code).exists():
        raise Conflict(
            Text("该企业已有同编号的单元", "The enterprise already has a unit of this code"),
            facts={"field": "code"},
        )
    unit = ProcessUnit.objects.create(
        id=new_id(),
        enterprise=enterprise,
        code=code,
        name=name,
        kind=ProcessUnitKind(kind).value,
        region=enterprise.region,
        zone=enterprise.zone,
        synthetic=enterprise.synthetic,
    )
    announce(UNIT_TOPIC, unit, READ)
    return unit_view(unit)


@service("enterprises.update_unit", permission=WRITE)
def update_process_unit(unit_id: UUID, *, version: int, changes: Mapping[str, object]) -> ProcessUnitView:
    """Change the name or kind of a process unit."""
    unit = locked(ProcessUnit, unit_id, WRITE)
    if "kind" in changes:
        changes = {**changes, "kind": ProcessUnitKind(str(changes["kind"])).value}
    edit(unit, version, changes, UNIT_EDITABLE, lambda: _check_name(unit.name, 1))
    announce(UNIT_TOPIC, unit, READ)
    return unit_view(unit)


def _check_name(name: str, at_least: int) -> None:
    require_text("name", name, at_least)
