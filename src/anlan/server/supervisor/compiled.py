"""The folder of compiled kernels: one for each state of the program."""

import hashlib
import os
import shutil
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
