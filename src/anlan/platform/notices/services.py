"""The only writers of notices."""

from uuid import UUID

from anlan.kernel.clock import now
from anlan.kernel.errors import NotFound
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, service
from anlan.platform.notices.contracts import NoticeSpec
from anlan.platform.notices.models import Notice, Reading
from anlan.platform.notices.permissions import GIVE, READ
from anlan.platform.outbox import emit

TOPIC = "notice"


@service("notices.give", permission=GIVE)
def give_notice(spec: NoticeSpec) -> UUID:
    """Tell everybody whose business it is; browsers that are open show it at once."""
    return place_notice(spec)


def place_notice(spec: NoticeSpec) -> UUID:
    """Write a notice as part of another service, which has decided that it may."""
    notice = Notice.objects.create(
        id=new_id(),
        at=now(),
        urgency=spec.urgency.value,
        zh=spec.title.zh[:200],
        en=spec.title.en[:200],
        body_zh=spec.body.zh[:1000],
        body_en=spec.body.en[:1000],
        permission=spec.permission,
        subject_kind=spec.subject_kind,
        subject_id=spec.subject_id,
        thread=spec.thread,
        timeline=spec.timeline,
        exercise=spec.exercise,
        region=spec.region,
        zone=spec.zone,
    )
    emit(
        TOPIC,
        {"id": notice.id, "urgency": spec.urgency, "title": spec.title._asdict()},
        thread=spec.thread,
        region=spec.region,
        zone=spec.zone,
        permission=spec.permission,
        timeline=spec.timeline,
        exercise=spec.exercise,
    )
    return notice.id


@service("notices.read", permission=READ)
def mark_read(notice_id: UUID) -> None:
    """Say that the person has read a notice; once more changes nothing."""
    principal = current_principal()
    notice = Notice.objects.filter(id=notice_id, permission__in=principal.permissions).first()
    if notice is None or principal.id is None:
        raise NotFound
    Reading.objects.get_or_create(
        notice=notice,
        user_id=principal.id,
        defaults={"id": new_id(), "at": now(), "region": notice.region, "zone": notice.zone},
    )
