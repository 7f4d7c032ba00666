"""What several commands share: the data folder, the running system's environment."""

import argparse
import os
from pathlib import Path
from typing import Any

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.console import say
from anlan.server.supervisor.folders import data_folder
from anlan.server.supervisor.status import read_run

Commands = Any
"""What ``add_subparsers`` returns; argparse gives its type no public name."""


class NotRunning(Problem):
    """The command needs a running system."""

    code = "not_running"
    status = 503
    title = Text("系统没有在运行", "The system is not running")
    next_step = Text(
        "请先用 ./start 启动，或用 --data 指明数据目录",
        "Start it with ./start, or name its folder with --data",
    )


def add_command(commands: Commands, name: str, summary: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=say(summary), description=say(summary))
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    words = Text("数据目录（默认 .anlan）", "data folder (default .anlan)")
    parser.add_argument("--data", type=Path, metavar="DIR", help=say(words))


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=say(Text("输出 JSON", "print JSON")))


def chosen_data(options: argparse.Namespace) -> Path:
    """``--data``, else ``ANLAN_DATA``, else the default for this checkout."""
    given: Path | None = options.data
    if given is None and os.environ.get("ANLAN_DATA"):
        given = Path(os.environ["ANLAN_DATA"])
    return data_folder(given, checkout_folder())


def checkout_folder() -> Path:
    """The checkout that ./start was called in, or the folder of the source tree, or here."""
    given = os.environ.get("ANLAN_CHECKOUT", "")
    if given:
        return Path(given)
    source = Path(__file__).resolve().parents[4]
    return source if (source / "pyproject.toml").exists() else Path.cwd()


def enter_system(options: argparse.Namespace) -> None:
    """Take on the environment of the running system; what is set already stays as it is."""
    if os.environ.get("DATABASE_URL") and os.environ.get("ANLAN_RUN"):
        return
    said = read_run(chosen_data(options))
    if said is None:
        raise NotRunning
    for name, value in said["environment"].items():
        os.environ.setdefault(name, value)


def set_up_django() -> None:
    """Make the ORM usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.server.settings")
    import django

    django.setup()
