"""``anlan down``: stop the running system from another shell."""

import argparse
import os
import signal
import time
from pathlib import Path

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, chosen_data
from anlan.server.supervisor.console import Console
from anlan.server.supervisor.leftovers import end_leftovers
from anlan.server.supervisor.locks import FolderLock

_PATIENCE_S = 120.0


class StillUp(Problem):
    """It did not stop in time."""

    code = "still_up"
    status = 500
    title = Text("系统未能在两分钟内停止", "The system did not stop within two minutes")
    next_step = Text("请查看数据目录下的日志", "See the logs in the data folder")


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "down", Text("停止系统", "stop the system"))
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    data = chosen_data(options)
    console = Console()
    lock = FolderLock(data / "lock")
    if not (data / "lock").exists() or lock.is_free():
        ended = end_leftovers(data)
        console.line(
            Text(
                f"系统没有在运行（清理了 {ended} 个遗留进程）",
                f"It was not running ({ended} leftovers ended)",
            )
        )
        return 0
    with console.step(Text("停止系统", "Stopping")):
        _stop(lock, data)
    return 0


def _stop(lock: FolderLock, data: Path) -> None:
    holder = lock.holder()
    if holder is not None:
        os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_S
    while not lock.is_free():
        if time.monotonic() > deadline:
            raise StillUp(facts={"data": str(data)})
        time.sleep(0.1)
