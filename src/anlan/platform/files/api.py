"""Files in and out; out always as an attachment."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from anlan.kernel.errors import NotFound
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.files.models import StoredFile
from anlan.platform.files.permissions import READ
from anlan.platform.files.services import FilePlace, store_file
from anlan.platform.files.store import content_of
from anlan.platform.http.problems import ProblemOut

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 422, 500, 503}): ProblemOut}

router = Router(tags=["files"])


class FileOut(Schema):
    """What is known of a file."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    subject_kind: str | None
    subject_id: UUID | None
    synthetic: bool


class FileForm(Schema):
    """Where a file belongs, and what it is about."""

    region: str = Field(min_length=6, max_length=6)
    zone: str | None = None
    subject_kind: str | None = Field(None, max_length=64)
    subject_id: UUID | None = None


@router.post("", operation_id="store_file", response={201: FileOut, **_REFUSED})
def post_file(request: HttpRequest, form: Form[FileForm], file: File[UploadedFile]) -> Status[FileOut]:
    """Keep a file of a person in their place."""
    place = FilePlace(form.region, form.zone, form.subject_kind, form.subject_id)
    made = store_file(file.name or "", file.read(), place)
    with read_scope():
        return Status(201, FileOut.from_orm(StoredFile.objects.get(id=made)))


@router.get("", operation_id="list_files", response={200: list[FileOut], **_REFUSED})
def list_files(request: HttpRequest, subject_id: UUID) -> list[FileOut]:
    """The files about an object, the newest first."""
    decide(current_principal(), READ)
    with read_scope():
        return [FileOut.from_orm(row) for row in StoredFile.objects.filter(subject_id=subject_id)[:200]]


@router.get("/{uuid:id}", operation_id="get_file", response={200: Any, **_REFUSED})
def get_file(request: HttpRequest, id: UUID) -> HttpResponse:
    """The content, to be saved and never shown in our origin."""
    decide(current_principal(), READ)
    with read_scope():
        found = StoredFile.objects.filter(id=id).first()
    if found is None:
        raise NotFound
    answer = HttpResponse(content_of(found.sha256), content_type=found.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["ETag"] = f'"{found.sha256}"'
    return answer
