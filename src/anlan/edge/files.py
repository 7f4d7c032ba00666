"""Readings out of CSV and Parquet files, in chunks of columns; rows that are none are told by their line."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from anlan.edge.core.readings import Columns
from anlan.kernel.clock import to_ms
from anlan.kernel.errors import Invalid
from anlan.kernel.quality import Quality
from anlan.kernel.text import Text

_BLOCK_BYTES = 2 * 1024 * 1024
_ROWS = 50_000
_NEEDED, _OPTIONAL = ("tag", "time", "value"), ("source", "quality", "unit")
_QUALITIES = {
    "": 0,
    **{str(int(one)): int(one) for one in Quality},
    **{one.name.lower(): int(one) for one in Quality},
}

Value = TypeVar("Value")


class Unreadable(ValueError):
    """A field of a row cannot be used; *words* say why."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True)
class BadRow:
    """A row that did not become a reading, by its line in a CSV file or its number in a Parquet file, from 1."""

    line: int
    words: Text


@dataclass(frozen=True)
class Chunk:
    """Some rows of the file, in its order: *source* counts into *sources*; *line* goes with the columns."""

    sources: Sequence[str]
    source: NDArray[np.int32]
    columns: Columns
    line: NDArray[np.int64]
    bad: list[BadRow]


@dataclass(frozen=True)
class Reader:
    """How *path* is to be read: *source* for files without that column, *zone* for times without an offset."""

    path: Path
    source: str | None = None
    zone: tzinfo | None = None

    def chunks(self) -> Iterator[Chunk]:
        """The file from its beginning. Raises `Invalid` when it has not the columns."""
        parquet = self.path.suffix.lower() in (".parquet", ".pq")
        for table, line, bad in _parquet(self.path) if parquet else _csv(self.path):
            yield self._chunk(table, line, bad)

    def _chunk(self, table: pa.RecordBatch, line: NDArray[np.int64], bad: list[BadRow]) -> Chunk:
        names = table.schema.names
        if missing := [name for name in _NEEDED if name not in names]:
            raise _no_columns(missing, names)
        if "source" not in names and self.source is None:
            raise _no_columns(["source"], names)
        sound = np.ones(table.num_rows, np.bool_)

        def parsed(
            name: str, whole: Callable[[pa.Array], Any], each: Callable[[str], Value], filler: Value
        ) -> Any:
            """The column as numbers at once, or row by row where that cannot be."""
            column = table.column(name)
            try:
                return whole(column)
            except (pa.ArrowException, ValueError, TypeError):
                return _row_by_row(column, each, filler, line, sound, bad)

        event_ms = parsed("time", self._times, self._time, 0)
        value = parsed("value", _values, _value, math.nan)
        tags, tag = _names(table, "tag", None)
        sources, source = _names(table, "source", self.source)
        quality = (
            parsed("quality", _qualities, _quality, 0)
            if "quality" in names
            else np.zeros(len(sound), np.uint8)
        )
        _mark_empty(tags, tag, Text("没有测点", "the tag is missing"), line, sound, bad)
        _mark_empty(sources, source, Text("没有来源", "the source is missing"), line, sound, bad)
        columns = Columns(
            tags,
            _units_of(table, tags, tag),
            tag[sound],
            np.asarray(event_ms, np.int64)[sound],
            np.asarray(value, np.float64)[sound],
            np.asarray(quality, np.uint8)[sound],
        )
        return Chunk(sources, source[sound], columns, line[sound], bad)

    def _times(self, column: pa.Array) -> NDArray[np.int64]:
        if pa.types.is_timestamp(column.type):
            if column.type.tz is None:
                raise ValueError("no zone")
            column = column.cast(pa.timestamp("ms", "UTC"), safe=False)
        elif not pa.types.is_integer(column.type):
            try:
                column = column.cast(pa.int64())
            except pa.ArrowInvalid:
                column = column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("ms", "UTC"), safe=False)
        if column.null_count:
            raise ValueError("empty")
        return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64)

    def _time(self, written: Any) -> int:
        """One time: UTC milliseconds, or ISO 8601."""
        if isinstance(written, datetime):
            moment = written
        else:
            text = str(written or "").strip()
            if text.lstrip("-").isdigit() and len(text) < 18:
                return int(text)
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                raise Unreadable(Text(f"时间“{text[:40]}”无法识别", f"{text[:40]!r} is no time")) from None
        if moment.tzinfo is None:
            if self.zone is None:
                raise Unreadable(
                    Text("时间没有时区，可加 --beijing", "the time has no offset from UTC; is it --beijing?")
                )
            moment = moment.replace(tzinfo=self.zone)
        return to_ms(moment.astimezone(UTC))


def _no_columns(missing: list[str], names: list[str]) -> Invalid:
    return Invalid(
        Text(f"文件缺少列 {', '.join(missing)}", f"The file lacks the columns {', '.join(missing)}"),
        next_step=Text(
            "需要 tag、time、value，以及 source 列或 --source；可有 quality、unit",
            "It needs tag, time, value, and a column source or --source; quality and unit may be there",
        ),
        facts={"columns": ", ".join(names)},
    )


