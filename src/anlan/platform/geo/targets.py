"""What can be imported: each app declares its own targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anlan.kernel.crs import CoordinateSystem
from anlan.kernel.text import NO_WORDS, Text
from anlan.platform.geo.reading import PlacedFile, PlacedRow, RowError


@dataclass(frozen=True)
class ImportField:
    """A column that a target reads."""

    name: str
    title: Text
    required: bool = True
    help: Text = NO_WORDS


@dataclass(frozen=True)
class ImportOrder:
    """What the person says of a file: coordinate system, where it comes from, under which terms."""

    system: CoordinateSystem
    source: str
    licence: str = ""


@dataclass(frozen=True)
class ImportTarget:
    """A kind of object that files can bring in.

    *check* gives a row's errors without writing, *apply* writes the rows that passed and
    returns those that failed after all; it is a service of its app.
    """

    name: str
    title: Text
    permission: str
    fields: tuple[ImportField, ...]
    check: Callable[[PlacedRow], Sequence[RowError]]
    apply: Callable[[Sequence[PlacedRow], ImportOrder], Sequence[RowError]]
    needs_geometry: bool = True


_targets: dict[str, ImportTarget] = {}

_NO_PLACE = Text("缺少坐标", "It has no place")
_REQUIRED = Text("必填", "This is required")


def register_target(target: ImportTarget) -> None:
    """Declare *target*; call it in `AppConfig.ready`. The same name twice is refused."""
    if target.name in _targets:
        raise ValueError(f"import target {target.name} is declared twice")
    _targets[target.name] = target


def registered_targets() -> dict[str, ImportTarget]:
    """All declared targets, by name."""
    return dict(_targets)


def sifted(target: ImportTarget, file: PlacedFile) -> PlacedFile:
    """The rows of *file* that *target* can take, and the errors of all others, by row number."""
    made = PlacedFile(errors=list(file.errors))
    for row in file.rows:
        errors = [*_lacking(target, row), *target.check(row)]
        if errors:
            made.errors += errors
        else:
            made.rows.append(row)
    made.errors.sort(key=lambda error: error.number)
    return made


def _lacking(target: ImportTarget, row: PlacedRow) -> list[RowError]:
    errors = [
        RowError(row.number, field.name, _REQUIRED)
        for field in target.fields
        if field.required and row.values.get(field.name) in (None, "")
    ]
    if target.needs_geometry and row.geometry is None:
        errors.append(RowError(row.number, "geometry", _NO_PLACE))
    return errors
