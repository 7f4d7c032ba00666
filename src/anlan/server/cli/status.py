"""``anlan status``: how the running system fares."""

import argparse
import json

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, add_json, chosen_data
from anlan.server.supervisor.console import say
from anlan.server.supervisor.status import Fare, ProcessStatus, SystemStatus, system_status


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "status", Text("查看运行状态", "show how the system fares"))
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 0 when healthy, 1 when degraded, 3 when down."""
    found = system_status(chosen_data(options))
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2, default=str))
    else:
        _print_table(found)
    return {Fare.HEALTHY: 0, Fare.DEGRADED: 1, Fare.DOWN: 3}[found.fare]


def _print_table(found: SystemStatus) -> None:
    print(f"{say(found.fare.label)}  {found.url}  {found.data}")
    if found.external:
        print(f"  {say(Text('外部服务', 'stores of your own'))}: {', '.join(found.external)}")
    for process in found.processes:
        print(
            f"  {process.name:<10} {say(process.fare.label):<9} pid {process.pid or '-':<8} "
            f"{say(Text('重启', 'restarts'))} {process.restarts:<3} {_detail(process)}"
        )


def _detail(process: ProcessStatus) -> str:
    return "  ".join(
        f"{name}={value}" for name, value in process.detail.items() if not isinstance(value, dict)
    )