def _csv(path: Path) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int64], list[BadRow]]]:
    skipped: list[int] = []
    bad: list[BadRow] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text:
            words = Text(
                f"有 {row.actual_columns} 列，应为 {row.expected_columns} 列",
                f"{row.actual_columns} columns, not {row.expected_columns}",
            )
            bad.append(BadRow(row.number, words))
        return "skip"

    try:
        reader = pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(invalid_row_handler=skip, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys((*_NEEDED, *_OPTIONAL), pa.string()), strings_can_be_null=False
            ),
        )
        done = 0
        for batch in reader:
            rows = np.arange(done, done + batch.num_rows)
            told, bad[:] = list(bad), []
            written = _written(batch)
            yield batch.filter(pa.array(written)), _lines(rows, skipped)[written], told
            done += batch.num_rows
        if bad or not done:
            nothing = [pa.array([], one.type) for one in reader.schema]
            yield pa.RecordBatch.from_arrays(nothing, schema=reader.schema), np.empty(0, np.int64), bad
    except pa.ArrowInvalid as error:
        raise Invalid(
            Text(f"文件不是可读的 CSV：{error}", f"The file is no CSV that can be read: {error}"),
            next_step=Text("请使用 UTF-8 编码的 CSV 或 Parquet", "Use CSV in UTF-8, or Parquet"),
        ) from error


def _written(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    """Which rows are more than an empty line."""
    written = np.zeros(batch.num_rows, np.bool_)
    for name in (name for name in _NEEDED if name in batch.schema.names):
        written |= pc.not_equal(batch.column(name), "").to_numpy(zero_copy_only=False)
    return written


def _lines(rows: NDArray[np.int64], skipped: Sequence[int]) -> NDArray[np.int64]:
    """The lines of the rows that were read: the first is the heading, and so many others were skipped."""
    # of the k skipped lines in order, the i-th comes before a row when it lies at or before the row's line so far
    before = np.array(skipped, np.int64) - np.arange(len(skipped)) - 2
    return np.asarray(rows + 2 + np.searchsorted(before, rows, side="right"), np.int64)


def _parquet(path: Path) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int64], list[BadRow]]]:
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(Text(f"文件不是 Parquet：{error}", f"The file is no Parquet: {error}")) from error
    wanted = [name for name in file.schema_arrow.names if name in (*_NEEDED, *_OPTIONAL)]
    done = 0
    for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
        yield batch, np.arange(done + 1, done + 1 + batch.num_rows), []
        done += batch.num_rows


def _row_by_row(
    column: pa.Array,
    parse: Callable[[str], Value],
    filler: Value,
    line: NDArray[np.int64],
    sound: NDArray[np.bool_],
    bad: list[BadRow],
) -> list[Value]:
    """Each field by itself; those that cannot be read are told and no longer *sound*."""
    found = []
    for place, written in enumerate(column.to_pylist()):
        try:
            found.append(parse(written))
        except Unreadable as error:
            found.append(filler)
            if sound[place]:
                bad.append(BadRow(int(line[place]), error.words))
            sound[place] = False
    return found


def _values(column: pa.Array) -> NDArray[np.float64]:
    numbers = column.cast(pa.float64())
    if numbers.null_count or not pc.all(pc.is_finite(numbers)).as_py():
        raise ValueError("not all are numbers")
    return np.asarray(numbers.to_numpy(zero_copy_only=False), np.float64)


def _value(written: Any) -> float:
    try:
        value = float(written)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        shown = str(written)[:40]
        raise Unreadable(Text(f"数值“{shown}”不是有限数", f"{shown!r} is no finite number"))
    return value


def _qualities(column: pa.Array) -> NDArray[np.uint8]:
    coded = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    known = np.array(
        [_QUALITIES.get(name.strip().lower(), -1) for name in coded.dictionary.to_pylist()], np.int64
    )
    if (known < 0).any():
        raise ValueError("not all are qualities")
    return np.asarray(known[coded.indices.to_numpy(zero_copy_only=False)], np.uint8)


def _quality(written: Any) -> int:
    code = _QUALITIES.get(str("" if written is None else written).strip().lower())
    if code is None:
        shown = str(written)[:40]
        raise Unreadable(Text(f"质量“{shown}”不在码表中", f"{shown!r} is no quality"))
    return code


def _names(table: pa.RecordBatch, name: str, otherwise: str | None) -> tuple[list[str], NDArray[np.int32]]:
    """The different names of a column, and which of them each row has."""
    if name not in table.schema.names:
        return [otherwise or ""], np.zeros(table.num_rows, np.int32)
    coded = pc.fill_null(table.column(name).cast(pa.string()), "").dictionary_encode()
    return coded.dictionary.to_pylist(), np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int32)


def _mark_empty(
    names: list[str],
    code: NDArray[np.int32],
    words: Text,
    line: NDArray[np.int64],
    sound: NDArray[np.bool_],
    bad: list[BadRow],
) -> None:
    if "" not in names:
        return
    empty = sound & (code == names.index(""))
    bad.extend(BadRow(int(one), words) for one in line[empty])
    sound &= ~empty


def _units_of(table: pa.RecordBatch, tags: list[str], tag: NDArray[np.int32]) -> list[str] | None:
    """The unit that the rows claim of each tag; None when the file claims none. A tag has one in a chunk: the first."""
    if "unit" not in table.schema.names:
        return None
    names, unit = _names(table, "unit", None)
    _, first = np.unique(tag, return_index=True)
    return [names[unit[at]] for at in first]
