"""The bulletin as a page to print: Chinese first, English beside it where it is asked for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from anlan.domains.monitoring.patrol.models import Bulletin, BulletinLine
from anlan.domains.monitoring.patrol.resource import percent
from anlan.domains.monitoring.patrol.states import VideoState
from anlan.kernel.text import Text

CHINA = ZoneInfo("Asia/Shanghai")
Say = Callable[[Text], str]

_STYLE = """
body { font: 14px/1.5 "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; margin: 24px; color: #1a1a1a; }
h1 { font-size: 22px; text-align: center; margin: 0 0 4px; } h2 { font-size: 16px; margin: 24px 0 6px; }
p.note { color: #555; text-align: center; margin: 0 0 16px; }
table { border-collapse: collapse; width: 100%; page-break-inside: auto; }
th, td { border: 1px solid #888; padding: 3px 6px; text-align: right; font-variant-numeric: tabular-nums; }
th { background: #eee; text-align: center; } td:first-child { text-align: left; }
tr { page-break-inside: avoid; }
@media print { body { margin: 0; } @page { size: A4 landscape; margin: 12mm; } }
"""

_TITLE = Text("线上巡查通报", "Online patrol bulletin")
_NONE = Text("该日没有通报。", "There is no bulletin of that day.")
_SYNTHETIC = Text("含合成数据", "with synthetic data")
_HEADS = (
    Text("单位", "Place"),
    Text("企业", "Enterprises"),
    Text("监测点", "Points"),
    Text("在线率 %", "Online %"),
    Text("排名", "Rank"),
    Text("视频在线率", "Video online"),
    Text("承诺率 %", "Commitments %"),
    Text("排名", "Rank"),
    Text("24 h 未销警指标", "Open alarms, points"),
    Text("最长 h", "Longest, h"),
    Text("预警未销警", "Warnings open"),
    Text("预警未反馈", "Warnings waiting"),
    Text("通报未反馈", "Circulars waiting"),
    Text("核对问题", "Discrepancies"),
    Text("反馈时间 / 联系人", "Fed back / contact"),
)
_LINE_HEADS = (
    Text("企业", "Enterprise"),
    *_HEADS[2:6],
    Text("按时承诺", "Committed"),
    *_HEADS[8:14],
)
_YES, _NO, _NOT_ASKED = Text("是", "yes"), Text("否", "no"), Text("—", "—")


def bulletin_page(
    day: date | None, bulletins: Sequence[Bulletin], names: dict[str, Text], *, chinese: bool
) -> str:
    """The whole page; everything that is not ours is escaped."""

    def say(text: Text) -> str:
        return text.zh if chinese else text.en

    title = f"{say(_TITLE)} {day or ''}".strip()
    parts: list[SafeString] = []
    if bulletins:
        made = max(one.made_at for one in bulletins).astimezone(CHINA)
        synthetic = any(one.synthetic for one in bulletins)
        parts.append(
            format_html(
                '<p class="note">{}{}</p>',
                f"{made:%Y-%m-%d %H:%M}",
                f" · {say(_SYNTHETIC)}" if synthetic else "",
            )
        )
        parts.append(_table([say(head) for head in _HEADS], [_row(one, names, say) for one in bulletins]))
        for one in bulletins:
            parts.append(format_html("<h2>{}</h2>", _place(one, names, say)))
            parts.append(_table([say(head) for head in _LINE_HEADS], _lines(one, say)))
    else:
        parts.append(format_html('<p class="note">{}</p>', say(_NONE)))
    body = format_html_join("\n", "{}", ((part,) for part in parts))
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head>'
        "<body><h1>{}</h1>{}</body></html>",
        "zh-CN" if chinese else "en",
        title,
        mark_safe(_STYLE),  # noqa: S308 - a constant of this module
        title,
        body,
    )


def _row(bulletin: Bulletin, names: dict[str, Text], say: Say) -> list[str]:
    answered = ""
    if bulletin.fed_back_at is not None:
        answered = f"{bulletin.fed_back_at.astimezone(CHINA):%m-%d %H:%M} {bulletin.contact}"
    return [
        _place(bulletin, names, say),
        str(bulletin.enterprises),
        str(bulletin.points),
        _shown(percent(bulletin.online_rate)),
        _shown(bulletin.online_rank),
        say(VideoState.NOT_CONNECTED.label),
        _shown(percent(bulletin.commitment_rate)),
        _shown(bulletin.commitment_rank),
        *_counts(bulletin),
        answered,
    ]


def _lines(bulletin: Bulletin, say: Say) -> list[list[str]]:
    return [
        [
            line.enterprise_name,
            str(line.points),
            _shown(percent(line.online_rate)),
            _shown(line.online_rank),
            say(VideoState.NOT_CONNECTED.label),
            say(_NOT_ASKED if not line.required else _YES if line.committed else _NO),
            *_counts(line),
        ]
        for line in bulletin.lines.all()
    ]


def _counts(row: Bulletin | BulletinLine) -> list[str]:
    return [
        str(row.unresolved),
        f"{row.longest_h:.1f}",
        str(row.warnings_open),
        str(row.warnings_waiting),
        str(row.circulars_waiting),
        str(row.discrepancies),
    ]


def _place(bulletin: Bulletin, names: dict[str, Text], say: Say) -> str:
    """The zone's name where there is one, else the county's."""
    return say(names[bulletin.zone or bulletin.region])


def _shown(value: float | int | None) -> str:
    return "—" if value is None else f"{value:g}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> SafeString:
    head = format_html_join("", "<th>{}</th>", ((one,) for one in heads))
    body = format_html_join(
        "\n",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)
