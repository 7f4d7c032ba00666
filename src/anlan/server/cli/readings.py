"""``anlan load readings FILE``: readings of the past through the door, as late data."""

import argparse
import asyncio
import csv
import json
import os
import random
import sys
import time
from pathlib import Path

from anlan.edge.backfill import Backfill, Progress, digest_of
from anlan.edge.core.pace import Backoff, RealPace
from anlan.edge.door import DoorClient
from anlan.edge.files import BadRow, Reader
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.server.supervisor.console import Console, say

_SHOWN = 20
_TELL_S = 2.0


def load(options: argparse.Namespace, door: str) -> int:
    """Load the file through *door*; the exit status is 1 when a row was not taken."""
    from anlan.codecs.times import BEIJING

    reader = Reader(options.file, options.source, BEIJING if options.beijing else None)
    progress = Progress.of(_beside(options.file, ".progress"), digest_of(options.file))
    if progress.chunks:
        _line(Text("接着上次继续", "going on where the last run ended"))
    asyncio.run(_load(reader, _keys(options), door, progress, options.share))
    progress.path.unlink(missing_ok=True)
    _line(
        Text(
            f"已接收 {progress.accepted} 条，未接收 {progress.rejected} 条，重复 {progress.repeated} 条",
            f"{progress.accepted} readings taken, {progress.rejected} not, {progress.repeated} repeated",
        )
    )
    if progress.rejected:
        rejected = _beside(options.file, ".rejected.csv")
        _line(Text(f"未接收的行及原因：{rejected}", f"rows that were not taken, with reasons: {rejected}"))
    return int(bool(progress.rejected))


async def _load(reader: Reader, keys: dict[str, str], door: str, progress: Progress, share: float) -> None:
    doors = {source: DoorClient(door, source, key) for source, key in keys.items()}
    with _Rejected(_beside(reader.path, ".rejected.csv"), anew=not progress.chunks) as rejected:
        telling = asyncio.create_task(_tell(progress))
        try:
            await Backfill(
                reader, doors, progress, RealPace(), Backoff(random.SystemRandom()),
                share=share, told=rejected.add, trouble=_trouble,
            ).run()  # fmt: skip
        finally:
            telling.cancel()
            for client in doors.values():
                await client.close()


class _Rejected:
    """The rows that were not taken: the first on the screen, all in a file that comes to be with the first."""

    def __init__(self, path: Path, *, anew: bool) -> None:
        self._path, self._shown = path, 0
        if anew:
            path.unlink(missing_ok=True)

    def __enter__(self) -> "_Rejected":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown > _SHOWN:
            _line(Text(f"……共 {self._shown} 行", f"... {self._shown} rows in all"))

    def add(self, row: BadRow) -> None:
        self._shown += 1
        if self._shown <= _SHOWN:
            _line(Text(f"第 {row.line} 行：{row.words.zh}", f"line {row.line}: {row.words.en}"))
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([row.line, row.words.zh, row.words.en])


async def _tell(progress: Progress) -> None:
    while True:
        await asyncio.sleep(_TELL_S)
        words = Text(f"已接收 {progress.accepted} 条……", f"{progress.accepted} readings taken ...")
        sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {say(words)}\n")


def _trouble(reason: str) -> None:
    Console().line(
        Text(f"平台暂不接收（{reason}），稍后重试", f"the door does not take it ({reason}), trying again")
    )


def _keys(options: argparse.Namespace) -> dict[str, str]:
    """The gateways' keys: of one from the environment, of several from a file ``{"SOURCE": "KEY"}``."""
    if options.keys is not None:
        try:
            keys = json.loads(options.keys.read_text("utf-8"))
        except ValueError as error:
            raise _no_keys(
                Text(f"密钥文件不是 JSON：{error}", f"The file of keys is no JSON: {error}")
            ) from error
        if isinstance(keys, dict) and all(isinstance(key, str) for key in keys.values()):
            return keys
        raise _no_keys(Text("密钥文件应为 {网关: 密钥}", 'The file of keys must be {"SOURCE": "KEY"}'))
    key = os.environ.get("ANLAN_GATEWAY_KEY")
    if not key or not options.source:
        raise _no_keys(Text("没有网关密钥", "There is no gateway's key"))
    return {options.source: key}


def _no_keys(words: Text) -> Invalid:
    next_step = Text(
        "用 --source 与环境变量 ANLAN_GATEWAY_KEY 给出一个网关，或用 --keys 给出多个",
        "Name one gateway with --source and ANLAN_GATEWAY_KEY, or several with --keys",
    )
    return Invalid(words, next_step=next_step)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _line(words: Text) -> None:
    print(say(words), flush=True)
