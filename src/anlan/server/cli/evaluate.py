"""``anlan eval NAME``: how learned or tuned parts do on their data."""

import argparse

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_json
from anlan.server.supervisor.compiled import keep_compiled_kernels


def add_parser(commands: Commands) -> None:
    words = Text("评测学习或整定的部分", "evaluate learned or tuned parts")
    parser = add_command(commands, "eval", words)
    parser.add_argument("name", nargs="?", default="all")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    keep_compiled_kernels()
    from anlan.server.cli.reports import find_suites, print_reports, run_suites

    reports = run_suites(find_suites("evaluation", ("science", "domains")), options.name)
    return print_reports(reports, as_json=options.json, single=options.name != "all")
