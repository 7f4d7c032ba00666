"""The folder of compiled kernels: one for each state of the program."""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

import anlan

SOURCES = Path(anlan.__file__).parent / "science"

SHARED = "ANLAN_COMPILED"
"""Names a folder that several systems of one program share, so that each kernel is compiled once for them all."""


def kernels_of(data: Path) -> Path:
    """Where the system in *data* keeps its compiled kernels: with its data, unless the environment names a folder."""
    shared = os.environ.get(SHARED, "")
    return compiled_folder(Path(shared) if shared else data / "numba")


def compiled_folder(folder: Path, sources: Path = SOURCES) -> Path:
    """The folder in *folder* for *sources* as they are now; those of earlier states are removed.

    numba looks at the file of a kernel only: after a change in a function that the kernel calls from another
    file, it would go on with the old one.
    """
    stamp = hashlib.sha256()
    for file in sorted(sources.rglob("*.py")):
        known = file.stat()
        stamp.update(f"{file.relative_to(sources)} {known.st_size} {known.st_mtime_ns}\n".encode())
    present = folder / stamp.hexdigest()[:16]
    for other in folder.glob("*"):
        if other != present:
            shutil.rmtree(other, ignore_errors=True)
    return present


def keep_compiled_kernels() -> None:
    """Have a command without a system keep its kernels in the user's cache, unless a folder is named already.

    Of each installation on its own, for one would clear away what another has just compiled.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    installation = hashlib.sha256(os.fsencode(SOURCES)).hexdigest()[:16]
    kept = compiled_folder(home / "anlan" / installation)
    with suppress(OSError):  # a home that cannot be written: numba finds a place for itself
        kept.mkdir(parents=True, exist_ok=True)
        os.environ["NUMBA_CACHE_DIR"] = str(kept)
