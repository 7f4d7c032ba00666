"""The batch contract: what a gateway may send, and what it is told.

`decode` turns bytes into a `Message` or refuses the whole of it; `validate`
checks each reading, so that one bad reading never takes its neighbours along.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from anlan.kernel.quality import Quality
from anlan.ports.refusals import Refusal as Refusal
from anlan.ports.refusals import Reject as Reject

SCHEMA = 1
MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_POINTS = 5000
MAX_READINGS = 40_000
MAX_LENIENT_BYTES = 1024 * 1024
FUTURE_ALLOWED_MS = 5 * 60 * 1000
EARLIEST_MS = 946_684_800_000
"""2000-01-01T00:00:00Z: no plant of ours has readings from before it."""

Directory = Mapping[str, tuple[int, str]]
"""A gateway's points: tag → dense number, registered unit."""

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Count = Annotated[int, Meta(ge=0, le=2**62)]
Time = Annotated[int, Meta(ge=-(2**62), le=2**62)]
QualityCode = Annotated[int, Meta(ge=-(2**31), le=2**31)]


def words(reason: Reject | Refusal) -> str:
    """The reason in both languages, as one line.

    >>> words(Reject.MISSING_VALUE)
    '没有数值 / the value is missing'
    """
    return f"{reason.label.zh} / {reason.label.en}"


