"""Generated secrets, one file each, readable by their owner alone."""

import os
import secrets
from pathlib import Path

from anlan.server.supervisor.folders import make_private


class Secrets:
    """A folder of secrets; one that is asked for and missing is generated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> str:
        """The secret *name*: 43 URL-safe characters (256 bits), the same at each call."""
        path = self._folder / name
        if not path.exists():
            make_private(self._folder)
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write *text* to *path* in one step, mode 0600, durable before it appears."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
