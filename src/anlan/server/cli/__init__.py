"""The command line ``anlan``: one file per command."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.console import Console, say
from anlan.server.supervisor.folders import folder_problem, is_about_folders

_COMMANDS = (
    "start",
    "status",
    "down",
    "run",
    "migrate",
    "audit",
    "thread",
    "bench",
    "validate",
    "simulate",
    "evaluate",
    "demo",
    "load",
    "collect",
)


def build_parser() -> argparse.ArgumentParser:
    """All commands; each module adds its own parser and sets ``run``."""
    parser = argparse.ArgumentParser(
        prog="anlan",
        description=say(
            Text(
                "安澜：开放的应急管理平台。一般用 ./start 启动；其余命令在另一个终端使用。",
                "anlan: an open emergency-management platform. ./start starts it; "
                "use the other commands from another shell.",
            )
        ),
    )
    commands = parser.add_subparsers(metavar=say(Text("命令", "COMMAND")), required=True)
    for name in _COMMANDS:
        import_module(f"anlan.server.cli.{name}").add_parser(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Problem as problem:
        Console().problem(problem)
        return 1
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            return _reader_gone()
        if not is_about_folders(error):
            raise
        Console().problem(folder_problem(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _reader_gone() -> int:
    """The reader of our output has gone (``| head``): nothing more to say, nothing to clean up."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
