"""A lock on a folder that ends with its holder, however that ends."""

import fcntl
import os
import time
from pathlib import Path

_LOOKS = 4


class FolderLock:
    """An advisory lock on a file that also names its holder's process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock, or keep it; false when another process holds it."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock_now(descriptor):
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return True

    def is_free(self) -> bool:
        """Whether nobody holds it now. Asks for a shared lock, which two askers do not deny each other."""
        with self._path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process that took the lock last, which may have ended."""
        try:
            return int(self._path.read_text())
        except (OSError, ValueError):
            return None


def _lock_now(descriptor: int) -> bool:
    """Lock, allowing for the instant in which somebody only looks whether it is free."""
    for _ in range(_LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False
