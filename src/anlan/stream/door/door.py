"""The door itself: one message in, one answer out, and nothing acknowledged that is not durable."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from anlan.kernel.clock import now, to_ms
from anlan.ports.telemetry import LogFull, LogTail, LogUnavailable, TelemetryLog
from anlan.stream import frames
from anlan.stream.contract import (
    MAX_READINGS,
    Checked,
    Message,
    Refusal,
    Refused,
    decode,
    readings_in,
    validate,
)
from anlan.stream.door.announced import AnnouncedLists
from anlan.stream.door.answers import Answer, refused
from anlan.stream.door.dead import DeadLetters
from anlan.stream.door.grouping import Arrival, Grouper
from anlan.stream.door.registry import Gateway, RegistryCache
from anlan.stream.meters import LatencyMeter, RateMeter
from anlan.stream.sequences import SequenceBook, Verdict

log = logging.getLogger(__name__)

REFRESH_S = 1.0
MAX_READINGS_IN_FLIGHT = 50 * MAX_READINGS
TAIL_ENTRIES = 20_000
TAIL_BYTES = 256 * 1024 * 1024

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs a blocking call beside the event loop and gives what it returns."""

_Identity = tuple[int, str, int]


class Door:
    """Takes messages of authenticated gateways; *logs* has one log per partition.

    The order of one gateway's messages is kept: a message that was taken has its
    place in the log's queue.
    """

    def __init__(
        self, registry: RegistryCache, logs: Sequence[TelemetryLog], dead: DeadLetters, in_thread: InThread
    ) -> None:
        self.registry = registry
        self.dead = dead
        self._groupers = [Grouper(one) for one in logs]
        self._in_thread = in_thread
        self._book = SequenceBook()
        self._lists = AnnouncedLists()
        self._under_way: dict[_Identity, asyncio.Future[Answer]] = {}
        self._in_flight = 0
        self._recalled = False
        self._readings = RateMeter()
        self._refused = RateMeter()
        self._latency = LatencyMeter()
        self._trouble = ""

    # -- life ------------------------------------------------------------------

    async def recall(self, tails: Sequence[LogTail]) -> None:
        """Learn from the logs' ends which batches are stored already; the door opens afterwards."""
        for tail in tails:
            while True:
                try:
                    entries = await tail.tail(TAIL_ENTRIES, TAIL_BYTES)
                    break
                except LogUnavailable as error:
                    self._trouble = f"log: {error}"
                    await asyncio.sleep(REFRESH_S)
            for entry in entries:
                self._remember(entry.payload)
        self._recalled = True
        self._trouble = ""

    async def keep_registry(self) -> None:
        """Follow the registry for ever; while it is away the door serves on with what it knows."""
        while True:
            try:
                await self._in_thread(self.registry.refresh)
                self._trouble = ""
            except Exception as error:  # noqa: BLE001 - whatever the registry's trouble, the door stays open
                if not self._trouble:
                    log.warning("the registry does not answer: %s", error)
                self._trouble = f"registry: {type(error).__name__}"
            await asyncio.sleep(REFRESH_S)

    async def drain(self) -> None:
        """Wait until everything taken is answered."""
        await asyncio.gather(*(grouper.drain() for grouper in self._groupers))

    def health(self) -> dict[str, object]:
        """Rates over ten seconds, the durable write's latency, and what is in trouble."""
        return {
            "ok": self.ready and not self._trouble,
            "readings_per_s": round(self._readings.per_second(), 1),
            "readings": self._readings.total,
            "refused": self._refused.total,
            "write_p50_ms": self._latency.quantile(0.5),
            "write_p99_ms": self._latency.quantile(0.99),
            "in_flight": self._in_flight,
            "batches": sum(one.batches for one in self._groupers),
            "writes": sum(one.writes for one in self._groupers),
            "dead_letters_lost": self.dead.lost,
            "registry_age_s": round(self.registry.age_s(), 1) if self.registry.ready else None,
            "trouble": self._trouble,
        }

    @property
    def ready(self) -> bool:
        """Whether the door knows its gateways and what is stored already."""
        return self._recalled and self.registry.ready

    # -- one message -------------------------------------------------------------

    def authenticate(self, source: str, key: str) -> Gateway:
        """The gateway that *key* proves. Raises `Refused`."""
        if not self.ready:
            raise Refused(Refusal.NOT_READY)
        return self.registry.authenticate(source, key)

    def take(self, gateway: Gateway, body: bytes, channel: str) -> "asyncio.Future[Answer]":
        """Check *body*, store what is sound, and say what became of it.

        Several may wait for one future: shield it from a caller that may be cancelled.
        """
        identity: dict[str, object] = {}
        try:
            message = decode(body)
            identity = {"epoch": message.epoch, "sequence": message.sequence}
            return self._take(gateway, message, channel, identity)
        except Refused as refusal:
            self._refused.add(1)
            self.refuse(gateway.record.source, channel, body, refusal)
            return _known(refused(refusal.reason, identity))

    def refuse(self, source: str, channel: str, body: bytes, refusal: Refused) -> None:
        """Keep what was refused as a whole, unless the sender is to send it again as it is."""
        if refusal.reason not in _TRY_AGAIN:
            self.dead.message(source, channel, body, refusal)

    def _take(
        self, gateway: Gateway, message: Message, channel: str, identity: dict[str, object]
    ) -> "asyncio.Future[Answer]":
        if not self.ready:
            raise Refused(Refusal.NOT_READY)
        if message.source != gateway.record.source:
            raise Refused(Refusal.SOURCE_MISMATCH, f"signed in as {gateway.record.source}")
        key = (gateway.record.number, message.epoch, message.sequence)
        verdict = self._book.verdict(*key)
        if verdict is Verdict.SEEN:
            return _known(Answer(200, duplicate=True, identity=identity))
        if verdict is Verdict.TOO_OLD:
            raise Refused(Refusal.SEQUENCE_TOO_OLD)
        if key in self._under_way:
            return self._under_way[key]  # the sender lost patience: it gets the answer of the first try
        arrived_ms = to_ms(now())
        checked = self._check(gateway, message, channel, arrived_ms)
        if not len(checked):
            return _known(Answer(422, rejections=checked.rejections, identity=identity))
        if self._in_flight + len(checked) > MAX_READINGS_IN_FLIGHT:
            raise Refused(Refusal.BUSY)
        grouper = self._groupers[gateway.record.group % len(self._groupers)]
        return self._store(grouper, Arrival(*key, arrived_ms, checked), identity)

    def _check(self, gateway: Gateway, message: Message, channel: str, arrived_ms: int) -> Checked:
        points = self._lists.resolve(gateway.record.number, message)
        checked = validate(message, points, gateway.points, gateway.clock_ms(arrived_ms))
        if checked.rejections:
            self._refused.add(len(checked.rejections))
            self.dead.readings(
                channel, message, checked.rejections, f"{readings_in(message, points)} readings"
            )
        return checked

    def _store(
        self, grouper: Grouper, arrival: Arrival, identity: dict[str, object]
    ) -> "asyncio.Future[Answer]":
        key, checked = (arrival.gateway, arrival.epoch, arrival.sequence), arrival.readings
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        began = time.monotonic()

        def on_written(failure: Exception | None) -> None:
            self._in_flight -= len(checked)
            del self._under_way[key]
            if failure is not None:
                self._refused.add(1)
                full = isinstance(failure, LogFull)
                answer.set_result(refused(Refusal.LOG_FULL if full else Refusal.LOG_UNAVAILABLE, identity))
                return
            self._book.add(*key)
            self._readings.add(len(checked))
            self._latency.add(1000 * (time.monotonic() - began))
            answer.set_result(Answer(200, len(checked), checked.rejections, identity=identity))

        self._in_flight += len(checked)
        self._under_way[key] = answer
        grouper.add(arrival, on_written)
        return answer

    def _remember(self, payload: bytes) -> None:
        try:
            frame = frames.decode(payload)
        except frames.FrameError as error:
            log.error("an entry of the log cannot be read: %s", error)
            return
        for mark in frame.batches:
            self._book.add(mark.gateway, mark.epoch, mark.sequence)


def _known(answer: Answer) -> "asyncio.Future[Answer]":
    """*answer* for those who would wait for it."""
    future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    future.set_result(answer)
    return future


_TRY_AGAIN = {
    Refusal.LOG_FULL,
    Refusal.LOG_UNAVAILABLE,
    Refusal.BUSY,
    Refusal.NOT_READY,
    Refusal.UNKNOWN_POINTS_HASH,
}
