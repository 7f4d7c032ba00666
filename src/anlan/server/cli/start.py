"""``anlan start``: the whole system in the foreground; ./start calls it."""

import argparse
import os
import re
from pathlib import Path

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, chosen_data
from anlan.server.supervisor.console import Console, say
from anlan.server.supervisor.layout import External, Layout, Options
from anlan.server.supervisor.ports import LAST_PORT

DEFAULT_PORT = 8600
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\Z", re.IGNORECASE)
_FACTORS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


def add_parser(commands: Commands) -> None:
    words = Text("启动整个系统（前台，Ctrl-C 停止）", "start everything (Ctrl-C stops it)")
    parser = add_command(commands, "start", words)
    add_data(parser)
    port = Text("网页端口", "port of the web face")
    host = Text("网页监听地址；0.0.0.0 对外开放", "address of the web face; 0.0.0.0 opens it to others")
    limit = Text("遥测日志上限，如 4G", "limit of the telemetry log, such as 4G")
    setup = Text("只做准备，不启动", "only set up, start nothing")
    no_demo = Text("不装演示数据", "without the demonstration")
    parser.add_argument("--setup", action="store_true", help=say(setup))
    parser.add_argument("--port", type=port_number, help=f"{say(port)} ({DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help=say(host))
    parser.add_argument(
        "--data-limit", type=size_in_bytes, default=4 * 1024**3, metavar="SIZE", help=say(limit)
    )
    parser.add_argument("--no-demo", action="store_true", help=say(no_demo))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from anlan.server.supervisor.supervisor import run_system

    chosen = Options(
        data=chosen_data(options),
        host=options.host,
        port=options.port or DEFAULT_PORT,
        demo=not options.no_demo,
        data_limit_bytes=options.data_limit,
    )
    layout = Layout(chosen, External.from_environment(os.environ))
    console = Console()

    def announce(url: str) -> None:
        console.line(Text(f"\n安澜已就绪：{url}", f"\nanlan is ready: {url}"))
        if chosen.demo:
            _show_logins(console, chosen.data)
        console.line(Text("按 Ctrl-C 停止\n", "Ctrl-C stops it\n"))

    status = run_system(
        layout, port_is_fixed=options.port is not None, setup_only=options.setup, on_ready=announce
    )
    if status == 0:
        console.line(Text("准备完成", "Set up") if options.setup else Text("已停止", "Stopped"))
    return status


def port_number(text: str) -> int:
    """A TCP port.

    >>> port_number("8600")
    8600
    """
    if not text.isdecimal() or not 0 < int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(say(Text(f"不是端口：{text}", f"not a port: {text}")))
    return int(text)


def size_in_bytes(text: str) -> int:
    """Bytes of a size such as ``500M``, ``4G`` or ``2.5 GiB``.

    >>> size_in_bytes("2K")
    2048
    """
    found = _SIZE.match(text.strip())
    if not found:
        raise argparse.ArgumentTypeError(say(Text(f"不是大小：{text}", f"not a size: {text}")))
    return int(float(found[1]) * _FACTORS[found[2].upper()])


def _show_logins(console: Console, data: Path) -> None:
    """The generated demonstration logins, from their private file."""
    path = data / "demo" / "logins.txt"
    if path.exists():
        console.line(Text(f"演示账号（存于 {path}）：", f"Demonstration logins (kept in {path}):"))
        for line in path.read_text().splitlines():
            console.line(Text(f"  {line}", f"  {line}"))
