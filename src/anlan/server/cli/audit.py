"""``anlan audit verify``: whether the audit trail is whole."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, add_json, enter_system, set_up_django
from anlan.server.supervisor.console import say

if TYPE_CHECKING:
    from anlan.platform.audit.verification import Report

BROKEN, OVERDUE = 1, 3
"""Exit statuses; 2 is argparse's for a call that it does not understand."""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "audit", Text("核验审计记录", "verify the audit trail"))
    parser.add_argument("action", choices=["verify"])
    words = Text("另处留存的链头，可多次给出", "a head of the chain kept elsewhere; may be repeated")
    parser.add_argument("--head", action="append", default=[], metavar="POSITION:SHA256", help=say(words))
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 0 when all is whole, 1 when a row is broken, 3 when rows wait for a sealer that is gone."""
    enter_system(options)
    set_up_django()
    from anlan.platform.audit.verification import Head, verify
    from anlan.platform.commands import acting_as, read_scope, service_principal

    kept = [one.partition(":") for one in options.head]
    with acting_as(service_principal("console")), read_scope():
        report = verify([Head(int(position), sha256.lower()) for position, _, sha256 in kept])
    if options.json:
        said = {"intact": report.intact, **asdict(report)}
        print(json.dumps(said, default=str, ensure_ascii=False, indent=2))
    else:
        _print(report)
    if not report.intact:
        return BROKEN
    return OVERDUE if report.overdue else 0


def _print(report: "Report") -> None:
    whole = Text("审计记录完整", "The audit trail is whole")
    broken = Text("审计记录有损坏", "The audit trail is broken")
    print(say(whole if report.intact else broken))
    for finding in report.findings:
        print(f"  {finding.position} {finding.row} {say(finding.fault.label)}")
    print(say(Text(f"已封存 {report.sealed} 条", f"{report.sealed} rows sealed")))
    if report.head.position:
        head = f"{report.head.position}:{report.head.sha256}"
        print(say(Text(f"链头 {head}", f"head {head}")))
    for words, rows in (
        (Text("待封存", "not sealed yet"), report.unsealed),
        (Text("逾期未封存，请检查中继进程", "overdue: look after the relay process"), report.overdue),
    ):
        if rows:
            print(
                f"{say(words)} ({len(rows)}): {' '.join(map(str, rows[:20]))}{' …' if len(rows) > 20 else ''}"
            )
