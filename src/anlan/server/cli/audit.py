"""``anlan audit verify``: whether the audit trail is whole."""

import argparse
import json
from dataclasses import asdict

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, add_json, enter_system, set_up_django
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "audit", Text("核验审计记录", "verify the audit trail"))
    parser.add_argument("action", choices=["verify"])
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 1 when a row is broken."""
    enter_system(options)
    set_up_django()
    from anlan.platform.audit.verification import verify
    from anlan.platform.commands import acting_as, read_scope, service_principal

    with acting_as(service_principal("console")), read_scope():
        report = verify()
    if options.json:
        print(
            json.dumps({"intact": report.intact, **asdict(report)}, default=str, ensure_ascii=False, indent=2)
        )
    else:
        words = Text("审计记录完整", "The audit trail is whole")
        broken = Text("审计记录有损坏", "The audit trail is broken")
        print(say(words if report.intact else broken))
        for finding in report.findings:
            print(f"  {finding.position} {finding.row} {say(finding.fault.label)}")
    return 0 if report.intact else 1
