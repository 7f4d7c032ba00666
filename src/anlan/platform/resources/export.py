"""A list as CSV that a spreadsheet opens as it is, and that says when and what it was."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from anlan.kernel.errors import Invalid
from anlan.kernel.quality import Quality
from anlan.kernel.regions import ningxia
from anlan.kernel.text import Text
from anlan.platform.resources.declaration import Column, Resource

MAX_ROWS = 50_000
LOCAL = ZoneInfo("Asia/Shanghai")

_YES, _NO = Text("是", "yes"), Text("否", "no")
_AS_OF = Text("数据时间（北京时间）", "Data as of (UTC+8)")
_SYNTHETIC = Text("合成数据", "Synthetic")
_BEIJING = Text("（北京时间）", " (UTC+8)")


class TooManyRows(Invalid):
    """More rows than one file may hold; nothing is cut off silently."""

    code = "too_many_rows"
    title = Text(f"导出超过 {MAX_ROWS} 行", f"The export would exceed {MAX_ROWS} rows")
    next_step = Text("请缩小筛选范围后再导出", "Narrow the filters and export again")


def is_chinese(accept_language: str) -> bool:
    """Whether a request with this Accept-Language gets Chinese words: unless English is asked first."""
    return not accept_language.strip().lower().startswith("en")


def csv_text(resource: Resource, rows: Iterable[Mapping[str, Any]], as_of: datetime, *, chinese: bool) -> str:
    """The CSV of *rows* (dumped ``out`` schemas): a line of the data's time, titles, then the rows."""
    regions = {region.code: Text(region.zh, region.en) for region in ningxia()}
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def say(text: Text) -> str:
        return text.zh if chinese else text.en

    writer.writerow([say(_AS_OF), _local(as_of)])
    writer.writerow([*(say(_title(column)) for column in resource.columns), say(_SYNTHETIC)])
    for row in rows:
        cells = [_cell(column, row[column.field], regions) for column in resource.columns]
        synthetic = bool(resource.synthetic and row[resource.synthetic])
        cells.append(_YES if synthetic else _NO)
        writer.writerow(say(cell) if isinstance(cell, Text) else cell for cell in cells)
    return "\ufeff" + buffer.getvalue()


def _title(column: Column) -> Text:
    zh, en = column.title
    if column.unit:
        return Text(f"{zh} ({column.unit})", f"{en} ({column.unit})")
    if column.kind in ("time", "age"):
        return Text(zh + _BEIJING.zh, en + _BEIJING.en)
    return column.title


def _cell(column: Column, value: Any, regions: Mapping[str, Text]) -> str | Text:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, datetime):
        return _local(value)
    if column.enum is not None:
        return column.enum(value).label
    if isinstance(value, Quality):
        return value.label
    if column.kind == "region":
        return regions.get(value, Text(value, value))
    if isinstance(value, int | float):
        return str(value)
    return _harmless(str(value))


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
