"""Enterprises from a file: one row each, by the credit code; the county from the place where none is named."""

from collections.abc import Sequence

from anlan.domains.monitoring.editing import places
from anlan.domains.monitoring.enterprises import credit_code, permissions
from anlan.domains.monitoring.enterprises.services import create_enterprise
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.platform.geo.divisions import county_of
from anlan.platform.geo.reading import PlacedRow, RowError
from anlan.platform.geo.targets import ImportField, ImportOrder, ImportTarget, register_target


def register_imports() -> None:
    """Declare the import of enterprises."""
    register_target(
        ImportTarget(
            name="enterprises",
            title=Text("企业", "Enterprises"),
            permission=permissions.WRITE,
            fields=(
                ImportField("code", Text("统一社会信用代码", "Credit code")),
                ImportField("name", Text("企业名称", "Name")),
                ImportField("kind", Text("行业类别", "Trade"), help=_kinds()),
                ImportField(
                    "region",
                    Text("行政区划代码", "Division code"),
                    required=False,
                    help=Text("不填则由坐标判定所在县", "Without one the county is that of the place"),
                ),
                ImportField("short_name", Text("简称", "Short name"), required=False),
                ImportField("address", Text("地址", "Address"), required=False),
            ),
            check=_check,
            apply=_apply,
            needs_geometry=False,
        )
    )


def _kinds() -> Text:
    return Text(
        "、".join(kind.label.zh for kind in EnterpriseKind),
        ", ".join(kind.label.en for kind in EnterpriseKind),
    )


def _kind_of(written: str) -> EnterpriseKind | None:
    """The trade by its code or its name in either language."""
    return next(
        (kind for kind in EnterpriseKind if written in (kind.value, kind.label.zh, kind.label.en)), None
    )


def _said(row: PlacedRow, name: str) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value).strip()


def _region_of(row: PlacedRow) -> str:
    """The division that the row names, else the county that its place lies in."""
    named = _said(row, "region")
    if named or row.geometry is None:
        return named
    middle = row.geometry.centroid
    return county_of(middle.x, middle.y) or ""


def _check(row: PlacedRow) -> Sequence[RowError]:
    errors = []
    if (code := _said(row, "code")) and not credit_code.is_valid(code.upper()):
        errors.append(
            RowError(
                row.number,
                "code",
                Text(
                    "统一社会信用代码不正确（位数、字符或校验码）",
                    "The credit code is wrong (length, characters, check digit)",
                ),
            )
        )
    if (kind := _said(row, "kind")) and _kind_of(kind) is None:
        errors.append(
            RowError(row.number, "kind", Text(f"没有行业类别“{kind}”", f"There is no trade “{kind}”"))
        )
    if _region_of(row) not in places():
        errors.append(
            RowError(
                row.number,
                "region",
                Text(
                    "请填写县（市、区）或地级市代码，或给出区内坐标",
                    "Give a county's or prefecture's code, or a place in one",
                ),
            )
        )
    return errors


def _apply(rows: Sequence[PlacedRow], order: ImportOrder) -> Sequence[RowError]:
    """Each row is a command of its own: one that is refused, as for another county, leaves its neighbours alone."""
    failed = []
    for row in rows:
        place = row.geometry.centroid if row.geometry is not None else None
        try:
            create_enterprise(
                code=_said(row, "code"),
                name=_said(row, "name"),
                short_name=_said(row, "short_name"),
                region=_region_of(row),
                kind=_kind_of(_said(row, "kind")) or EnterpriseKind.OTHER,
                address=_said(row, "address"),
                lon=place.x if place is not None else None,
                lat=place.y if place is not None else None,
                source=order.source,
            )
        except Problem as problem:
            failed.append(RowError(row.number, "", problem.title))
    return failed
