"""Readings of the past out of files: every row becomes a reading or is told with its line and reason."""

import asyncio
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.edge.conftest import KEY, SOURCE, Answer, Hour, Middle, refused, taken

from anlan.edge.backfill import Backfill, Hopeless, Progress, digest_of
from anlan.edge.core.pace import Backoff
from anlan.edge.door import DoorClient
from anlan.edge.files import BadRow, Reader
from anlan.kernel.errors import Invalid
from anlan.stream.contract import decode

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
MARCH_MS = 1_772_323_200_000


class Hurry(Hour):
    """Nobody waits."""

    async def rest(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        self._now_s += seconds
        await asyncio.sleep(0)


def csv(folder: Path, *rows: str, head: str = "source,tag,time,value,quality") -> Path:
    file = folder / "past.csv"
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return file


async def fill(door, file: Path, *, keys=(SOURCE,), pace=None, **reading) -> tuple[Progress, list[BadRow]]:
    told: list[BadRow] = []
    progress = Progress.of(file.with_suffix(".progress"), digest_of(file))
    doors = {source: DoorClient(door.url, source, KEY) for source in keys}
    try:
        await Backfill(
            Reader(file, **reading), doors, progress, pace or Hurry(), Backoff(Middle()),
            told=told.append, trouble=lambda reason: None,
        ).run()  # fmt: skip
    finally:
        for client in doors.values():
            await client.close()
    return progress, told


async def test_rows_of_a_csv_arrive_with_their_time_value_and_quality(tmp_path, door) -> None:
    file = csv(
        tmp_path,
        "tank-farm,T-101,2026-03-01T00:00:00Z,20.5,good",
        "tank-farm,T-101,2026-03-01T08:00:01+08:00,20.6,uncertain",
        "tank-farm,L-101,2026-03-01T00:00:00.250Z,3.1,",
    )
    progress, told = await fill(door, file)
    assert (progress.accepted, progress.rejected, told) == (3, 0, [])
    assert door.readings() == {
        ("T-101", MARCH_MS, 20.5),
        ("T-101", MARCH_MS + 1000, 20.6),
        ("L-101", MARCH_MS + 250, 3.1),
    }
    (batch,) = door.batches
    assert batch["epoch"].startswith("fill-") and decode(json.dumps(batch).encode())
    assert sorted(code for row in batch["quality"] for code in row)[-1] == 1


async def test_every_row_that_is_none_is_told_by_its_line_and_takes_no_neighbour_along(
    tmp_path, door
) -> None:
    file = csv(
        tmp_path,
        "tank-farm,T-101,2026-03-01T00:00:00Z,20.5,good",
        "tank-farm,T-101,2026-03-01 00:00:01,20.5,good",
        "tank-farm,T-101,yesterday,20.5,good",
        "tank-farm,T-101,2026-03-01T00:00:02Z,warm,good",
        "tank-farm,T-101,2026-03-01T00:00:03Z,1e999,good",
        "tank-farm,T-101,2026-03-01T00:00:04Z,20.5,fine",
        "tank-farm,,2026-03-01T00:00:05Z,20.5,good",
        ",T-101,2026-03-01T00:00:06Z,20.5,good",
        "tank-farm,T-101,2026-03-01T00:00:07Z",
        "",
        "stranger,T-101,2026-03-01T00:00:08Z,20.5,good",
        "tank-farm,T-101,2026-03-01T00:00:09Z,20.9,4",
    )
    progress, told = await fill(door, file)
    assert {row.line: row.words.en for row in told} == {
        3: "the time has no offset from UTC; is it --beijing?",
        4: "'yesterday' is no time",
        5: "'warm' is no finite number",
        6: "'1e999' is no finite number",
        7: "'fine' is no quality",
        8: "the tag is missing",
        9: "the source is missing",
        10: "3 columns, not 5",
        12: "there is no key for the gateway stranger",
    }
    assert all(row.words.zh != row.words.en for row in told)
    assert door.readings() == {("T-101", MARCH_MS, 20.5), ("T-101", MARCH_MS + 9000, 20.9)}
    assert (progress.accepted, progress.rejected) == (2, 9)


async def test_what_the_door_rejects_is_told_by_the_line_it_came_from(tmp_path, door) -> None:
    rows = [f"tank-farm,T-{row % 3},2026-03-01T00:00:{row // 3:02}Z,{row},good" for row in range(30)]

    def without_t1(batch: dict) -> Answer:
        """Every reading of T-1 is unknown to this door."""
        width = len(batch["points"])
        unknown = [
            {"index": row * width + column, "code": "unknown_point"}
            for row in range(len(batch["times_ms"]))
            for column, tag in enumerate(batch["points"])
            if tag == "T-1"
        ]
        said = {"accepted": 20, "rejected": unknown, "rejected_total": len(unknown)}
        return Answer(body=json.dumps(said).encode())

    door.answer = without_t1
    progress, told = await fill(door, csv(tmp_path, *rows))
    assert sorted(row.line for row in told) == [2 + row for row in range(30) if row % 3 == 1]
    assert {row.words.en for row in told} == {"this gateway has no such point"}
    assert (progress.accepted, progress.rejected) == (20, 10)


async def test_times_of_the_field_may_be_milliseconds_or_beijing_s(tmp_path, door) -> None:
    file = csv(tmp_path, f"T,{MARCH_MS},1", "T,2026-03-01T08:00:01,2", head="tag,time,value")
    _, told = await fill(door, file, source=SOURCE, zone=timezone(timedelta(hours=8)))
    assert not told
    assert door.readings() == {("T", MARCH_MS, 1.0), ("T", MARCH_MS + 1000, 2.0)}


@pytest.mark.parametrize("kind", ["utc", "text", "milliseconds"])
async def test_parquet_of_a_historian_in_whatever_time_it_keeps(tmp_path, door, kind: str) -> None:
    count = 5_000
    at = np.arange(count) * 1000 + MARCH_MS
    times = {
        "utc": pa.array(at.astype("datetime64[ms]")).cast(pa.timestamp("us", "UTC")),
        "text": pa.array([datetime.fromtimestamp(one / 1000, UTC).isoformat() for one in at]),
        "milliseconds": pa.array(at),
    }[kind]
    table = pa.table({"tag": ["T-101"] * count, "time": times, "value": np.arange(count) / 8})
    pa.parquet.write_table(table, tmp_path / "past.parquet")
    progress, told = await fill(door, tmp_path / "past.parquet", source=SOURCE)
    assert (progress.accepted, told) == (count, [])
    assert len(door.readings()) == count
    assert ("T-101", MARCH_MS + 4_999_000, 4999 / 8) in door.readings()


async def test_a_run_that_was_cut_off_goes_on_and_its_batches_keep_their_identity(tmp_path, door) -> None:
    rows = [f"tank-farm,T-{row % 40},2026-03-01T{row // 40 // 3600:02}:{row // 40 // 60 % 60:02}:{row // 40 % 60:02}Z,{row},good" for row in range(150_000)]  # fmt: skip  # noqa: E501
    file = csv(tmp_path, *rows)

    def broken(batch: dict) -> Answer:
        if door.requests == 4:
            raise KeyboardInterrupt
        return taken(batch)

    class CutOff(Exception):
        pass

    class Interrupted(Hurry):
        async def rest(self, seconds: float, unless: asyncio.Event | None = None) -> None:
            await super().rest(seconds)
            if door.requests == 5:
                raise CutOff

    with pytest.raises(CutOff):
        await fill(door, file, pace=Interrupted())
    assert door.requests == 5
    first = {key: batch["values"] for key, batch in door.stored.items()}
    progress, told = await fill(door, file)
    assert not told and progress.accepted == 150_000
    assert len(door.readings()) == 150_000
    assert all(door.stored[key]["values"] == values for key, values in first.items()), (
        "the same batch, the same name"
    )
    assert door.requests < 2 * len(door.stored), "whole chunks are not sent again"


async def test_the_door_s_outage_is_waited_out(tmp_path, door) -> None:
    door.answer = lambda batch: (
        taken(batch) if door.requests > 3 else refused(503, "log_full", Retry_After="10")
    )
    progress, _ = await fill(door, csv(tmp_path, "tank-farm,T,2026-03-01T00:00:00Z,1,good"))
    assert (progress.accepted, door.requests) == (1, 4)


async def test_a_batch_too_old_to_be_told_from_a_duplicate_goes_under_another_name(tmp_path, door) -> None:
    door.answer = lambda batch: (
        taken(batch) if batch["epoch"].endswith("-again") else refused(409, "sequence_too_old")
    )
    progress, told = await fill(door, csv(tmp_path, "tank-farm,T,2026-03-01T00:00:00Z,1,good"))
    assert (progress.accepted, told) == (1, [])


async def test_a_wrong_key_ends_it_with_words(tmp_path, door) -> None:
    door.answer = lambda batch: refused(401, "wrong_key")
    with pytest.raises(Hopeless):
        await fill(door, csv(tmp_path, "tank-farm,T,2026-03-01T00:00:00Z,1,good"))


@pytest.mark.parametrize(
    ("head", "missing"),
    [("tag,when,value", "time"), ("tag,time,value", "source"), ("a,b", "tag, time, value")],
)
async def test_a_file_without_the_columns_is_refused_by_name(tmp_path, door, head: str, missing: str) -> None:
    row = ",".join("1" * len(head.split(",")))
    with pytest.raises(Invalid, match=missing):
        await fill(door, csv(tmp_path, row, head=head))


async def test_files_that_are_none(tmp_path, door) -> None:
    file = tmp_path / "past.parquet"
    file.write_bytes(b"PAR0 not really")
    with pytest.raises(Invalid, match="no Parquet"):
        await fill(door, file)
    empty = tmp_path / "past.csv"
    empty.write_bytes(b"")
    with pytest.raises(Invalid, match="no CSV"):
        await fill(door, empty)


async def test_a_file_with_a_heading_only_is_nothing_and_no_mistake(tmp_path, door) -> None:
    progress, told = await fill(door, csv(tmp_path))
    assert (progress.accepted, told, door.requests) == (0, [], 0)
