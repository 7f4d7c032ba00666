"""``anlan run NAME``: one process of the system, told everything by its environment."""

import argparse

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command

NAMES = ("nursery", "historian", "evaluator", "door", "web", "front", "relay", "worker", "demo")


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "run", Text("运行单个进程（由 start 调用）", "run one process (start calls it)")
    )
    parser.add_argument("name", choices=NAMES)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from anlan.server import processes

    processes.run(options.name)
    return 0
