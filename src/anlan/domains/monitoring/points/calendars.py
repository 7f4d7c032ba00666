"""Weekly calendars and shifts: in which minutes of the week, in China, a rule is in force.

A calendar is written as days and hours, days from 1 (Monday) to 7, several
entries separated by semicolons: ``1-5 08:00-20:00; 6 08:00-12:00``. Hours that
end before they begin reach into the next day; ``00:00-24:00`` is the whole day.
"""

import re

import numpy as np
from numpy.typing import NDArray

from anlan.domains.monitoring.editing import refuse_field

MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
_ENTRY = re.compile(r"([1-7])(?:-([1-7]))?\s+(\d\d):(\d\d)-(\d\d):(\d\d)")


def spans(text: str) -> list[tuple[int, int]]:
    """The spans of minutes since Monday 00:00, from and until before; one may pass the week's end.

    >>> spans("7 22:00-06:00")
    [(9960, 10440)]

    Raises `Invalid` for text that is no calendar.
    """
    found = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise _unreadable(entry)
        first, last, *clock = (None if group is None else int(group) for group in match.groups())
        begin, end = (60 * (clock[at] or 0) + (clock[at + 1] or 0) for at in (0, 2))
        first = first or 1
        last = last or first
        if begin >= MINUTES_OF_DAY or end > MINUTES_OF_DAY or begin == end or last < first:
            raise _unreadable(entry)
        if end < begin:
            end += MINUTES_OF_DAY
        found += [
            (day * MINUTES_OF_DAY + begin, day * MINUTES_OF_DAY + end) for day in range(first - 1, last)
        ]
    if not found:
        raise _unreadable(text)
    return found


def week(text: str) -> NDArray[np.bool_]:
    """The calendar as the minutes of the week, of shape (10080,); raises like `spans`."""
    minutes = np.zeros(MINUTES_OF_WEEK, np.bool_)
    for begin, end in spans(text):
        minutes[np.arange(begin, end) % MINUTES_OF_WEEK] = True
    return minutes


def _unreadable(entry: str) -> Exception:
    return refuse_field(
        "calendar",
        f"无法识别“{entry}”，请按“1-5 08:00-20:00; 6 08:00-12:00”填写（1 为星期一）",
        f"{entry!r} is no calendar: write it like “1-5 08:00-20:00; 6 08:00-12:00” (1 is Monday)",
    )
