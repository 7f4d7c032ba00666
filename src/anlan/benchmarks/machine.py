"""What a report says about the machine, and about figures."""

import os
import platform
import time
from pathlib import Path
from statistics import median


def describe() -> str:
    """Processor, cores that this process may use, memory."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory_gib:.0f} GiB"


def figure(
    name: str,
    value: float | None,
    unit: str,
    better: str,
    *,
    peer: str | None = None,
    peer_value: float | None = None,
    note: str = "",
) -> dict[str, object]:
    """One line of a report; *better* is ``higher`` or ``lower``. A ratio above 1 means that ours is better."""
    ratio = None
    if value and peer_value:
        ratio = value / peer_value if better == "higher" else peer_value / value
    return {
        "id": name,
        "value": value,
        "unit": unit,
        "better": better,
        "peer": peer,
        "peer_value": peer_value,
        "ratio": ratio,
        "note": note,
    }


def fsync_per_s(folder: Path, seconds: float = 1.0) -> float:
    """Appends of 4 KiB, each followed by fdatasync, that the disk under *folder* takes in a second."""
    path = folder / "fsync-probe"
    durations: list[float] = []
    with path.open("wb", buffering=0) as file:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            durations.append(time.perf_counter() - began)
    path.unlink()
    return 1 / median(durations)


def pss_mb(pids: set[int]) -> float:
    """The proportional set size of these processes together, in MB; what has ended counts nothing."""
    total_kb = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total_kb += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total_kb / 1000


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
