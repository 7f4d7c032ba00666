"""Back-fill: readings of the past out of a file, through the door like any others.

They are late data: they correct history and raise no live alarm. The file is an epoch of its own, named by its digest,
and is cut into batches always in the same way, so that a run that is broken off goes on where it was, and a batch that
is sent twice is known as a duplicate.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anlan.edge.core.pace import Backoff, Pace
from anlan.edge.core.readings import Columns, Sheet, body_of, sheets_of
from anlan.edge.door import DoorClient, Fate, Trouble, Verdict, verdict
from anlan.edge.files import BadRow, Chunk, Reader
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.ports.refusals import Refusal, Reject

_WAY_OF_CUTTING = 1
"""Changes with anything that changes which rows share a batch: batches of another way are other batches."""
_HOPELESS = ("wrong_key", "disabled", "source_mismatch")


class Hopeless(Problem):
    """The door will take nothing from this sender."""

    code = "refused_by_door"
    status = 403
    title = Text("平台拒绝了该网关的数据", "The door takes nothing from this gateway")
    next_step = Text(
        "请核对网关名称与密钥，以及是否已停用", "Check the gateway's name and key, and whether it is enabled"
    )


def digest_of(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Progress:
    """How far the file has come: whole chunks, and of each source the last sequence. Kept in *path*.

    *repeated* readings stand twice in the file, or the door had them before.
    """

    path: Path
    digest: str
    chunks: int = 0
    sequences: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    rejected: int = 0
    repeated: int = 0

    @classmethod
    def of(cls, path: Path, digest: str) -> "Progress":
        """What an earlier run has left of the same file; the beginning for any other."""
        try:
            kept = json.loads(path.read_text())
        except (OSError, ValueError):
            return cls(path, digest)
        if kept.pop("digest", None) != digest or kept.pop("way", None) != _WAY_OF_CUTTING:
            return cls(path, digest)
        return cls(path, digest, **kept)

    def keep(self) -> None:
        said = {
            "digest": self.digest, "way": _WAY_OF_CUTTING, "chunks": self.chunks, "sequences": self.sequences,
            "accepted": self.accepted, "rejected": self.rejected, "repeated": self.repeated,
        }  # fmt: skip
        beside = self.path.with_name(self.path.name + ".new")
        beside.write_text(json.dumps(said))
        beside.replace(self.path)


class Backfill:
    """Carries the chunks of *reader* to the door, one batch after the other.

    *doors* by source; busy for at most *share* of the time, so that live data is not held up. *told* hears of rows
    that were not taken, *trouble* of what keeps the door from taking any.
    """

    def __init__(
        self,
        reader: Reader,
        doors: Mapping[str, DoorClient],
        progress: Progress,
        pace: Pace,
        backoff: Backoff,
        *,
        share: float = 0.5,
        told: Callable[[BadRow], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._reader, self._doors, self._progress = reader, doors, progress
        self._pace, self._backoff, self._rest_per_busy = pace, backoff, (1 - share) / share
        self._told, self._trouble = told, trouble
        self._epoch = f"fill-{_WAY_OF_CUTTING}-{progress.digest[:24]}"

    async def run(self) -> None:
        """Until the end of the file. Raises `Hopeless`, `Invalid`."""
        done = self._progress.chunks
        for index, chunk in enumerate(self._reader.chunks()):
            if index < done:
                continue
            for row in chunk.bad:
                self._reject(row)
            for code, source in enumerate(chunk.sources):
                await self._carry(source, chunk, np.flatnonzero(chunk.source == code))
            self._progress.chunks = index + 1
            self._progress.keep()

    async def _carry(self, source: str, chunk: Chunk, rows: NDArray[np.int64]) -> None:
        """The rows of one source, in batches."""
        if not len(rows):
            return
        if source not in self._doors:
            words = Text(f"没有网关 {source} 的密钥", f"there is no key for the gateway {source}")
            for line in chunk.line[rows]:
                self._reject(BadRow(int(line), words))
            return
        columns = chunk.columns
        mine = Columns(
            columns.tags,
            columns.units,
            columns.tag[rows],
            columns.event_ms[rows],
            columns.value[rows],
            columns.quality[rows],
        )
        self._progress.repeated += len(rows)
        for sheet in sheets_of(mine):
            self._progress.repeated -= len(sheet)
            self._progress.sequences[source] = self._progress.sequences.get(source, 0) + 1
            began = self._pace.seconds()
            found = await self._send(source, sheet, self._progress.sequences[source])
            self._settle(sheet, found, chunk.line[rows])
            await self._pace.rest((self._pace.seconds() - began) * self._rest_per_busy)

    async def _send(self, source: str, sheet: Sheet, sequence: int) -> Verdict:
        """The door's verdict on one batch, however long it takes to get one."""
        epoch = self._epoch
        while True:
            body = body_of(sheet.payload(), source, epoch, sequence)
            try:
                found = verdict(await self._doors[source].post(body))
            except Trouble as trouble:
                found = Verdict(Fate.AGAIN, reason=str(trouble))
            if found.code in _HOPELESS:
                raise Hopeless(facts={"gateway": source, "answer": found.reason})
            if found.fate is Fate.ANEW and epoch == self._epoch:
                epoch += "-again"  # perhaps stored already; the history takes a reading twice as one
                continue
            if found.fate is not Fate.AGAIN:
                self._backoff.worked()
                return found
            self._trouble(found.reason)
            await self._pace.rest(self._backoff.failed(found.wait_s))

    def _settle(self, sheet: Sheet, found: Verdict, line: NDArray[np.int64]) -> None:
        if found.duplicate:
            self._progress.repeated += len(sheet)
            return
        places = sheet.origin.ravel()
        for index, code in found.rejections:
            if places[index] >= 0:
                self._reject(BadRow(int(line[places[index]]), _words_of(code)))
        if found.fate is Fate.TAKEN or found.rejections:
            self._progress.rejected += found.unlisted
            self._progress.accepted += len(sheet) - len(found.rejections) - found.unlisted
            return
        for place in places[places >= 0]:
            self._reject(BadRow(int(line[place]), _words_of(found.code)))

    def _reject(self, row: BadRow) -> None:
        self._progress.rejected += 1
        self._told(row)


def _words_of(code: str) -> Text:
    """The door's reason in both languages."""
    for reasons in (Reject, Refusal):
        for reason in reasons:
            if reason.value == code:
                return reason.label
    return Text(code, code)
