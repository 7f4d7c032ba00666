"""The platform's door as the collector meets it: one batch posted, one verdict.

Only the door's own word is an acknowledgement: status 200 with the body of the batch contract. A page of some proxy
that also says 200 is none.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import Enum

import httpx
import msgspec

from anlan.kernel.clock import to_ms
from anlan.stream.contract import Refusal

PATIENCE_S = 30.0
"""For a whole answer: a half-open link never gives one."""
LONGEST_RETRY_S = 600.0


class Fate(Enum):
    """What is to become of a batch."""

    TAKEN = "taken"
    NEVER = "never"
    ANEW = "anew"
    AGAIN = "again"


class Trouble(Exception):
    """No answer came."""


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    body: bytes
    retry_after: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Verdict:
    """*reason* in words unless taken, *wait_s* when the door asked for it, *code* of a refusal.

    *duplicate*: the door had the batch before, and does not say again what it rejected of it. *rejections* are the
    places (row by row) and codes of readings that the door would not take, *unlisted* how many more there are.
    """

    fate: Fate
    reason: str = ""
    wait_s: float | None = None
    code: str = ""
    duplicate: bool = False
    rejections: Sequence[tuple[int, str]] = ()
    unlisted: int = 0

    @property
    def rejected(self) -> dict[str, int]:
        """How many readings were rejected, by code."""
        counted = Counter(code for _, code in self.rejections)
        if self.unlisted:
            counted["unlisted"] += self.unlisted
        return dict(counted)


class _Rejected(msgspec.Struct):
    index: int
    code: str


class _Body(msgspec.Struct):
    """As much of the contract's answer as the collector reads."""

    accepted: int
    rejected: list[_Rejected] = []
    rejected_total: int = 0
    duplicate: bool = False
    code: str = ""


_body = msgspec.json.Decoder(_Body)
_NEVER = (400, 409, 413, 422)
"""With the door's own body: the batch as it is will not be taken however often it comes."""


def verdict(reply: Reply) -> Verdict:
    """What *reply* means for the batch.

    >>> verdict(Reply(200, b'{"accepted": 4, "rejected": [], "rejected_total": 0}')).fate
    <Fate.TAKEN: 'taken'>
    >>> verdict(Reply(200, b"<html>please sign in</html>")).fate
    <Fate.AGAIN: 'again'>
    """
    try:
        said = _body.decode(reply.body)
    except msgspec.MsgspecError:
        # not the door that spoke: whatever stands between says nothing about the batch
        return Verdict(
            Fate.AGAIN, reason=f"{reply.status}, not the door's", wait_s=_seconds(reply.retry_after)
        )
    listed = [(one.index, one.code) for one in said.rejected]
    found = Verdict(
        Fate.TAKEN,
        code=said.code,
        duplicate=said.duplicate,
        rejections=listed,
        unlisted=max(0, said.rejected_total - len(listed)),
    )
    if reply.status == 200:
        return found
    told = ", ".join(f"{code} ×{count}" for code, count in found.rejected.items())
    found = replace(found, reason=" ".join(filter(None, (str(reply.status), said.code, told))))
    if said.code == Refusal.SEQUENCE_TOO_OLD:
        return replace(found, fate=Fate.ANEW)
    if reply.status in _NEVER:
        return replace(found, fate=Fate.NEVER)
    return replace(found, fate=Fate.AGAIN, wait_s=_seconds(reply.retry_after))


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None or not retry_after.strip().isdigit():
        return None
    return min(float(retry_after), LONGEST_RETRY_S)


def clock_offset_ms(reply: Reply, now_ms: int) -> int | None:
    """How far the door's clock is ahead of ours, to about a second; None where it does not say."""
    try:
        return to_ms(parsedate_to_datetime(reply.date or "")) - now_ms
    except ValueError:
        return None


class DoorClient:
    """Posts to *url* as *source* with *key*; *ca* is a file with the certificate authority of a door of one's own."""

    def __init__(
        self, url: str, source: str, key: str, *, ca: str | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._url = url
        self._patience_s = patience_s
        uds = url.removeprefix("unix:") if url.startswith("unix:") else None
        if uds is not None:
            self._url = "http://door/ingest"
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=ca) if ca else True
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=uds, verify=verify),
            headers={"Authorization": f"Bearer {source}:{key}", "Content-Type": "application/json"},
            timeout=patience_s,
        )

    async def post(self, body: bytes) -> Reply:
        """The answer to *body*. Raises `Trouble` when none came in time."""
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await self._client.post(self._url, content=body)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise Trouble(type(error).__name__) from error
        headers = answer.headers
        return Reply(answer.status_code, answer.content, headers.get("retry-after"), headers.get("date"))

    async def close(self) -> None:
        await self._client.aclose()
