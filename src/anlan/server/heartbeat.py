"""Health files: what each process says about itself once a second.

``RUN/health/NAME.json`` holds ``{"at", "pid", "ok", "detail"}``. A file that stops
changing means a process that hangs; the supervisor and ``GET /api/status`` read them.
"""

import asyncio
import json
import logging
import os
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anlan.kernel.clock import LiveClock

log = logging.getLogger(__name__)

INTERVAL_S = 1.0
FIRST_INTERVAL_S = 0.2
STALE_S = 10.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For httpx, where health is asked for over plain HTTP: it would read all certificates for each question (40 ms)."""
Health = Callable[[], dict[str, object]]


@dataclass(frozen=True)
class Beat:
    """One health file: when it was written, by which process, and what it says."""

    at: datetime
    pid: int
    ok: bool
    detail: dict[str, object]

    @property
    def age_s(self) -> float:
        return (LiveClock().now() - self.at).total_seconds()


class Heartbeat:
    """Writes one process's health file until stopped.

    *health* returns the detail; its key ``ok``, when present and false, marks the
    process as not well. An exception from *health* is reported the same way.
    """

    def __init__(self, name: str, health: Health, run: Path) -> None:
        self._path = run / "health" / f"{name}.json"
        self._health = health
        self._stopping = threading.Event()
        self._was_ok = False

    def write(self) -> bool:
        """Write the file now; whether the process said that it is well."""
        try:
            detail = dict(self._health())
            ok = bool(detail.pop("ok", True))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it is what we report
            ok, detail = False, {"error": f"{type(error).__name__}: {error}"}
        write_beat(self._path, ok=ok, detail=detail)
        return ok

    async def run(self) -> None:
        """Beat on the running event loop: a blocked loop shows as a stale file."""
        while not self._stopping.is_set():
            await asyncio.sleep(self._beat())

    def start_thread(self) -> None:
        """Beat from a daemon thread, for processes without an event loop."""
        threading.Thread(target=self._loop, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _loop(self) -> None:
        while not self._stopping.wait(self._beat()):
            pass

    def _beat(self) -> float:
        """Write the file; the seconds until the next beat, few until the first good one: it is waited for."""
        try:
            self._was_ok = self.write() or self._was_ok
        except OSError as error:  # a full disk must not end the process that reports
            log.warning("the health file cannot be written: %s", error)
        return INTERVAL_S if self._was_ok else FIRST_INTERVAL_S


def write_beat(path: Path, *, ok: bool, detail: dict[str, object], pid: int | None = None) -> None:
    """Replace the health file at *path* in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {
        "at": LiveClock().now().isoformat(),
        "pid": os.getpid() if pid is None else pid,
        "ok": ok,
        "detail": detail,
    }
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_text(json.dumps(said, ensure_ascii=False, default=str))
    fresh.replace(path)


def read_beat(run: Path, name: str) -> Beat | None:
    """The health of process *name*; None when it has not said anything readable yet."""
    try:
        said = json.loads((run / "health" / f"{name}.json").read_text())
        return Beat(
            datetime.fromisoformat(said["at"]), int(said["pid"]), bool(said["ok"]), dict(said["detail"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
