"""Log files that turn over by size, so that no process fills the disk."""

from contextlib import suppress
from pathlib import Path
from typing import IO

MAX_BYTES = 8 * 1024 * 1024
KEPT = 3


class RotatingLog:
    """``NAME.log`` with up to three older files ``NAME.log.1`` … ``.3``."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._file: IO[bytes] = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Append *data*; on a full disk it is lost, for nobody may stand still because of a log."""
        with suppress(OSError):
            if self._file.tell() + len(data) > self._max_bytes and self._file.tell():
                self._turn_over()
            self._file.write(data)

    def close(self) -> None:
        self._file.close()

    def tail(self, size: int = 2000) -> str:
        """The last *size* bytes, from the beginning of a line."""
        data = self.path.read_bytes()[-size:]
        text = data.decode(errors="replace")
        return text.split("\n", 1)[-1] if len(data) == size else text

    def _turn_over(self) -> None:
        self._file.close()
        for number in range(KEPT, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            if newer.exists():
                newer.replace(older)
        self._file = self.path.open("ab", buffering=0)
