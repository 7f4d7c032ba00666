"""The editor of tables: a version with its rows, what two versions differ in, and publishing a new one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from anlan.kernel.validation import Certainty
from anlan.platform.commands import current_principal, decide, read_scope
from anlan.platform.http.problems import Label, ProblemOut
from anlan.platform.standards.declaration import TableRow
from anlan.platform.standards.models import Table
from anlan.platform.standards.permissions import READ
from anlan.platform.standards.queries import table_in_force, table_version, version_differences
from anlan.platform.standards.services import RowChange, publish_version
from anlan.platform.standards.views import TableVersion

_REFUSED: dict[Any, Any] = {frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut}

router = Router(tags=["standards"])


class ColumnOut(Schema):
    """A column of a table."""

    name: str
    title: Label
    kind: str
    unit: str
    required: bool


class StandardRowOut(Schema):
    """A row as it stands in one version."""

    key: str
    values: dict[str, float | str | None]
    clause: str
    certainty: Certainty
    needs_confirmation: bool
    note: str


class StandardVersionOut(Schema):
    """A version of a table with all its rows."""

    code: str
    title: Label
    basis: str
    number: int
    newest: int
    effective_from: date
    source: str
    columns: list[ColumnOut]
    rows: list[StandardRowOut]


class DifferenceOut(Schema):
    """How one row differs: *columns* are those that changed in a row that both have."""

    key: str
    before: StandardRowOut | None
    after: StandardRowOut | None
    columns: list[str]


class RowChangeIn(Schema):
    """What becomes of one row."""

    key: str = Field(min_length=1, max_length=128)
    values: dict[str, float | str | None] | None = None
    clause: str | None = Field(None, max_length=128)
    certainty: Certainty | None = None
    note: str | None = Field(None, max_length=400)
    remove: bool = False


class PublishIn(Schema):
    """A new version."""

    based_on: int
    effective_from: date
    source: str = Field(min_length=2, max_length=256)
    note: str = Field("", max_length=400)
    changes: list[RowChangeIn] = Field(min_length=1, max_length=2000)


@router.get("/{code}", operation_id="get_standard", response={200: StandardVersionOut, **_REFUSED})
def get_standard(request: HttpRequest, code: str, number: int | None = None) -> StandardVersionOut:
    """Version *number* of a table, or the one in force now."""
    decide(current_principal(), READ)
    with read_scope():
        version = table_in_force(code) if number is None else table_version(code, number)
        return _version(version)


@router.get(
    "/{code}/differences", operation_id="compare_standards", response={200: list[DifferenceOut], **_REFUSED}
)
def compare_standards(request: HttpRequest, code: str, before: int, after: int) -> list[DifferenceOut]:
    """What version *after* says differently from version *before*."""
    decide(current_principal(), READ)
    with read_scope():
        return [
            DifferenceOut(
                key=one.key,
                before=_row(one.before) if one.before else None,
                after=_row(one.after) if one.after else None,
                columns=list(one.columns),
            )
            for one in version_differences(code, before, after)
        ]


@router.post(
    "/{code}/versions", operation_id="publish_standard", response={201: StandardVersionOut, **_REFUSED}
)
def publish_standard(request: HttpRequest, code: str, payload: PublishIn) -> Status[StandardVersionOut]:
    """Publish a new version; what was computed with earlier ones stays as it was."""
    made = publish_version(
        code,
        based_on=payload.based_on,
        effective_from=payload.effective_from,
        source=payload.source,
        note=payload.note,
        changes=[RowChange(**_change(change)) for change in payload.changes],
    )
    with read_scope():
        return Status(201, _version(made))


def _change(change: RowChangeIn) -> Mapping[str, Any]:
    return {name: getattr(change, name) for name in RowChangeIn.model_fields}


def _version(version: TableVersion) -> StandardVersionOut:
    table = Table.objects.get(code=version.code)
    newest = table.versions.order_by("-number").values_list("number", flat=True).first()
    return StandardVersionOut(
        code=table.code,
        title=Label(zh=table.zh, en=table.en),
        basis=table.basis,
        number=version.number,
        newest=newest or version.number,
        effective_from=version.effective_from,
        source=version.source,
        columns=[ColumnOut(**column) for column in table.columns],
        rows=[_row(row) for row in version.rows.values()],
    )


def _row(row: TableRow) -> StandardRowOut:
    return StandardRowOut(
        key=row.key,
        values=dict(row.values),
        clause=row.clause,
        certainty=row.certainty,
        needs_confirmation=row.needs_confirmation,
        note=row.note,
    )
