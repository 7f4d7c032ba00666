"""``anlan migrate``: bring the database's tables up to date, as their owner."""

import argparse
import os

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, set_up_django


class NoOwner(Problem):
    """Migrations need the owner's URL."""

    code = "no_owner_url"
    status = 500
    title = Text("缺少 DATABASE_OWNER_URL", "DATABASE_OWNER_URL is not set")
    next_step = Text(
        "内置数据库由 ./start 自动迁移；外部数据库请设置 DATABASE_OWNER_URL 与 DATABASE_URL",
        "./start migrates the embedded database; for your own set DATABASE_OWNER_URL and DATABASE_URL",
    )


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "migrate", Text("迁移数据库", "migrate the database"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if not os.environ.get("DATABASE_OWNER_URL"):
        raise NoOwner
    set_up_django()
    from django.core.checks import Tags
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=1)
    # as the application role: row security, its owner and the audit triggers, as the database has them now
    call_command("check", databases=["default"], tags=[Tags.database])
    return 0
