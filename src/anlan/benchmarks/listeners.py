"""Browsers that listen for alarms: many live connections, as each open alarm desk holds one.

Run as a script it is a process of its own: reads its orders as JSON from standard
input, says ``ready`` when all of them are admitted, and at the end of its standard
input writes when each connection first heard of each alarm's point.
"""

import asyncio
import re
import subprocess
import sys
import time
from types import TracebackType
from urllib.parse import urlsplit

import msgspec

GRACE_S = 5.0
"""For what was raised at the very end, and for the connections to end."""
_LONGEST_FRAME = 1 << 20


class Orders(msgspec.Struct):
    """How many connections to the front at *url*; *cookie* is that of a signed-in person."""

    url: str
    cookie: str
    count: int


class Listeners:
    """The process, seen from the measurement: listens while the context is open."""

    def __init__(self, url: str, cookie: str, count: int) -> None:
        self._orders = Orders(url, cookie, count)
        self._process: subprocess.Popen[bytes] | None = None
        self.heard: list[dict[str, int]] = []
        """Of each connection: when (Unix nanoseconds) it first heard of a point's alarm, by tag."""

    def __enter__(self) -> "Listeners":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "anlan.benchmarks.listeners"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the listeners have no pipes")
        stdin.write(msgspec.json.encode(self._orders) + b"\n")
        stdin.flush()
        if stdout.readline().strip() != b"ready":
            raise RuntimeError(f"not all {self._orders.count} listeners were admitted")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        said, _ = self._process.communicate(timeout=GRACE_S + 30)
        if kind is None:
            self.heard = msgspec.json.decode(said, type=list[dict[str, int]])

    def delays_ms(self, sent_ns: dict[str, int]) -> list[float]:
        """From sending a reading until each connection heard its alarm.

        Raises `RuntimeError` when one did not hear all of them: a lost alarm has no delay.
        """
        missed = sum(tag not in one for one in self.heard for tag in sent_ns)
        if missed:
            raise RuntimeError(
                f"{missed} of {len(self.heard)} × {len(sent_ns)} alarms did not reach a listener"
            )
        return [(one[tag] - at_ns) / 1e6 for one in self.heard for tag, at_ns in sent_ns.items()]


async def _listen(orders: Orders, ready: asyncio.Barrier, heard: dict[str, int]) -> None:
    front = urlsplit(orders.url)
    reader, writer = await asyncio.open_connection(front.hostname, front.port, limit=_LONGEST_FRAME)
    head = ("GET /api/live?topics=alarm HTTP/1.1", f"Host: {front.netloc}", f"Cookie: {orders.cookie}")
    writer.write("\r\n".join((*head, "", "")).encode())
    try:
        async for line in reader:
            if line.startswith(b"event: hello"):
                await ready.wait()
            elif line.startswith(b"data: "):
                _note(line[6:], heard)
    finally:
        writer.close()


_TAG = re.compile(rb'"point_tag":"([^"]*)"')


def _note(data: bytes, heard: dict[str, int]) -> None:
    """Two hundred times the same event: what this costs is taken from the system that is measured."""
    at_ns = time.time_ns()
    if found := _TAG.search(data):
        heard.setdefault(found[1].decode(), at_ns)


async def _main() -> None:
    orders = msgspec.json.decode(sys.stdin.buffer.readline(), type=Orders)
    heard: list[dict[str, int]] = [{} for _ in range(orders.count)]
    ready = asyncio.Barrier(orders.count + 1)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_listen(orders, ready, one)) for one in heard]
        await ready.wait()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.buffer.read)
        await asyncio.sleep(GRACE_S)
        for task in tasks:
            task.cancel()
    sys.stdout.buffer.write(msgspec.json.encode(heard))


if __name__ == "__main__":
    asyncio.run(_main())
