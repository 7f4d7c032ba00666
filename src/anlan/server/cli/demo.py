"""``anlan demo load``: enterprises, points, limits and users of the demonstration."""

import argparse

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, chosen_data, enter_system, set_up_django
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "demo", Text("演示数据", "the demonstration's data"))
    parser.add_argument("action", choices=["load"])
    words = Text("只装有监测数据的装置", "only the plants that send readings")
    parser.add_argument("--plants-only", action="store_true", help=say(words))
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    enter_system(options)
    set_up_django()
    from anlan.demo.load import load, load_background

    if not options.plants_only:
        load_background()
    load(chosen_data(options))
    return 0
