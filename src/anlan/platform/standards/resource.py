"""Tables of standards on the generic screens, and the routes of their editor."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.http import register_router
from anlan.platform.resources import Column, Filter, Group, Related, Resource, labelled, register
from anlan.platform.standards import permissions

GROUP = Text("标准与参数", "Standards")


class TableOut(Schema):
    """A table as a row."""

    id: UUID
    code: str
    zh: str
    en: str
    basis: str


class VersionOut(Schema):
    """A version as a row."""

    id: UUID
    table_id: UUID
    table_code: str
    table_title: str
    number: int
    effective_from: date
    source: str
    note: str = labelled("说明", "Note")
    published_at: datetime
    published_by: str = labelled("发布人", "Published by")
    digest: str = labelled("内容摘要（SHA-256）", "Digest (SHA-256)")

    @staticmethod
    def resolve_table_code(version: object) -> str:
        """The code of the version's table."""
        return str(version.table.code)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_table_title(version: object) -> str:
        """The Chinese title of the version's table."""
        return str(version.table.zh)  # type: ignore[attr-defined]


class RowOut(Schema):
    """A row of a version; *said* is its content as one text."""

    id: UUID
    version_id: UUID
    key: str
    said: str
    clause: str
    certainty: Certainty
    note: str = labelled("说明", "Note")

    @staticmethod
    def resolve_said(row: object) -> str:
        """The values with their columns' titles."""
        return "；".join(
            f"{name} {value:g}" if isinstance(value, float | int) else f"{name} {value}"
            for name, value in _titled(row)
            if value not in (None, "")
        )


def register_all() -> None:
    """Declare permissions, resources and the editor's routes."""
    permissions.register_all()
    register(_tables())
    register(_versions())
    register(_rows())
    register_router("standards", "anlan.platform.standards.api")


def _tables() -> Resource:
    from anlan.platform.standards.models import Table

    return Resource(
        name="standard_table",
        plural="standard-tables",
        title=Text("标准参数表", "Tables of standards"),
        model=Table,
        out=TableOut,
        icon="table",
        group=GROUP,
        read_permission=permissions.READ,
        order=("code",),
        columns=(
            Column("code", Text("编码", "Code"), width=220, sortable=True),
            Column("zh", Text("名称", "Name (Chinese)"), sortable=True),
            Column("en", Text("英文名称", "Name"), sortable=True),
            Column("basis", Text("依据", "Basis")),
        ),
        search=("code", "zh", "en", "basis"),
        related=(Related("standard_version", "table_id", Text("版本", "Versions")),),
    )


def _versions() -> Resource:
    from anlan.platform.standards.models import Version

    return Resource(
        name="standard_version",
        plural="standard-versions",
        title=Text("标准参数表版本", "Versions of tables"),
        model=Version,
        queryset=lambda: Version.objects.select_related("table"),
        out=VersionOut,
        icon="table",
        group=GROUP,
        read_permission=permissions.READ,
        order=("table__code", "-number"),
        columns=(
            Column(
                "table_title",
                Text("参数表", "Table"),
                kind="link",
                link="standard_table",
                link_id="table_id",
            ),
            Column("table_code", Text("编码", "Code"), width=200),
            Column("number", Text("版本号", "Version"), kind="number", width=90, sortable=True),
            Column("effective_from", Text("生效日期", "Effective from"), width=120, sortable=True),
            Column("published_at", Text("发布时间", "Published"), kind="time", width=170, sortable=True),
            Column("source", Text("来源", "Source")),
        ),
        filters=(Filter("table_id", Text("参数表", "Table"), kind="link", link="standard_table"),),
        search=("table__code", "table__zh", "table__en", "source"),
        detail_groups=(
            Group(Text("版本", "Version"), ("table_code", "number", "effective_from", "source", "note")),
            Group(Text("发布", "Publication"), ("published_at", "published_by", "digest")),
        ),
        related=(Related("standard_row", "version_id", Text("内容", "Rows")),),
    )


def _rows() -> Resource:
    from anlan.platform.standards.models import Row

    return Resource(
        name="standard_row",
        plural="standard-rows",
        title=Text("标准参数", "Rows of tables"),
        model=Row,
        queryset=lambda: Row.objects.select_related("version__table"),
        out=RowOut,
        icon="table",
        group=GROUP,
        read_permission=permissions.READ,
        order=("version_id", "position"),
        columns=(
            Column("key", Text("项目", "Item"), width=220, sortable=True),
            Column("said", Text("内容", "Content")),
            Column("clause", Text("条款", "Clause"), width=140),
            Column("certainty", Text("确切程度", "Certainty"), kind="enum", enum=Certainty, width=110),
        ),
        filters=(
            Filter("version_id", Text("版本", "Version"), kind="link", link="standard_version"),
            Filter("certainty", Text("确切程度", "Certainty"), kind="enum", enum=Certainty),
        ),
        search=("key", "clause", "note"),
    )


def _titled(row: object) -> list[tuple[str, object]]:
    values = row.values  # type: ignore[attr-defined]
    columns = row.version.table.columns  # type: ignore[attr-defined]
    return [
        (
            column["title"]["zh"] + (f"（{column['unit']}）" if column["unit"] else ""),
            values.get(column["name"]),
        )
        for column in columns
    ]
