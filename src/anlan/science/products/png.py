"""A PNG file of 8-bit RGB or grey (ISO/IEC 15948), and the few characters of a scale bar."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

# five by seven dots, a row in five bits
_DOTS = {
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    "k": (16, 16, 18, 20, 24, 20, 18),
    "m": (0, 0, 26, 21, 21, 21, 21),
    "N": (17, 25, 21, 19, 17, 17, 17),
    ".": (0, 0, 0, 0, 0, 12, 12),
}
_SIZE = 2


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
    """Put *text* (digits, ``.``, ``k``, ``m``, ``N``; others leave a gap) with its upper left corner there."""
    for sign in text:
        for line, bits in enumerate(_DOTS.get(sign, ())):
            for dot in range(5):
                if bits >> (4 - dot) & 1:
                    top, left = row + _SIZE * line, column + _SIZE * dot
                    picture[top : top + _SIZE, left : left + _SIZE] = colour
        column += 6 * _SIZE


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
