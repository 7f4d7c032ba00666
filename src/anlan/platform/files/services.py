"""The only writer of files."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.platform.commands import current_principal, decide_there, record_thread, service
from anlan.platform.files.kinds import media_type_of
from anlan.platform.files.models import StoredFile
from anlan.platform.files.permissions import STORE
from anlan.platform.files.store import keep


@dataclass(frozen=True)
class FilePlace:
    """Where a file belongs, and what it is about."""

    region: str
    zone: str | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    thread: UUID | None = None
    synthetic: bool = False


@service("files.store", permission=STORE, secret=("content",))
def store_file(name: str, content: bytes, place: FilePlace) -> UUID:
    """Keep a file. Raises `FileRefused` for a kind that is not kept.

    The content is on the disk before the row that names it: a crash in between leaves
    an unused content, never a name without one.
    """
    decide_there(STORE, place.region, place.zone)
    kind = media_type_of(content)
    made = StoredFile.objects.create(
        id=new_id(),
        name=_plain_name(name),
        media_type=kind,
        size=len(content),
        sha256=keep(content),
        stored_at=now(),
        stored_by=current_principal().key,
        subject_kind=place.subject_kind,
        subject_id=place.subject_id,
        thread=place.thread,
        synthetic=place.synthetic,
        region=place.region,
        zone=place.zone,
    )
    if place.thread is not None:
        record_thread(place.thread)
    return made.id


def _plain_name(name: str) -> str:
    """The last part of *name* without what could end a header or leave a folder."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '"/\\')
    return kept.strip(". ")[:160] or "file"
