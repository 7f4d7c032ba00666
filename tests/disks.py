"""Disks that can be cut off, filled and broken: a file system in an image file, mounted through a loop device.

A copy of the image, taken while whoever writes is stopped, is what a power cut leaves: what was synced is in it, what
only lay in the page cache is not. Keep the writing before a cut under half a minute, or the kernel's own write-back
hides a sync that is missing. An image that lies, with holes, on a memory file system too small for it gives real I/O
errors once that is full: writes into the page cache still succeed, syncs fail.

Needs root and loop mounts: skipped on a person's machine that has none, a failure in CI.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MIB = 1 << 20


def new_image(path: Path, mib: int) -> Path:
    """An image of an empty file system of *mib* MiB."""
    with path.open("wb") as empty:
        empty.truncate(mib * MIB)
    # everything of the file system's own is written now, so that nothing in the background writes later
    options = "lazy_itable_init=0,lazy_journal_init=0"
    subprocess.run(["mkfs.ext4", "-q", "-E", options, path], check=True)
    return path


def copy_image(image: Path, copy: Path) -> Path:
    """*copy*, byte for byte as *image* is on the medium now; holes stay holes."""
    subprocess.run(["cp", "--sparse=always", image, copy], check=True)
    return copy


@contextmanager
def loop_mount(image: Path, folder: Path) -> Iterator[Path]:
    """*image* mounted on *folder*, which others may pass through as a server of another user must."""
    folder.mkdir(exist_ok=True)
    _mount("-o", "loop", image, folder)
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        _unmount(folder)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte is left on *disk*, whoever asks."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(1 << 12))
        yield
    finally:
        ballast.unlink()


@dataclass(frozen=True)
class BreakingDisk:
    """The file system on *disk* claims to be larger than the memory that holds its image."""

    disk: Path
    medium: Path

    @property
    def image(self) -> Path:
        return self.medium / "disk.img"

    def rescue(self, copy: Path) -> Path:
        """*copy* of all that reached the medium, on a sound disk, its file system checked and repaired."""
        _resize(self.medium, "100%")
        copy_image(self.image, copy)
        done = subprocess.run(["e2fsck", "-fy", copy], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 2), done.stdout
        return copy


@contextmanager
def breaking_disk(folder: Path, mib: int, sound_mib: int) -> Iterator[BreakingDisk]:
    """A disk of *mib* MiB that fails with I/O errors once some *sound_mib* MiB have been written to it."""
    folder.mkdir()
    medium = folder / "medium"
    medium.mkdir()
    _mount("-t", "tmpfs", "-o", "size=100%", "tmpfs", medium)
    try:
        image = new_image(medium / "disk.img", mib)
        with loop_mount(image, folder / "disk") as disk:
            _resize(medium, str(image.stat().st_blocks * 512 + sound_mib * MIB))
            yield BreakingDisk(disk, medium)
    finally:
        _unmount(medium)


def _resize(medium: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", medium], check=True)


def _mount(*arguments: str | Path) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"loop mounts are needed in CI: {done.stderr}")
        pytest.skip(f"not run: no loop mounts here ({done.stderr.strip()})")


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", folder], check=True)
