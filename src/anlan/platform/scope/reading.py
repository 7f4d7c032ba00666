"""One row by its id, as far as the principal may see."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from anlan.kernel.errors import NotFound

M = TypeVar("M", bound=Model)


def visible(rows: "QuerySet[M]", id: UUID) -> M:
    """The row *id* of *rows*; `NotFound` reads alike for one that is missing and one out of sight."""
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found