class Refused(Exception):
    """The whole message is refused; *detail* is for the log and the dead letter."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


class Message(msgspec.Struct, frozen=True):
    """A batch (``points`` or ``points_hash``, ``times_ms``, ``values``) or a single reading (``point``).

    ``values[t][p]`` is the value of point p at time t; null means not read.
    ``quality`` has the same shape, or is one code for a single reading.
    Times are UTC milliseconds of the event.
    """

    schema: int
    source: Name
    epoch: Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,64}$")]
    sequence: Count
    points: Annotated[list[Name], Meta(min_length=1, max_length=MAX_POINTS)] | None = None
    points_hash: Annotated[str, Meta(min_length=64, max_length=64)] | None = None
    units: Annotated[list[str], Meta(max_length=MAX_POINTS)] | None = None
    times_ms: Annotated[list[Time], Meta(min_length=1, max_length=MAX_READINGS)] | None = None
    values: Annotated[list[list[float | None]], Meta(min_length=1, max_length=MAX_READINGS)] | None = None
    quality: list[list[QualityCode]] | QualityCode | None = None
    point: Name | None = None
    unit: str | None = None
    time_ms: Time | None = None
    value: float | None = None

    @property
    def is_single(self) -> bool:
        return self.point is not None


@dataclass(frozen=True)
class Columns:
    """What the columns of a batch are to the registry: arrays of shape (P,); an unknown point has number -1."""

    number: NDArray[np.int32]
    wrong_unit: NDArray[np.bool_]
    sound: bool
    """Every point is known, stands in one column only, and in the registered unit as far as one is claimed."""


@dataclass
class PointList:
    """What the columns of a batch are: tags, and the units the sender claims (None: none claimed).

    A list serves batch after batch: it looks its columns up once for each directory.
    """

    tags: Sequence[str]
    units: Sequence[str] | None
    _found: "tuple[Directory, Columns] | None" = field(default=None, init=False, repr=False, compare=False)

    def columns_in(self, directory: "Directory") -> Columns:
        """The columns in *directory*, which must not change once it has been used."""
        if self._found is None or self._found[0] is not directory:
            self._found = directory, _look_up(self, directory)
        return self._found[1]


@dataclass(frozen=True)
class Rejection:
    """One reading that was not accepted; ``index`` counts readings row by row (time × point)."""

    index: int
    reason: Reject
    tag: str
    time_ms: int
    value: float


@dataclass(frozen=True)
class Checked:
    """The accepted readings of one message as columns of shape (N,), in order of event time."""

    point: NDArray[np.int32]
    event_ms: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    rejections: tuple[Rejection, ...]

    def __len__(self) -> int:
        return len(self.point)


_decoder = msgspec.json.Decoder(Message)


def decode(body: bytes) -> Message:
    """The message in *body*.

    Numbers that JSON cannot hold (NaN, Infinity, 1e400) become infinite here
    and are rejected reading by reading later. Raises only `Refused`.
    """
    if len(body) > MAX_BODY_BYTES:
        raise Refused(Refusal.OVERSIZED, f"{len(body)} bytes")
    try:
        message = _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as strict:
        message = _decode_leniently(body, strict)
    if message.schema != SCHEMA:
        raise Refused(Refusal.UNKNOWN_SCHEMA, f"schema {message.schema}")
    _require_whole(message)
    return message


def _decode_leniently(body: bytes, strict: Exception) -> Message:
    """Read *body* again with numbers beyond JSON as infinity, where only those may be the fault."""
    if len(body) > MAX_LENIENT_BYTES:
        raise Refused(Refusal.MALFORMED, str(strict)) from strict
    try:
        loose = json.loads(
            body,
            parse_constant=lambda _: math.inf,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits),
        )
        return msgspec.convert(loose, Message)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(Refusal.MALFORMED, str(error)) from error


def _require_whole(message: Message) -> None:
    """Raise `Refused` unless the fields make either a batch or a single reading."""
    batch = (message.points, message.points_hash, message.times_ms, message.values)
    single = (message.point, message.unit, message.time_ms, message.value)
    if message.is_single:
        fits = message.time_ms is not None and not isinstance(message.quality, list)
        alien = any(field is not None for field in batch)
    else:
        fits = bool(message.points or message.points_hash) and bool(message.times_ms and message.values)
        fits = fits and not isinstance(message.quality, int)
        alien = any(field is not None for field in single)
    if not fits or alien:
        raise Refused(Refusal.MALFORMED, "neither a batch nor a single reading")


def readings_in(message: Message, points: PointList) -> int:
    """How many readings the message announces, nulls included."""
    return 1 if message.is_single else len(message.times_ms or ()) * len(points.tags)


def validate(message: Message, points: PointList, directory: Directory, now_ms: int) -> Checked:
    """Check every reading of *message* against the gateway's *directory*.

    *now_ms* is the time by the gateway's own clock (its timeline's). Nulls in a
    batch are skipped; a message of nothing but nulls is rejected reading by
    reading. Raises `Refused` when the shape is wrong.
    """
    if message.is_single:
        sound = _sound_reading(message, directory, now_ms)
        if sound is not None:
            return sound
    if readings_in(message, points) > MAX_READINGS:
        raise Refused(Refusal.OVERSIZED, f"{readings_in(message, points)} readings")
    columns = points.columns_in(directory)
    times, values, quality = _columns(message, len(points.tags))
    if columns.sound and _all_sound(message, times, values, quality, now_ms):
        return _all_accepted(columns.number, times, values, quality)
    return _reading_by_reading(points.tags, columns, times, values, quality, now_ms)


def _sound_reading(message: Message, directory: Directory, now_ms: int) -> Checked | None:
    """The single reading when nothing is wrong with it, as it mostly is; without a look at it as a matrix."""
    number, unit = directory.get(message.point or "", _UNKNOWN)
    code = int(Quality.GOOD) if message.quality is None else message.quality
    time_ms, value = message.time_ms, message.value
    if number < 0 or value is None or time_ms is None or not isinstance(code, int):
        return None
    known_unit = message.unit is None or message.unit == unit
    known_quality = 0 <= code <= _LAST_QUALITY
    if not (math.isfinite(value) and known_unit and known_quality and _in_time(time_ms, time_ms, now_ms)):
        return None
    return Checked(
        np.array([number], np.int32),
        np.array([time_ms], np.int64),
        np.array([value], np.float64),
        np.array([code], np.uint8),
        (),
    )


def _all_sound(
    message: Message,
    times: NDArray[np.int64],
    values: NDArray[np.float64],
    quality: NDArray[np.int64],
    now_ms: int,
) -> bool:
    """Whether nothing is wrong with a batch whose columns are sound, as is mostly so; a few looks tell."""
    known_quality = message.quality is None or not _beyond_quality(quality).any()
    rising = bool((times[1:] > times[:-1]).all())
    return (
        known_quality and rising and _in_time(times[0], times[-1], now_ms) and bool(np.isfinite(values).all())
    )


def _in_time(first_ms: int | np.int64, last_ms: int | np.int64, now_ms: int) -> bool:
    return bool(first_ms >= EARLIEST_MS and last_ms <= now_ms + FUTURE_ALLOWED_MS)


def _beyond_quality(quality: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (quality < 0) | (quality > _LAST_QUALITY)


def _reading_by_reading(
    tags: Sequence[str],
    columns: Columns,
    times: NDArray[np.int64],
    values: NDArray[np.float64],
    quality: NDArray[np.int64],
    now_ms: int,
) -> Checked:
    """Find what is wrong with each reading; the others are accepted."""
    number = columns.number
    fault = np.zeros(values.shape, np.uint8)
    missing = np.isnan(values)
    _mark(
        fault, missing, Reject.MISSING_VALUE
    )  # first: what was not read is no reading that could be refused
    _mark(fault, number < 0, Reject.UNKNOWN_POINT)
    _mark(fault, np.isinf(values), Reject.NOT_FINITE)
    _mark(fault, columns.wrong_unit, Reject.UNIT_MISMATCH)
    _mark(fault, _beyond_quality(quality), Reject.BAD_QUALITY)
    _mark(fault, (times < EARLIEST_MS)[:, None], Reject.ABSURD_TIME)
    _mark(fault, (times > now_ms + FUTURE_ALLOWED_MS)[:, None], Reject.FUTURE_TIME)
    if fault.size > 1:
        _mark_duplicates(fault, times, number)
    if not fault.any():
        return _all_accepted(number, times, values, quality)
    skipped = (fault == _CODE[Reject.MISSING_VALUE]) & (not missing.all())
    rejections = _rejections(fault, skipped, tags, times, values)
    return _accepted(fault == 0, number, times, values, quality, rejections)


def _look_up(points: PointList, directory: Directory) -> Columns:
    known = [directory.get(tag, _UNKNOWN) for tag in points.tags]
    number = np.array([one[0] for one in known], np.int32)
    number.setflags(write=False)  # it stands in the readings of many batches
    claims = points.units or [one[1] for one in known]
    wrong_unit = np.array([claim != one[1] for claim, one in zip(claims, known, strict=True)])
    once = len(np.unique(number)) == len(number)
    return Columns(number, wrong_unit, bool(once and number.min() >= 0 and not wrong_unit.any()))


def _columns(
    message: Message, width: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Times (T,), values (T, width) with NaN for null, quality (T, width)."""
    if message.is_single:
        value = math.nan if message.value is None else message.value
        code = message.quality if isinstance(message.quality, int) else int(Quality.GOOD)
        return (
            np.array([message.time_ms], np.int64),
            np.array([[value]], np.float64),
            np.array([[code]], np.int64),
        )
    times = np.array(message.times_ms, np.int64)
    try:
        values: NDArray[np.float64] = np.array(message.values, np.float64)
        if message.quality is None:
            quality: NDArray[np.int64] = np.full(values.shape, int(Quality.GOOD), np.int64)
        else:
            quality = np.array(message.quality, np.int64)
    except ValueError as error:
        raise Refused(Refusal.MALFORMED, "the rows of values or quality differ in length") from error
    if values.shape != (times.size, width) or quality.shape != values.shape:
        raise Refused(
            Refusal.MALFORMED, f"values {values.shape} do not fit {len(times)} times × {width} points"
        )
    return times, values, quality


