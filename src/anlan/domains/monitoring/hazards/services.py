"""The only writers of major hazards, their stock and sites."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shapely.geometry import Point

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import edit, locked, refuse_field, require_place
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.domains.monitoring.enterprises.states import ProcessUnitKind
from anlan.domains.monitoring.hazards import tables
from anlan.domains.monitoring.hazards.contracts import (
    HoldingSpec,
    MajorHazardView,
    SiteSpec,
    StockMovementView,
)
from anlan.domains.monitoring.hazards.grading import Graded, grade_unit
from anlan.domains.monitoring.hazards.models import Holding, MajorHazard, Site, StockMovement
from anlan.domains.monitoring.hazards.permissions import MOVE_STOCK, READ, SITES_READ, SITES_WRITE, WRITE
from anlan.domains.monitoring.hazards.queries import hazard_view
from anlan.domains.monitoring.hazards.states import HazardLevel, MovementKind
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.standards.queries import table_in_force

TOPIC, SITE_TOPIC = "major_hazard", "site"
EDITABLE = ("name", "exposed_persons", "principal", "technical_lead", "operations_lead")


@service("hazards.create", permission=WRITE)
def create_hazard(
    *,
    enterprise_id: UUID,
    code: str,
    name: str,
    kind: ProcessUnitKind,
    lon: float,
    lat: float,
    exposed_persons: int,
    holdings: Sequence[HoldingSpec] = (),
    process_unit_id: UUID | None = None,
    principal: str = "",
    technical_lead: str = "",
    operations_lead: str = "",
    source: str = "",
) -> MajorHazardView:
    """Record a unit with what it holds, and grade it by the tables in force."""
    enterprise = find_enterprise(enterprise_id)
    decide_there(WRITE, enterprise.region, enterprise.zone)
    if MajorHazard.objects.filter(enterprise_id=enterprise_id, code=code.strip()).exists():
        raise Conflict(Text("该企业已有同编号的危险源", "The enterprise already has a unit of this code"))
    hazard = MajorHazard.objects.create(
        id=new_id(),
        enterprise_id=enterprise_id,
        enterprise_name=enterprise.name,
        process_unit_id=process_unit_id,
        code=code.strip(),
        name=name.strip(),
        kind=ProcessUnitKind(kind).value,
        geometry=Point(lon, lat),
        exposed_persons=exposed_persons,
        principal=principal,
        technical_lead=technical_lead,
        operations_lead=operations_lead,
        synthetic=enterprise.synthetic,
        source=source,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    for spec in holdings:
        _add_holding(hazard, spec)
    _regrade(hazard)
    announce(TOPIC, hazard, READ)
    return hazard_view(hazard)


@service("hazards.update", permission=WRITE)
def update_hazard(hazard_id: UUID, *, version: int, changes: Mapping[str, object]) -> MajorHazardView:
    """Change a unit's descriptive figures; it is graded anew."""
    hazard = locked(MajorHazard, hazard_id, WRITE)
    edit(hazard, version, changes, EDITABLE)
    _regrade(hazard)
    announce(TOPIC, hazard, READ)
    return hazard_view(hazard)


@service("hazards.add_holding", permission=WRITE)
def add_holding(hazard_id: UUID, spec: HoldingSpec) -> MajorHazardView:
    """Record one more substance of a unit, which is graded anew."""
    hazard = locked(MajorHazard, hazard_id, WRITE)
    _add_holding(hazard, spec)
    _regrade(hazard)
    announce(TOPIC, hazard, READ)
    return hazard_view(hazard)


@service("hazards.move_stock", permission=MOVE_STOCK)
def move_stock(
    holding_id: UUID, *, kind: MovementKind, quantity_t: float, note: str = ""
) -> StockMovementView:
    """Record a movement; the unit's live figures follow at once.

    *quantity_t* is what came in or went out, for a stocktaking what was found.
    Raises `Invalid` when more would go out than there is or come in than fits.
    """
    holding = locked(Holding, holding_id, MOVE_STOCK)
    stock_t = _stock_after(holding, MovementKind(kind), quantity_t)
    holding.stock_t = stock_t
    holding.version += 1
    holding.save(update_fields=["stock_t", "version"])
    movement = StockMovement.objects.create(
        id=new_id(),
        holding=holding,
        kind=MovementKind(kind).value,
        quantity_t=quantity_t,
        stock_t=stock_t,
        at=now(),
        actor=current_principal().name,
        note=note.strip(),
        region=holding.region,
        zone=holding.zone,
    )
    hazard = MajorHazard.objects.select_for_update().get(id=holding.hazard_id)
    _regrade(hazard)
    announce(TOPIC, hazard, READ)
    return StockMovementView(
        movement.id, holding.id, hazard.id, MovementKind(kind), movement.quantity_t, movement.stock_t
    )


