"""Checking the chain over the audit rows, by computing every link anew outside the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import connection

from anlan.kernel.errors import Forbidden
from anlan.kernel.text import LabelledEnum, Text

OVERDUE_S = 60.0
"""The sealer works every second: what still waits after a minute waits for a sealer that is gone."""

_LINKS = """
    SELECT s.position, s."row", s.xid, s.sha256, r.id IS NOT NULL, audit.canonical(r)
    FROM audit_seal s LEFT JOIN audit_row r ON r.id = s."row" ORDER BY s.position"""

_UNSEALED = """
    SELECT r.id, (r.xid, r.id) <= (last.xid, last."row"), r.at < clock_timestamp() - %s * interval '1 second'
    FROM audit_row r
    LEFT JOIN (SELECT xid, "row" FROM audit_seal ORDER BY position DESC LIMIT 1) last ON true
    WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s."row" = r.id) ORDER BY r.id"""


class Fault(LabelledEnum):
    """What is wrong with an audit row or its link."""

    ALTERED = "altered", "内容或链值被改动", "Row or link altered"
    ROW_MISSING = "row_missing", "审计记录缺失", "Row missing"
    LINK_MISSING = "link_missing", "链值缺失", "Link missing"
    REORDERED = "reordered", "顺序被改动", "Order changed"
    SLIPPED_IN = "slipped_in", "事后插入", "Slipped in behind the chain"
    HEAD_DIFFERS = "head_differs", "与留存链头不符", "Differs from the head kept elsewhere"


@dataclass(frozen=True)
class Finding:
    """One fault: the link's position (0 if it has none) and the audit row's id (0 if unknown)."""

    fault: Fault
    position: int
    row: int


@dataclass(frozen=True)
class Head:
    """The chain's last link at some moment: worth keeping outside this database."""

    position: int
    sha256: str


@dataclass
class Report:
    """What `verify` found. *unsealed* rows are new, not wrong; *overdue* are those nobody seals.

    As long as a row waits, a change of it goes unnoticed.
    """

    head: Head = field(default_factory=lambda: Head(0, ""))
    sealed: int = 0
    unsealed: list[int] = field(default_factory=list)
    overdue: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.findings


def verify(kept_heads: Sequence[Head] = ()) -> Report:
    """Compute every link again, in a scope that sees everything, and name each row that does not fit.

    Heads kept elsewhere catch what the chain alone cannot: an end cut off, or
    a chain computed anew. Raises `Forbidden` when some rows are out of sight.
    """
    _require_full_sight()
    report = Report()
    expected = {head.position: head.sha256 for head in kept_heads}
    previous, order = b"", (0, 0)
    for position, row, xid, link, present, canonical in _stream(_LINKS):
        for absent in range(report.head.position + 1, position):
            report.findings.append(Finding(Fault.LINK_MISSING, absent, 0))
        stored = bytes(link)
        if not present:
            report.findings.append(Finding(Fault.ROW_MISSING, position, row))
        elif sha256(previous + canonical.encode()).digest() != stored:
            report.findings.append(Finding(Fault.ALTERED, position, row))
        if (xid, row) <= order:
            report.findings.append(Finding(Fault.REORDERED, position, row))
        if expected.pop(position, stored.hex()) != stored.hex():
            report.findings.append(Finding(Fault.HEAD_DIFFERS, position, row))
        previous, order = stored, (xid, row)
        report.head = Head(position, stored.hex())
        report.sealed += 1
    report.findings += [Finding(Fault.HEAD_DIFFERS, position, 0) for position in sorted(expected)]
    for row, behind, late in _stream(_UNSEALED, [OVERDUE_S]):
        if behind:
            report.findings.append(Finding(Fault.SLIPPED_IN, 0, row))
            continue
        report.unsealed.append(row)
        if late:
            report.overdue.append(row)
    return report


def _require_full_sight() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope.sees_everything()")
        if not cursor.fetchone()[0]:
            raise Forbidden(
                Text("校验审计链需要全区范围", "Verifying the chain needs sight of the whole region")
            )


def _stream(query: str, parameters: Sequence[float] = ()) -> Iterator[tuple]:  # type: ignore[type-arg]
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(2000):
            yield from rows