_UNKNOWN = (-1, "")
_LAST_QUALITY = int(max(Quality))
_CODE = {reason: index for index, reason in enumerate(Reject, start=1)}
_REASON = {code: reason for reason, code in _CODE.items()}


def _mark(fault: NDArray[np.uint8], mask: NDArray[np.bool_], reason: Reject) -> None:
    """The first reason that applies to a reading stays; *mask* may be of the rows or of the columns alone."""
    if mask.any():
        fault[mask & (fault == 0)] = _CODE[reason]


def _mark_duplicates(fault: NDArray[np.uint8], times: NDArray[np.int64], number: NDArray[np.int32]) -> None:
    """Of readings with the same point and time, the first acceptable one stays."""
    _, time_id = np.unique(times, return_inverse=True)
    _, point_id = np.unique(number, return_inverse=True)
    if time_id.max() + 1 == len(times) and point_id.max() + 1 == len(number):
        return
    sound = np.flatnonzero(fault == 0)
    key = (time_id[:, None] * len(number) + point_id[None, :]).ravel()[sound]
    _, first = np.unique(key, return_index=True)
    again = np.ones(len(sound), np.bool_)
    again[first] = False
    fault.ravel()[sound[again]] = _CODE[Reject.DUPLICATE_IN_BATCH]


def _rejections(
    fault: NDArray[np.uint8],
    skipped: NDArray[np.bool_],
    tags: Sequence[str],
    times: NDArray[np.int64],
    values: NDArray[np.float64],
) -> tuple[Rejection, ...]:
    flat = fault.ravel()
    found = np.flatnonzero((flat > 0) & ~skipped.ravel())
    width = len(tags)
    return tuple(
        Rejection(
            index,
            _REASON[int(flat[index])],
            tags[index % width],
            int(times[index // width]),
            float(values.ravel()[index]),
        )
        for index in found.tolist()
    )


def _all_accepted(
    number: NDArray[np.int32],
    times: NDArray[np.int64],
    values: NDArray[np.float64],
    quality: NDArray[np.int64],
) -> Checked:
    """`_accepted` where nothing is at fault, as it mostly is."""
    if (times[1:] < times[:-1]).any():
        return _accepted(np.ones(values.shape, np.bool_), number, times, values, quality, ())
    return Checked(
        np.tile(number, len(times)) if len(times) > 1 else number,
        times.repeat(len(number)),
        values.ravel(),
        quality.ravel().astype(np.uint8),
        (),
    )


def _accepted(
    sound: NDArray[np.bool_],
    number: NDArray[np.int32],
    times: NDArray[np.int64],
    values: NDArray[np.float64],
    quality: NDArray[np.int64],
    rejections: tuple[Rejection, ...],
) -> Checked:
    """The sound readings in order of event time, so that the guard of the alarm step lets them pass."""
    row, column = np.nonzero(sound)
    if (np.diff(times) < 0).any():
        order = np.argsort(times[row], kind="stable")
        row, column = row[order], column[order]
    return Checked(
        number[column],
        times[row],
        values[row, column],
        quality[row, column].astype(np.uint8),
        rejections,
    )
