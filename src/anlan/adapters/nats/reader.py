"""A reader of a stream with an explicit place: an ephemeral pull consumer, made anew when lost.

The consumer acknowledges nothing and holds no state worth keeping. The place
is the sequence of the last entry handed out; what is safe with the reader is
marked in a stream of its own, one message per reader. A stream is known by the
moment it was made: a place in one that is gone means nothing in the one that
took its name.
"""

import asyncio
import json
import time

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import api
from nats.js.errors import NotFoundError

from anlan.adapters.nats.streams import MARKS
from anlan.ports.telemetry import LogBehind, LogEntry, LogUnavailable

PULL_ENTRIES = 256
PULL_BYTES = 16 * 1024 * 1024
PULL_EXPIRES_S = 30.0
HEARTBEAT_S = 1.0
FORGET_AFTER_S = 60.0
_ANSWER_TIMEOUT_S = 5.0
_NO_MESSAGE = 10037
_FAILURES = (nats.errors.Error, TimeoutError, OSError)


async def stream_end(client: Client, stream: str) -> tuple[int, str]:
    """The sequence of the last entry of *stream*, and when the stream was made. Raises `LogUnavailable`."""
    try:
        info = await client.jsm().stream_info(stream)
    except _FAILURES as error:
        raise LogUnavailable(str(error) or type(error).__name__) from error
    return info.state.last_seq, info.created.isoformat() if info.created else ""


async def read_mark(client: Client, stream: str, reader: str, made: str) -> int:
    """The sequence that *reader* has passed in the *stream* of that making; 0 when it never said.

    Raises `LogUnavailable`, also when the marks themselves are gone: to take
    that for "never" would have everything read and told again.
    """
    try:
        message = await client.jetstream().get_last_msg(MARKS, f"mark.{stream}.{reader}")
    except NotFoundError as error:
        if error.err_code == _NO_MESSAGE:
            return 0
        raise LogUnavailable(str(error)) from error
    except _FAILURES as error:
        raise LogUnavailable(str(error)) from error
    sequence, _, of = (message.data or b"0").decode().partition(" ")
    return int(sequence) if of in ("", made) else 0


