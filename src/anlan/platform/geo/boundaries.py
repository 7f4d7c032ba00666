"""Importing the outlines of divisions."""

from collections.abc import Sequence

from anlan.kernel.regions import ningxia
from anlan.kernel.text import Text
from anlan.platform.geo import permissions
from anlan.platform.geo.reading import PlacedRow, RowError
from anlan.platform.geo.services import NewBoundary, import_boundaries, wkt_of
from anlan.platform.geo.targets import ImportField, ImportOrder, ImportTarget, register_target

_CODES = ("adcode", "code", "region")


def register_boundaries() -> None:
    """Declare the import of outlines, keyed by the division's code."""
    register_target(
        ImportTarget(
            name="boundaries",
            title=Text("行政区划边界", "Boundaries of divisions"),
            permission=permissions.IMPORT,
            fields=(
                ImportField(
                    "adcode",
                    Text("行政区划代码", "Division code"),
                    required=False,
                    help=Text("6 位（GB/T 2260）；列名 adcode、code 或 region", "6 digits (GB/T 2260)"),
                ),
            ),
            check=_check,
            apply=_apply,
        )
    )


def region_of(row: PlacedRow) -> str:
    """The division that a row is about, by whichever column names it."""
    return next((str(row.values[name]).strip() for name in _CODES if row.values.get(name)), "")


def _check(row: PlacedRow) -> Sequence[RowError]:
    errors = []
    known = {region.code for region in ningxia()}
    if region_of(row) not in known:
        errors.append(
            RowError(
                row.number,
                "adcode",
                Text(f"没有行政区划代码“{region_of(row)}”", f"There is no division “{region_of(row)}”"),
            )
        )
    if row.geometry is not None and row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        errors.append(RowError(row.number, "geometry", Text("边界应为面", "A boundary is an area")))
    return errors


def _apply(rows: Sequence[PlacedRow], order: ImportOrder) -> Sequence[RowError]:
    import_boundaries(
        [NewBoundary(region_of(row), wkt_of(row.geometry)) for row in rows if row.geometry is not None],
        given_in=order.system.value,
        source=order.source,
        licence=order.licence,
    )
    return ()
