"""Contents by their SHA-256 in the data folder."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Where the contents lie."""
    return Path(settings.DATA) / "files"


def path_of(digest: str) -> Path:
    """The place of the content with this SHA-256."""
    return folder() / digest[:2] / digest


def keep(content: bytes) -> str:
    """Store *content* durably and give its SHA-256; content that is there already is left alone."""
    digest = sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(target.parent)
    return digest


def content_of(digest: str) -> bytes:
    """The content with this SHA-256. Raises `OSError` when it is gone or was changed."""
    content = path_of(digest).read_bytes()
    if sha256(content).hexdigest() != digest:
        raise OSError(f"the content of {digest} was changed on the disk")
    return content


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
