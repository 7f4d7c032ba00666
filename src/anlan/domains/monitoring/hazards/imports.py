"""Sites from a file: villages, schools, hospitals and whatever else must be protected or can help."""

from collections.abc import Sequence

from anlan.domains.monitoring.editing import places
from anlan.domains.monitoring.hazards import permissions
from anlan.domains.monitoring.hazards.contracts import SiteSpec
from anlan.domains.monitoring.hazards.services import record_sites
from anlan.domains.monitoring.hazards.states import SiteKind
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.platform.geo.divisions import county_of
from anlan.platform.geo.reading import PlacedRow, RowError
from anlan.platform.geo.targets import ImportField, ImportOrder, ImportTarget, register_target

_MOST_PERSONS = 2_000_000


def register_imports() -> None:
    """Declare the import of sites, by their code; one that is known is brought up to date."""
    register_target(
        ImportTarget(
            name="sites",
            title=Text("防护目标与救援资源", "Protected sites and resources"),
            permission=permissions.SITES_WRITE,
            fields=(
                ImportField("code", Text("编号", "Code")),
                ImportField("name", Text("名称", "Name")),
                ImportField("kind", Text("类别", "Kind"), help=_kinds()),
                ImportField("persons", Text("人数", "Persons"), required=False),
                ImportField(
                    "region",
                    Text("行政区划代码", "Division code"),
                    required=False,
                    help=Text("不填则由坐标判定所在县", "Without one the county is that of the place"),
                ),
            ),
            check=_check,
            apply=_apply,
        )
    )


def _kinds() -> Text:
    return Text("、".join(kind.label.zh for kind in SiteKind), ", ".join(kind.label.en for kind in SiteKind))


def _kind_of(written: str) -> SiteKind | None:
    return next((kind for kind in SiteKind if written in (kind.value, kind.label.zh, kind.label.en)), None)


def _said(row: PlacedRow, name: str) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value).strip()


def _region_of(row: PlacedRow) -> str:
    named = _said(row, "region")
    if named or row.geometry is None:
        return named
    middle = row.geometry.centroid
    return county_of(middle.x, middle.y) or ""


def _persons_of(row: PlacedRow) -> int | None:
    """How many are usually there; None where nothing is said. Raises `ValueError`."""
    written = _said(row, "persons")
    if not written:
        return None
    persons = int(float(written))
    if not 0 <= persons <= _MOST_PERSONS:
        raise ValueError(written)
    return persons


def _check(row: PlacedRow) -> Sequence[RowError]:
    errors = []
    if (kind := _said(row, "kind")) and _kind_of(kind) is None:
        words = Text(f"没有类别“{kind}”", f"There is no kind “{kind}”")
        errors.append(RowError(row.number, "kind", words))
    try:
        _persons_of(row)
    except (ValueError, OverflowError):
        words = Text("人数应为不大于 200 万的非负整数", "Persons must be a whole number up to two million")
        errors.append(RowError(row.number, "persons", words))
    if _region_of(row) not in places():
        words = Text("请填写县（市、区）代码，或给出区内坐标", "Give a county's code, or a place in one")
        errors.append(RowError(row.number, "region", words))
    return errors


def _apply(rows: Sequence[PlacedRow], order: ImportOrder) -> Sequence[RowError]:
    """Each row is a command of its own: one that is refused, as for another county, leaves its neighbours alone."""
    failed = []
    for row in rows:
        kind = _kind_of(_said(row, "kind"))
        if row.geometry is None or kind is None:
            continue
        place = row.geometry.centroid
        spec = SiteSpec(
            code=_said(row, "code")[:40],
            name=_said(row, "name")[:120],
            kind=kind,
            lon=place.x,
            lat=place.y,
            region=_region_of(row),
            persons=_persons_of(row),
            source=order.source[:200],
        )
        try:
            record_sites([spec])
        except Problem as problem:
            failed.append(RowError(row.number, "", problem.title))
    return failed
