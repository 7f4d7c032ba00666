"""The folder of compiled kernels: one for each state of the program."""

import hashlib
import shutil
from pathlib import Path

import anlan

SOURCES = Path(anlan.__file__).parent / "science"


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