@service("hazards.regrade", permission=WRITE)
def regrade_hazard(hazard_id: UUID) -> MajorHazardView:
    """Grade a unit anew, by the tables that are in force now."""
    hazard = locked(MajorHazard, hazard_id, WRITE)
    _regrade(hazard)
    announce(TOPIC, hazard, READ)
    return hazard_view(hazard)


@service("sites.record", permission=SITES_WRITE)
def record_sites(sites: Sequence[SiteSpec]) -> int:
    """Record sites, or bring those of the same code up to date; how many."""
    for spec in sites:
        require_place(spec.region)
        decide_there(SITES_WRITE, spec.region, spec.zone)
        fields = {
            "name": spec.name.strip(),
            "kind": spec.kind.value,
            "geometry": Point(spec.lon, spec.lat),
            "persons": spec.persons,
            "contact": spec.contact,
            "synthetic": spec.synthetic,
            "source": spec.source,
            "region": spec.region,
            "zone": spec.zone,
        }
        known = Site.objects.select_for_update().filter(code=spec.code).first()
        if known is None:
            site = Site.objects.create(id=new_id(), code=spec.code, **fields)
        else:
            for name, value in fields.items():
                setattr(known, name, value)
            known.version += 1
            known.save()
            site = known
        announce(SITE_TOPIC, site, SITES_READ)
    return len(sites)


def _add_holding(hazard: MajorHazard, spec: HoldingSpec) -> None:
    if not spec.row and not spec.hazard_class:
        raise refuse_field(
            "row",
            "请选择表 1 中的物质，或给出危险性类别",
            "Choose a substance of table 1, or give a hazard class",
        )
    if spec.row:
        table_in_force(tables.NAMED).row(spec.row)
    if spec.hazard_class:
        table_in_force(tables.CLASSES).row(spec.hazard_class)
    if spec.stock_t > spec.design_max_t:
        raise _too_much(spec.stock_t, spec.design_max_t)
    Holding.objects.create(
        id=new_id(),
        hazard=hazard,
        equipment=spec.equipment.strip(),
        substance=spec.substance.strip(),
        cas=spec.cas,
        row=spec.row,
        hazard_class=spec.hazard_class,
        design_max_t=spec.design_max_t,
        stock_t=spec.stock_t,
        level_point_id=spec.level_point_id,
        synthetic=hazard.synthetic,
        region=hazard.region,
        zone=hazard.zone,
    )


def _stock_after(holding: Holding, kind: MovementKind, quantity_t: float) -> float:
    if not quantity_t >= 0 or (quantity_t == 0 and kind is not MovementKind.CORRECTION):
        raise refuse_field("quantity_t", "数量应为正数", "The quantity must be positive")
    after = {
        MovementKind.INBOUND: holding.stock_t + quantity_t,
        MovementKind.OUTBOUND: holding.stock_t - quantity_t,
        MovementKind.CORRECTION: quantity_t,
    }[kind]
    if after < 0:
        raise refuse_field(
            "quantity_t",
            f"出库量超过现有存量 {holding.stock_t:g} t",
            f"More than the {holding.stock_t:g} t in stock",
        )
    if after > holding.design_max_t:
        raise _too_much(after, holding.design_max_t)
    return after


def _too_much(stock_t: float, design_max_t: float) -> Invalid:
    return refuse_field(
        "quantity_t",
        f"存量 {stock_t:g} t 超过设计最大量 {design_max_t:g} t",
        f"A stock of {stock_t:g} t exceeds the design maximum of {design_max_t:g} t",
    )


def _regrade(hazard: MajorHazard) -> None:
    """Bring the statutory and the live figures up to date, each with its run."""
    holdings = list(hazard.holdings.all())
    for live, prefix in ((False, ""), (True, "live_")):
        graded = grade_unit(holdings, hazard.exposed_persons, live=live)
        run = _record(hazard, graded, "grading_live" if live else "grading")
        setattr(hazard, f"{prefix}s", graded.outcome.s)
        setattr(hazard, f"{prefix}r", graded.outcome.r)
        setattr(hazard, f"{prefix}level", _level(graded).value)
        setattr(hazard, f"{prefix}run", run)
        hazard.alpha = graded.outcome.alpha
    hazard.graded_at = now()
    hazard.version += 1
    hazard.save()


def _record(hazard: MajorHazard, graded: Graded, purpose: str) -> UUID:
    return record_run(
        graded.manifest,
        graded.as_json(),
        RunSubject("major_hazard", hazard.id, purpose),
        RunPlace(hazard.region, hazard.zone, synthetic=hazard.synthetic),
        valid_at=now(),
    )


def _level(graded: Graded) -> HazardLevel:
    level = graded.outcome.level
    return HazardLevel.NONE if level is None else HazardLevel(str(level))
