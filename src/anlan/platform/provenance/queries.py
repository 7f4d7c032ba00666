"""Reads of runs; call them inside a service or `read_scope`."""

from uuid import UUID

from anlan.kernel.errors import NotFound
from anlan.platform.provenance.models import Run
from anlan.platform.threads.queries import thread_family


def standing_run(subject_kind: str, subject_id: UUID, purpose: str) -> Run | None:
    """The run that holds now for a subject and purpose, if there is one."""
    return Run.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, purpose=purpose, superseded_by__isnull=True
    ).first()


def run_named(id: UUID) -> Run:
    """The run, or `NotFound` when there is none that the principal may see."""
    found = Run.objects.filter(id=id).first()
    if found is None:
        raise NotFound()
    return found


def runs_of_thread(thread: UUID) -> list[Run]:
    """All runs of a thread and of those merged with it, in the order in which they were computed."""
    return list(Run.objects.filter(thread__in=thread_family(thread)).order_by("computed_at", "id"))
