"""``anlan validate NAME|all``: our numbers beside sourced ones."""

import argparse
import os
from pathlib import Path

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_json, checkout_folder
from anlan.server.supervisor.compiled import keep_compiled_kernels
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    words = Text("与有出处的数值对照（all 写入 docs）", "compare with sourced numbers (all writes docs)")
    parser = add_command(commands, "validate", words)
    parser.add_argument("name", nargs="?", default="all")
    recorded = Text(
        "SKAB 六次试验的 Parquet 文件（GPL，不随产品提供；也可用 ANLAN_SKAB）",
        "Parquet file of the six SKAB runs (GPL, not packaged; or ANLAN_SKAB)",
    )
    parser.add_argument("--skab", type=Path, metavar="FILE", default=None, help=say(recorded))
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    keep_compiled_kernels()
    from anlan.server.cli.reports import find_suites, print_reports, run_suites, write_report

    skab = options.skab or os.environ.get("ANLAN_SKAB")
    inputs = {"alarms": Path(skab).read_bytes()} if skab else {}
    reports = run_suites(find_suites("validation", ("science",)), options.name, inputs)
    docs = checkout_folder() / "docs"
    if options.name == "all" and docs.is_dir():
        write_report(reports, docs / "validation.md")
    return print_reports(reports, as_json=options.json, single=options.name != "all")
