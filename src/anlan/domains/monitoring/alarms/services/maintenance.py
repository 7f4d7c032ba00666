"""Declared maintenance (检修窗口): its alarms are recorded as suppressed, and speak again when it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from anlan.domains.monitoring.alarms.clocks import MAINTENANCE
from anlan.domains.monitoring.alarms.models import MaintenanceWindow
from anlan.domains.monitoring.alarms.services.releasing import close_what_came_and_went, release
from anlan.domains.monitoring.alarms.states import READ, WATCH, Cause, Suppression
from anlan.domains.monitoring.alarms.suppression_states import (
    MAINTAIN,
    MAINTENANCE_WORKFLOW,
    MaintenanceState,
)
from anlan.domains.monitoring.alarms.tables import longest_maintenance
from anlan.domains.monitoring.announce import announce
from anlan.domains.monitoring.editing import locked, refuse_field, require_text
from anlan.domains.monitoring.enterprises.queries import find_enterprise, find_process_unit
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, decide_there, service
from anlan.platform.deadlines.services import (
    DeadlineSpec,
    meet_deadline,
    restart_deadline,
    start_deadline,
)

TOPIC = "maintenance_window"
MAX_POINTS = 200
LOOK_AGAIN = timedelta(seconds=2)


@service("alarms.declare_maintenance", permission=MAINTAIN)
def declare_maintenance(
    *,
    enterprise_id: UUID,
    process_unit_id: UUID | None = None,
    point_tags: str = "",
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> UUID:
    """Declare a window of an enterprise, one of its units, or named points; a start that has passed is now.

    Alarms that are open already are not touched. Raises `Invalid` for a window that has ended,
    is turned round or longer than the table allows, and for a unit of another enterprise.
    """
    enterprise = find_enterprise(enterprise_id)
    decide_there(MAINTAIN, enterprise.region, enterprise.zone)
    unit = find_process_unit(process_unit_id) if process_unit_id is not None else None
    if unit is not None and unit.enterprise_id != enterprise.id:
        raise refuse_field(
            "process_unit_id", "该装置单元不属于此企业", "This unit belongs to another enterprise"
        )
    at = now()
    begins = max(starts_at, at)
    _check_times(begins, ends_at)
    window = MaintenanceWindow.objects.create(
        id=new_id(),
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        process_unit_id=unit.id if unit else None,
        process_unit_name=unit.name if unit else "",
        point_tags=_tags(point_tags),
        starts_at=begins,
        ends_at=ends_at,
        reason=require_text("reason", reason, at_least=2),
        declared_by=current_principal().name,
        declared_at=at,
        synthetic=enterprise.synthetic,
        region=enterprise.region,
        zone=enterprise.zone,
    )
    start_deadline(
        DeadlineSpec(MAINTENANCE, "maintenance_window", window.id, ends_at - at, window.region, window.zone)
    )
    announce(TOPIC, window, READ)
    return window.id


@service("alarms.end_maintenance", permission=MAINTAIN)
def end_maintenance(window_id: UUID, *, note: str) -> None:
    """The work is done early, or will not be: whatever still stands is announced."""
    window = locked(MaintenanceWindow, window_id, MAINTAIN)
    MAINTENANCE_WORKFLOW.require("end", window, current_principal())
    note = require_text("note", note, at_least=2)
    _end(window, current_principal().name, note)
    restart_deadline(MAINTENANCE, window.id, timedelta(0))  # the worker lets the alarms speak


@service("alarms.expire_maintenance", permission=WATCH)
def expire_maintenance(window_id: UUID) -> None:
    """A window is over, by its time or by a person: what came and went is closed, what stands is announced."""
    window = MaintenanceWindow.objects.select_for_update(skip_locked=True).filter(id=window_id).first()
    if window is None:
        restart_deadline(MAINTENANCE, window_id, LOOK_AGAIN)
        return
    meet_deadline(MAINTENANCE, window_id)
    if window.state == MaintenanceState.DECLARED:
        _end(window, current_principal().name, "检修窗口到时")
    said = f"检修结束（{window.declared_by} 申报：{window.reason}）"[:500]
    close_what_came_and_went(Suppression.MAINTENANCE, window.id, Cause.MAINTENANCE, said)
    release(Suppression.MAINTENANCE, window.id, said)


def _end(window: MaintenanceWindow, by: str, note: str) -> None:
    window.state, window.ended_at, window.ended_by = MaintenanceState.ENDED.value, now(), by
    window.note = note
    window.version += 1
    window.save()
    announce(TOPIC, window, READ)


def _check_times(begins: datetime, ends: datetime) -> None:
    if ends <= begins:
        raise refuse_field(
            "ends_at", "结束时间须晚于开始时间和当前时间", "The end lies after the start and now"
        )
    longest = longest_maintenance()
    if ends - begins > longest:
        hours = f"{longest.total_seconds() / 3600:g}"
        raise refuse_field(
            "ends_at",
            f"检修窗口最长 {hours} 小时，请分次申报",
            f"A window lasts {hours} hours at most: declare several",
        )


def _tags(text: str) -> Sequence[str]:
    for separator in "，、;；\n":
        text = text.replace(separator, ",")
    tags = list(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))
    if len(tags) > MAX_POINTS or any(len(tag) > 80 for tag in tags):
        raise refuse_field(
            "point_tags",
            f"最多 {MAX_POINTS} 个位号，每个不超过 80 字",
            f"At most {MAX_POINTS} tags of up to 80 characters",
        )
    return tags
