"""安全承诺: one for each enterprise and day."""

from collections.abc import Mapping
from uuid import UUID

from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.commitments import tables
from anlan.domains.monitoring.commitments.models import Commitment
from anlan.domains.monitoring.commitments.states import COMMIT, READ
from anlan.domains.monitoring.editing import edit, insert_once, locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise
from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.standards.queries import table_in_force

TOPIC = "commitment"
COUNTS = (
    "units_total",
    "units_running",
    "units_stopped",
    "units_maintained",
    "hot_special",
    "hot_first",
    "hot_second",
    "confined_space",
)
EDITABLE = (*COUNTS, "trial_production", "starting_or_stopping", "promiser", "note")


@service("commitments.submit", permission=COMMIT)
def submit_commitment(
    *,
    enterprise_id: UUID,
    units_total: int,
    units_running: int,
    units_stopped: int,
    units_maintained: int,
    promiser: str,
    hot_special: int = 0,
    hot_first: int = 0,
    hot_second: int = 0,
    confined_space: int = 0,
    trial_production: bool = False,
    starting_or_stopping: bool = False,
    note: str = "",
) -> UUID:
    """Promise for today in China; one that comes after the hour of the table is kept, and late.

    Nobody promises for the past, nor ahead. Raises `Invalid` for units that do not add up, `Conflict` when
    the day has its promise.
    """
    enterprise = find_enterprise(enterprise_id)
    decide_there(COMMIT, enterprise.region, enterprise.zone)
    today = tables.day_of(now())
    commitment = Commitment(
        id=new_id(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        day=today,
        units_total=units_total,
        units_running=units_running,
        units_stopped=units_stopped,
        units_maintained=units_maintained,
        hot_special=hot_special,
        hot_first=hot_first,
        hot_second=hot_second,
        confined_space=confined_space,
        trial_production=trial_production,
        starting_or_stopping=starting_or_stopping,
        promiser=require_text("promiser", promiser),
        note=note.strip(),
        submitted_at=now(),
        submitted_by=current_principal().name,
        due_at=tables.due_at(table_in_force(tables.DUE), today),
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    _add_up(commitment)
    insert_once(commitment, "day", Text("该企业当日已提交承诺", "The enterprise has committed for today"))
    announce(TOPIC, commitment, READ)
    return commitment.id


@service("commitments.update", permission=COMMIT)
def update_commitment(commitment_id: UUID, *, version: int, changes: Mapping[str, object]) -> None:
    """Correct a promise on its own day; when it was submitted stays as it was."""
    commitment = locked(Commitment, commitment_id, COMMIT)
    if commitment.day != tables.day_of(now()):
        raise Conflict(
            Text("只能在承诺当日更正", "A commitment is corrected on its own day only"),
            next_step=Text("请在核对问题中说明原因", "Explain it with the discrepancy instead"),
        )
    edit(commitment, version, changes, EDITABLE, lambda: _add_up(commitment))
    announce(TOPIC, commitment, READ)


def _add_up(commitment: Commitment) -> None:
    for field in COUNTS:
        if getattr(commitment, field) < 0:
            raise refuse_field(field, "不能为负数", "This cannot be negative")
    parts = commitment.units_running + commitment.units_stopped + commitment.units_maintained
    if parts > commitment.units_total:
        raise refuse_field(
            "units_total",
            f"运行、停产和检修合计 {parts} 套，多于总数",
            f"Running, stopped and maintained units make {parts}, more than the total",
        )
    require_text("promiser", commitment.promiser)
