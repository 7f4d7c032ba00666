"""``anlan validate NAME|all``: our numbers beside sourced ones."""

import argparse

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_json, checkout_folder


def add_parser(commands: Commands) -> None:
    words = Text("与有出处的数值对照（all 写入 docs）", "compare with sourced numbers (all writes docs)")
    parser = add_command(commands, "validate", words)
    parser.add_argument("name", nargs="?", default="all")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from anlan.server.cli.reports import find_suites, print_reports, run_suites, write_report

    reports = run_suites(find_suites("validation", ("science",)), options.name)
    docs = checkout_folder() / "docs"
    if options.name == "all" and docs.is_dir():
        write_report(reports, docs / "validation.md")
    return print_reports(reports, as_json=options.json, single=options.name != "all")
