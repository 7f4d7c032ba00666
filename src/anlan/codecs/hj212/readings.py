"""What a message says of measured factors: values with their statistic, mark and time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from anlan.codecs.errors import ProtocolError
from anlan.codecs.hj212.messages import Group, Message
from anlan.codecs.times import BEIJING
from anlan.kernel.quality import Quality
from anlan.kernel.text import LabelledEnum

_TEXTS = ("Flag", "SampleTime")


class Mark(LabelledEnum):
    """数据标记 of HJ 212-2017, table 8: the state of the instrument that measured."""

    NORMAL = "N", "正常", "Normal"
    STOPPED = "F", "停运", "Stopped"
    MAINTENANCE = "M", "维护", "Maintenance"
    MANUAL = "S", "手工输入", "Entered by hand"
    FAULT = "D", "故障", "Faulty"
    CALIBRATION = "C", "校准", "Calibration"
    OVER_RANGE = "T", "超过测量上限", "Over range"
    NO_CONNECTION = "B", "通讯异常", "No connection"


_QUALITY = {
    Mark.NORMAL: Quality.GOOD,
    Mark.MANUAL: Quality.MANUAL,
    Mark.OVER_RANGE: Quality.UNCERTAIN,
}
"""Every other mark says that the value is none of the process."""


@dataclass(frozen=True)
class Reading:
    """One value of a factor. *statistic* is ``Rtd`` of the moment or ``Avg``, ``Min``, ``Max``, ``Cou`` of a span,
    with ``Zs`` before it where converted; *at* is UTC; *mark* is None where none was sent.
    """

    factor: str
    statistic: str
    value: float
    mark: Mark | None
    at: datetime

    @property
    def quality(self) -> Quality:
        """The kernel's code; a value without a mark is taken as the 2005 version means it, good."""
        return Quality.GOOD if self.mark is None else _QUALITY.get(self.mark, Quality.BAD)


def readings_of(message: Message) -> list[Reading]:
    """The readings of an upload (2011, 2051, 2061, 2031 and their like), in its order.

    A value that is no finite number is left out, as an instrument without one sends an empty field. Raises
    `ProtocolError` when the message has values but no DataTime.
    """
    said = message.field("DataTime")
    at = _time(said) if said else None
    return [reading for group in message.groups for reading in _of_group(group, at)]


def _of_group(group: Group, at: datetime | None) -> Iterator[Reading]:
    texts = {name: value for name, value in group if name.partition("-")[2] in _TEXTS}
    for name, written in group:
        factor, dash, statistic = name.partition("-")
        value = _finite(written)
        if not dash or statistic in _TEXTS or value is None:
            continue
        sampled = texts.get(f"{factor}-SampleTime")
        moment = _time(sampled) if sampled else at
        if moment is None:
            raise ProtocolError("no_time", f"{name} has a value but no time")
        yield Reading(factor, statistic, value, _mark(texts.get(f"{factor}-Flag")), moment)


def _finite(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _mark(written: str | None) -> Mark | None:
    if not written:
        return None
    try:
        return Mark(written)
    except ValueError:
        return Mark.FAULT  # a mark that the standard does not know says nothing good


def _time(written: str) -> datetime:
    """YYYYMMDDhhmmss in Beijing's time, milliseconds after it allowed; in UTC."""
    try:
        if not (written.isascii() and written.isdigit() and len(written) in (14, 17)):
            raise ValueError(written)
        local = datetime.strptime(written[:14], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
        return (local + timedelta(milliseconds=int(written[14:] or 0))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ProtocolError("time", f"{written[:40]!r} is no time") from error