class NatsLogReader:
    """Reads *subject* of *stream* in order; *name* is the reader's in the marks."""

    def __init__(self, client: Client, stream: str, subject: str, name: str) -> None:
        self._client = client
        self._stream = stream
        self._subject = subject
        self._name = name
        self._place = 0
        self._made = ""
        self._pull: _Pull | None = None
        self._pending = 0

    @property
    def pending(self) -> int:
        """How many entries were waiting behind the last one read."""
        return self._pending

    async def last_sequence(self) -> int:
        """The sequence of the stream's last entry. Raises `LogUnavailable`."""
        return (await stream_end(self._client, self._stream))[0]

    async def mark(self) -> int:
        """The sequence that this reader last passed, 0 when it never did."""
        _, made = await stream_end(self._client, self._stream)
        return await read_mark(self._client, self._stream, self._name, made)

    async def seek(self, after: int) -> None:
        """Read on from the first entry after *after*; see `ports.telemetry.LogReader`."""
        last, made = await stream_end(self._client, self._stream)
        if after > last:
            raise LogBehind(f"{self._stream} ends at {last}, before {after}")
        await self._drop()
        self._place, self._made = after, made

    async def read(self, limit: int, wait_s: float) -> list[LogEntry]:
        """Up to *limit* entries; see `ports.telemetry.LogReader`."""
        if not self._client.is_connected:
            await self._drop()
            await asyncio.sleep(min(wait_s, 0.1))
            raise LogUnavailable("not connected")
        try:
            if self._pull is None:
                await self._refuse_another_log()
                self._pull = await _Pull.open(self._client, self._stream, self._subject, self._place)
            entries = await self._pull.take(limit, wait_s)
        except _PullLost:
            await self._drop()
            return []
        except _FAILURES as error:
            await self._drop()
            raise LogUnavailable(str(error) or type(error).__name__) from error
        if entries:
            self._place = entries[-1].sequence
            self._pending = self._pull.pending
        return entries

    async def tail(self, entries: int, max_bytes: int) -> list[LogEntry]:
        """The last entries; see `ports.telemetry.LogTail`."""
        try:
            state = (await self._client.jsm().stream_info(self._stream)).state
        except _FAILURES as error:
            raise LogUnavailable(str(error)) from error
        if not state.messages:
            return []
        mean_bytes = max(1, state.bytes // state.messages)
        wanted = min(entries, state.messages, max(1, max_bytes // mean_bytes))
        await self._drop()
        self._place, self._made = max(0, state.last_seq - wanted), ""
        found: list[LogEntry] = []
        while self._place < state.last_seq:
            some = await self.read(PULL_ENTRIES, HEARTBEAT_S)
            if not some:
                break
            found += some
        await self._drop()
        return found

    async def passed(self, sequence: int) -> None:
        """Mark *sequence* as safe with this reader. Raises `LogUnavailable`."""
        if not self._client.is_connected:
            raise LogUnavailable("not connected")
        try:
            if not self._made:
                _, self._made = await stream_end(self._client, self._stream)
            said = f"{sequence} {self._made}".encode()
            await self._client.jetstream().publish(
                f"mark.{self._stream}.{self._name}", said, timeout=_ANSWER_TIMEOUT_S
            )
        except _FAILURES as error:
            raise LogUnavailable(str(error) or type(error).__name__) from error

    async def close(self) -> None:
        """Let the consumer go."""
        await self._drop()

    async def _refuse_another_log(self) -> None:
        """Raise `LogBehind` when the stream is not the one in which the place was taken."""
        _, made = await stream_end(self._client, self._stream)
        if self._made and made != self._made:
            raise LogBehind(f"{self._stream} was made anew at {made}")
        self._made = made

    async def _drop(self) -> None:
        pull, self._pull = self._pull, None
        if pull is not None:
            await pull.close()


class _PullLost(Exception):
    """The consumer is gone, silent, or has left a gap: make another one."""


class _Pull:
    """One ephemeral consumer and the pull request that is out."""

    def __init__(self, client: Client, stream: str, consumer: str, inbox: Subscription) -> None:
        self._client = client
        self._stream = stream
        self._consumer = consumer
        self._inbox = inbox
        self._outstanding = 0
        self._delivered = 0
        self._lost = False
        self._heard_at = time.monotonic()
        self.pending = 0

    @classmethod
    async def open(cls, client: Client, stream: str, subject: str, after: int) -> "_Pull":
        """Make a consumer that starts after sequence *after*."""
        config = api.ConsumerConfig(
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            ack_policy=api.AckPolicy.NONE,
            filter_subject=subject,
            mem_storage=True,
            num_replicas=1,
            inactive_threshold=FORGET_AFTER_S,
        )
        info = await client.jsm().add_consumer(stream, config)
        inbox = await client.subscribe(client.new_inbox(), pending_bytes_limit=4 * PULL_BYTES)
        return cls(client, stream, info.name, inbox)

    async def take(self, limit: int, wait_s: float) -> list[LogEntry]:
        """Up to *limit* entries: waits for the first, then takes what has already come."""
        entries: list[LogEntry] = []
        deadline = time.monotonic() + wait_s
        while not entries:
            if self._lost:
                raise _PullLost
            await self._request()
            message = await self._next(deadline - time.monotonic())
            if message is None:
                return []
            self._sort(message, entries)
        while len(entries) < limit and self._inbox.pending_msgs:
            message = await self._next(HEARTBEAT_S)
            if message is not None:
                self._sort(message, entries)
        return entries

    async def close(self) -> None:
        """Stop listening and delete the consumer, as far as the connection allows."""
        try:
            await self._inbox.unsubscribe()
            if self._client.is_connected:
                await self._client.jsm().delete_consumer(self._stream, self._consumer)
        except _FAILURES:
            return  # the server forgets an unused consumer by itself

    async def _request(self) -> None:
        if self._outstanding:
            return
        ask = {
            "batch": PULL_ENTRIES,
            "max_bytes": PULL_BYTES,
            "expires": int(PULL_EXPIRES_S * 1e9),
            "idle_heartbeat": int(HEARTBEAT_S * 1e9),
        }
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}"
        await self._client.publish(subject, json.dumps(ask).encode(), reply=self._inbox.subject)
        self._outstanding = PULL_ENTRIES

    async def _next(self, wait_s: float) -> Msg | None:
        """The next message of any kind, or None after *wait_s*; raises `_PullLost` after long silence."""
        try:
            message = await self._inbox.next_msg(timeout=max(0.001, wait_s))
        except TimeoutError:
            if time.monotonic() - self._heard_at > 3 * HEARTBEAT_S:
                raise _PullLost from None
            return None
        self._heard_at = time.monotonic()
        return message

    def _sort(self, message: Msg, entries: list[LogEntry]) -> None:
        """Add an entry to *entries*, or follow what a status message says."""
        status = (message.headers or {}).get(api.Header.STATUS)
        if status is None:
            self._outstanding = max(0, self._outstanding - 1)
            place = message.metadata
            self._delivered += 1
            # a gap: hand out what came before it, then begin again from there
            self._lost = self._lost or place.sequence.consumer != self._delivered
            if self._lost:
                return
            entries.append(LogEntry(place.sequence.stream, message.data))
            self.pending = place.num_pending
        elif status in (api.StatusCode.NO_MESSAGES, api.StatusCode.REQUEST_TIMEOUT):
            self._outstanding = 0
        elif status != api.StatusCode.CONTROL_MESSAGE:
            description = str((message.headers or {}).get(api.Header.DESCRIPTION, ""))
            self._outstanding = 0
            self._lost = "MaxBytes" not in description and "Batch Completed" not in description
