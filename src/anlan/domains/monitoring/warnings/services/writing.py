"""What every service of warnings does: time line, version, thread, event, notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anlan.domains.monitoring.warnings.models import Warning, WarningEntry
from anlan.domains.monitoring.warnings.states import READ, WarningEntryKind
from anlan.kernel import clock
from anlan.kernel.ids import new_id
from anlan.kernel.levels import WarningLevel
from anlan.kernel.text import Text
from anlan.platform.commands import current_principal, record_thread
from anlan.platform.notices import NoticeSpec, Urgency
from anlan.platform.notices.services import place_notice
from anlan.platform.outbox import emit
from anlan.platform.threads.queries import clock_of_timeline

TOPIC = "warning"


def warning_now(warning: Warning) -> datetime:
    """The time by the warning's own clock."""
    return clock_of_timeline(warning.timeline).now()


def add_entry(
    warning: Warning, kind: WarningEntryKind, note: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Put one entry on the time line."""
    WarningEntry.objects.create(
        id=new_id(),
        warning=warning,
        kind=kind.value,
        at=warning_now(warning),
        recorded_at=clock.now(),
        actor=current_principal().name,
        note=note.strip(),
        facts=dict(facts or {}),
        region=warning.region,
        zone=warning.zone,
    )


def changed(warning: Warning) -> None:
    """Save, count the version, and tell the screens."""
    warning.version += 1
    warning.save()
    told(warning)


def told(warning: Warning) -> None:
    """Tell the screens that a warning is there or has changed."""
    record_thread(warning.thread)
    emit(
        TOPIC,
        {
            "id": warning.id,
            "version": warning.version,
            "state": warning.state,
            "level": warning.level,
            "subject_kind": warning.subject_kind,
            "subject_id": warning.subject_id,
        },
        thread=warning.thread,
        region=warning.region,
        zone=warning.zone,
        permission=READ,
        timeline=warning.timeline,
        exercise=warning.exercise,
    )


def notify(warning: Warning, permission: str, urgency: Urgency) -> None:
    """Tell those of the warning's place who hold *permission*."""
    level = WarningLevel(warning.level).label
    place_notice(
        NoticeSpec(
            title=Text(f"{level.zh}：{warning.title}", f"{level.en}: {warning.title}"),
            region=warning.region,
            zone=warning.zone,
            permission=permission,
            urgency=urgency,
            body=Text(
                f"{warning.enterprise_name}　请签收并反馈",
                f"{warning.enterprise_name}: sign for it and give feedback",
            ),
            subject_kind="warning",
            subject_id=warning.id,
            thread=warning.thread,
            timeline=warning.timeline,
            exercise=warning.exercise,
        )
    )
