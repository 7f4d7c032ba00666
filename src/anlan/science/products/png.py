"""A PNG file of 8-bit RGB or grey (ISO/IEC 15948), and plain letters in it."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from anlan.science.products.dots import dotted, spelt

Picture = NDArray[np.uint8]

SIZE = 2
"""Pixels of a dot."""


def encoded(picture: Picture) -> bytes:
    """*picture* (rows, columns, 3), or (rows, columns) in grey, as a file."""
    rows, columns = picture.shape[:2]
    samples = 3 if picture.ndim == 3 else 1
    lines = np.zeros((rows, 1 + samples * columns), np.uint8)
    lines[:, 1:] = picture.reshape(rows, -1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 2 if samples == 3 else 0, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def write(picture: Picture, text: str, row: int, column: int, colour: tuple[int, int, int]) -> None:
    """Put *text*, in the letters of `spelt`, with its upper left corner there; what lies outside is cut off."""
    dots = np.kron(dotted(spelt(text)), np.ones((SIZE, SIZE), bool))
    where = picture[row : row + dots.shape[0], column : column + dots.shape[1]]
    where[dots[: where.shape[0], : where.shape[1]]] = colour


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
