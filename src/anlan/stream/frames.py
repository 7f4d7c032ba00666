"""A frame: what one entry of the log (TELE) holds — the readings of a few batches as columns.

Bytes on the log: CRC-32 of the rest (4 bytes, little-endian), then a msgpack
array ``[schema, arrived_ms, batches, point, event_ms, value, quality]`` whose
last four are the columns as raw little-endian int32, int64, float64 and uint8.
"""

import zlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

SCHEMA = 1
BYTES_PER_READING = 4 + 8 + 8 + 1


class FrameError(ValueError):
    """The bytes are no frame, or not the frame that was written."""


class BatchMark(msgspec.Struct, frozen=True, array_like=True):
    """One batch within a frame: its identity, and its rows ``offset:offset + count``."""

    gateway: int
    epoch: str
    sequence: int
    offset: int
    count: int


@dataclass(frozen=True)
class Frame:
    """N readings of a few batches; columns of shape (N,), times in UTC milliseconds.

    ``arrived_ms`` is the arrival at the door of the frame's first batch. The
    rows of the batches follow one another and cover the frame.
    """

    arrived_ms: int
    batches: tuple[BatchMark, ...]
    point: NDArray[np.int32]
    event_ms: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.point)


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    schema: int
    arrived_ms: int
    batches: tuple[BatchMark, ...]
    point: bytes
    event_ms: bytes
    value: bytes
    quality: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Wire)


def encode(frame: Frame) -> bytes:
    """The frame as bytes for the log."""
    wire = _Wire(
        SCHEMA,
        frame.arrived_ms,
        frame.batches,
        frame.point.astype("<i4", copy=False).tobytes(),
        frame.event_ms.astype("<i8", copy=False).tobytes(),
        frame.value.astype("<f8", copy=False).tobytes(),
        frame.quality.astype("u1", copy=False).tobytes(),
    )
    body = _encoder.encode(wire)
    return zlib.crc32(body).to_bytes(4, "little") + body


def decode(payload: bytes) -> Frame:
    """The frame in *payload*, its columns read-only views. Raises only `FrameError`."""
    body = memoryview(payload)[4:]
    if len(payload) < 5 or zlib.crc32(body) != int.from_bytes(payload[:4], "little"):
        raise FrameError("the check sum does not fit")
    try:
        wire = _decoder.decode(body)
        frame = Frame(
            wire.arrived_ms,
            wire.batches,
            np.frombuffer(wire.point, "<i4"),
            np.frombuffer(wire.event_ms, "<i8"),
            np.frombuffer(wire.value, "<f8"),
            np.frombuffer(wire.quality, "u1"),
        )
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FrameError(str(error)) from error
    _check(wire.schema, frame)
    return frame


def _check(schema: int, frame: Frame) -> None:
    if schema != SCHEMA:
        raise FrameError(f"schema {schema} is not {SCHEMA}")
    if not len(frame.point) == len(frame.event_ms) == len(frame.value) == len(frame.quality):
        raise FrameError("the columns differ in length")
    if len(frame) and frame.point.min() < 0:
        raise FrameError("a point number is negative")
    expected = 0
    for mark in frame.batches:
        if mark.offset != expected or mark.count < 0:
            raise FrameError("the batches do not follow one another")
        expected += mark.count
    if expected != len(frame):
        raise FrameError("the batches do not cover the frame")
