"""The only writer of tables of standards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anlan.kernel.clock import now
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.commands import current_principal, record_version, service
from anlan.platform.http.problems import InvalidFields
from anlan.platform.standards.declaration import TableRow, Value
from anlan.platform.standards.models import Row, Table, Version
from anlan.platform.standards.permissions import PUBLISH
from anlan.platform.standards.queries import version_of
from anlan.platform.standards.views import TableVersion, difference, plain_values, rows_digest


@dataclass(frozen=True)
class RowChange:
    """What becomes of one row: other values (only those named change), or its end."""

    key: str
    values: Mapping[str, Value] | None = None
    clause: str | None = None
    certainty: Certainty | None = None
    note: str | None = None
    remove: bool = False


@service("standards.publish", permission=PUBLISH)
def publish_version(
    code: str,
    *,
    based_on: int,
    effective_from: date,
    changes: Sequence[RowChange],
    source: str,
    note: str = "",
) -> TableVersion:
    """Make a new version of table *code* out of version *based_on* with *changes*.

    Earlier versions stay as they are, and with them every result that names one.
    Raises `Conflict` when *based_on* is no longer the newest version or nothing would
    change, `Invalid` for a row or column that the table does not have.
    """
    table = Table.objects.select_for_update().filter(code=code).first()
    if table is None:
        raise NotFound
    newest = table.versions.order_by("-number").first()
    if newest is None or newest.number != based_on:
        raise Conflict(
            Text("已有更新的版本", "A newer version has been published"),
            facts={"newest": newest.number if newest else None, "based_on": based_on},
        )
    before = version_of(newest.id).rows
    after = _applied(table, before, changes)
    if not difference(before, after):
        raise Conflict(Text("内容没有变化", "Nothing would change"))
    made = store_version(
        table,
        newest.number + 1,
        effective_from,
        list(after.values()),
        source=source,
        note=note,
        before=before,
    )
    record_version(code, made.number)
    return version_of(made.id)


def store_version(
    table: Table,
    number: int,
    effective_from: date,
    rows: Sequence[TableRow],
    *,
    source: str,
    note: str = "",
    before: Mapping[str, TableRow] | None = None,
) -> Version:
    """Write a version and its rows; part of a service or of the set-up, never called alone."""
    made = Version.objects.create(
        id=new_id(),
        table=table,
        number=number,
        effective_from=effective_from,
        source=source,
        note=note,
        published_at=now(),
        published_by=current_principal().key,
        digest=rows_digest(rows),
    )
    changed = {one.key: list(one.columns) for one in difference(before or {}, {row.key: row for row in rows})}
    Row.objects.bulk_create(
        Row(
            id=new_id(),
            version=made,
            position=position,
            key=row.key,
            values=dict(row.values),
            clause=row.clause,
            certainty=row.certainty.value,
            note=row.note,
            changed=changed.get(row.key, []) if before is not None else [],
        )
        for position, row in enumerate(rows)
    )
    return made


def _applied(
    table: Table, before: Mapping[str, TableRow], changes: Sequence[RowChange]
) -> dict[str, TableRow]:
    rows = dict(before)
    for index, change in enumerate(changes):
        if change.remove:
            if rows.pop(change.key, None) is None:
                raise _no_such_row(index, change.key)
            continue
        rows[change.key] = _changed_row(table, index, rows.get(change.key), change)
    return rows


def _changed_row(table: Table, index: int, old: TableRow | None, change: RowChange) -> TableRow:
    columns = {column["name"]: column for column in table.columns}
    given = dict(change.values or {})
    for name, value in given.items():
        _check_value(index, name, value, columns.get(name))
    values = plain_values({**(old.values if old else {}), **given}, list(columns))
    for name, column in columns.items():
        if column["required"] and values[name] is None:
            raise InvalidFields([(f"changes.{index}.values.{name}", Text("必填", "This is required"))])
    base = old or TableRow(change.key, {})
    return TableRow(
        change.key,
        values,
        base.clause if change.clause is None else change.clause,
        base.certainty if change.certainty is None else change.certainty,
        base.note if change.note is None else change.note,
    )


def _check_value(index: int, name: str, value: Value, column: Mapping[str, object] | None) -> None:
    field = f"changes.{index}.values.{name}"
    if column is None:
        raise InvalidFields([(field, Text("表中没有这一列", "The table has no such column"))])
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and (column["kind"] == "number") != is_number:
        words = Text("应为数字", "This must be a number")
        raise InvalidFields(
            [(field, words if column["kind"] == "number" else Text("应为文字", "This must be text"))]
        )


def _no_such_row(index: int, key: str) -> InvalidFields:
    return InvalidFields([(f"changes.{index}.key", Text(f"没有“{key}”这一行", f"There is no row “{key}”"))])
