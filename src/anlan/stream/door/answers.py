"""What a gateway is told: the same body over HTTP and on ``ack/SOURCE``."""

from dataclasses import dataclass, field

import msgspec

from anlan.stream.contract import Refusal, Reject, Rejection, words

MAX_LISTED = 1000
"""Rejections listed one by one; ``rejected_total`` counts all of them."""

_STATUS = {
    Refusal.MALFORMED: 400,
    Refusal.UNKNOWN_SCHEMA: 400,
    Refusal.POINTS_HASH_MISMATCH: 400,
    Refusal.WRONG_KEY: 401,
    Refusal.DISABLED: 403,
    Refusal.SOURCE_MISMATCH: 403,
    Refusal.UNKNOWN_POINTS_HASH: 409,
    Refusal.SEQUENCE_TOO_OLD: 409,
    Refusal.OVERSIZED: 413,
    Refusal.LOG_FULL: 503,
    Refusal.LOG_UNAVAILABLE: 503,
    Refusal.BUSY: 503,
    Refusal.NOT_READY: 503,
}
_RETRY_AFTER_S = {
    Refusal.LOG_FULL: 10,
    Refusal.LOG_UNAVAILABLE: 2,
    Refusal.BUSY: 1,
    Refusal.NOT_READY: 1,
}
_WORDS = {reason.value: words(reason) for reason in (*Reject, *Refusal)}


@dataclass(frozen=True)
class Answer:
    """The outcome of one message. *refusal* is set when nothing of it was looked at or stored."""

    status: int
    accepted: int = 0
    rejections: tuple[Rejection, ...] = ()
    duplicate: bool = False
    refusal: Refusal | None = None
    identity: dict[str, object] = field(default_factory=dict)

    @property
    def retry_after_s(self) -> int | None:
        """Seconds after which to send the same message again, when that may help."""
        return _RETRY_AFTER_S.get(self.refusal) if self.refusal else None

    def body(self) -> bytes:
        """The JSON body for HTTP."""
        return msgspec.json.encode(self._content())

    def body_with_identity(self, source: str) -> bytes:
        """The JSON body for ``ack/SOURCE``: the same, and which batch it speaks of."""
        known = {"source": source, "epoch": None, "sequence": None, **self.identity}
        return msgspec.json.encode({**known, "status": self.status, **self._content()})

    def _content(self) -> dict[str, object]:
        content: dict[str, object] = {
            "accepted": self.accepted,
            "rejected": [
                {"index": one.index, "code": one.reason.value, "message": _WORDS[one.reason.value]}
                for one in self.rejections[:MAX_LISTED]
            ],
            "rejected_total": len(self.rejections),
            "duplicate": self.duplicate,
        }
        if self.refusal:
            content |= {"code": self.refusal.value, "message": _WORDS[self.refusal.value]}
        return content


def refused(refusal: Refusal, identity: dict[str, object] | None = None) -> Answer:
    """The answer that refuses the whole message."""
    return Answer(_STATUS[refusal], refusal=refusal, identity=identity or {})
