"""The only writer of runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.models import Manifest
from anlan.platform.commands import decide_there, record_thread, service
from anlan.platform.provenance.models import Run
from anlan.platform.provenance.permissions import RECORD


@dataclass(frozen=True)
class RunPlace:
    """Where a run belongs: region and zone, and the thread and timeline of its matter."""

    region: str
    zone: str | None = None
    thread: UUID | None = None
    timeline: UUID | None = None
    exercise: bool = False
    synthetic: bool = False


@dataclass(frozen=True)
class RunSubject:
    """What a run is about: a resource's name and id, and for what purpose."""

    kind: str
    id: UUID
    purpose: str


@service("runs.record", permission=RECORD)
def record_run(
    manifest: Manifest,
    result: Mapping[str, Any],
    subject: RunSubject,
    place: RunPlace,
    *,
    valid_at: datetime,
    elapsed_ms: float | None = None,
) -> UUID:
    """Keep a run; the last one for the same subject and purpose points to it from now on.

    Asked again with a manifest of the same digest, the run that stands is returned:
    the same inputs give the same numbers. *valid_at* is the time that the inputs speak of.
    """
    decide_there(RECORD, place.region, place.zone)
    standing = Run.objects.filter(
        subject_kind=subject.kind,
        subject_id=subject.id,
        purpose=subject.purpose,
        superseded_by__isnull=True,
    ).first()
    if standing is not None and standing.digest == manifest.digest:
        return standing.id
    said = manifest.as_json()
    run = Run.objects.create(
        id=new_id(),
        thread=place.thread,
        timeline=place.timeline,
        exercise=place.exercise,
        purpose=subject.purpose,
        subject_kind=subject.kind,
        subject_id=subject.id,
        model=manifest.model,
        model_version=manifest.model_version,
        software_version=manifest.software_version,
        verification=manifest.verification.value,
        digest=manifest.digest,
        manifest=to_jsonable_python(said, inf_nan_mode="null"),
        result=to_jsonable_python(dict(result), inf_nan_mode="null"),
        computed_at=now(),
        valid_at=valid_at,
        elapsed_ms=elapsed_ms,
        synthetic=place.synthetic,
        region=place.region,
        zone=place.zone,
    )
    if standing is not None:
        Run.objects.filter(id=standing.id).update(superseded_by=run)
    if place.thread is not None:
        record_thread(place.thread)
    return run.id
