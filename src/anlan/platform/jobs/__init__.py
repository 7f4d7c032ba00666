"""Long work outside the request: asked for in a transaction, with progress, and cancelled on request."""

from anlan.platform.jobs.contracts import JobCancelled, JobHandle, JobKind, JobState, register_job

__all__ = ["JobCancelled", "JobHandle", "JobKind", "JobState", "register_job"]
