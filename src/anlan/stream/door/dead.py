"""Dead letters: what was not accepted, kept with its reason for a person to look at.

They are written beside the acknowledgement, never before it, and are bounded:
when the log of dead letters does not keep up the surplus is counted, not kept.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from anlan.ports.telemetry import LogFull, LogUnavailable, TelemetryLog
from anlan.stream.contract import Message, Refused, Rejection

log = logging.getLogger(__name__)

MAX_ITEMS = 200
MAX_BODY_CHARS = 4096
MAX_WAITING = 1000


class DeadLetter(msgspec.Struct, frozen=True):
    """One message that was refused, or the readings of one message that were.

    ``reason`` is a code of `contract.Refusal`, or of `contract.Reject` (the
    first one's) when single readings were refused; ``count`` is how many;
    ``items`` lists at most 200 of them.
    """

    at: str
    source: str
    channel: str
    epoch: str | None
    sequence: int | None
    reason: str
    detail: str
    count: int
    items: list[dict[str, object]]
    body: str


class DeadLetters:
    """A bounded queue in front of the log of dead letters."""

    def __init__(self, store: TelemetryLog) -> None:
        self._store = store
        self._waiting: asyncio.Queue[DeadLetter] = asyncio.Queue(MAX_WAITING)
        self.lost = 0

    def message(self, source: str, channel: str, body: bytes, refused: Refused) -> None:
        """Keep a message that was refused as a whole."""
        text = body[:MAX_BODY_CHARS].decode("utf-8", "replace")
        self._put(
            DeadLetter(
                _now(), source, channel, None, None, refused.reason.value, refused.detail[:1000], 1, [], text
            )
        )

    def readings(
        self, channel: str, message: Message, rejections: Sequence[Rejection], tags_units: str
    ) -> None:
        """Keep the readings of *message* that were refused."""
        items: list[dict[str, object]] = [
            {
                "index": one.index,
                "code": one.reason.value,
                "tag": one.tag,
                "time_ms": one.time_ms,
                "value": one.value,
            }
            for one in rejections[:MAX_ITEMS]
        ]
        self._put(
            DeadLetter(
                _now(),
                message.source,
                channel,
                message.epoch,
                message.sequence,
                rejections[0].reason.value,
                tags_units,
                len(rejections),
                items,
                "",
            )
        )

    async def run(self) -> None:
        """Write letters as they come, for ever."""
        while True:
            letter = await self._waiting.get()
            try:
                await self._store.append(msgspec.json.encode(letter))
            except (LogFull, LogUnavailable) as error:
                self.lost += 1
                log.warning("a dead letter of %s was not kept: %s", letter.source, error)

    def _put(self, letter: DeadLetter) -> None:
        try:
            self._waiting.put_nowait(letter)
        except asyncio.QueueFull:
            self.lost += 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
