"""``anlan thread export``: everything about one matter as one document."""

import argparse
import json
from pathlib import Path
from uuid import UUID

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, enter_system, set_up_django
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "thread", Text("导出事件线索", "export a thread"))
    parser.add_argument("action", choices=["export"])
    parser.add_argument("thread", type=UUID, help=say(Text("线索编号", "the thread's id or name")))
    parser.add_argument("-o", "--output", type=Path, help=say(Text("输出文件", "file to write")))
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    enter_system(options)
    set_up_django()
    from anlan.platform.commands import acting_as, read_scope, service_principal
    from anlan.platform.threads.export import export_thread, thread_named

    with acting_as(service_principal("console")), read_scope():
        text = json.dumps(export_thread(thread_named(options.thread)), ensure_ascii=False, indent=1)
    if options.output is None:
        print(text)
    else:
        options.output.write_text(text + "\n")
    return 0
