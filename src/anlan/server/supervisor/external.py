"""Stores of the site's own: whether they are there and fit, and what their keepers are told.

Each is asked before anything is started, so that a wrong URL or a missing setting is a
sentence at once and not a process that never gets ready.
"""

import asyncio
import json
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote, urlsplit

import nats
import nats.errors
import psycopg
from psycopg.conninfo import conninfo_to_dict

from anlan.adapters.nats.connection import split_url
from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.binaries import MINIMUM_MAJOR
from anlan.server.supervisor.folders import make_private
from anlan.server.supervisor.layout import External
from anlan.server.supervisor.nats import MAX_PAYLOAD_BYTES, stable_bcrypt, users_block
from anlan.server.supervisor.secrets import write_private
from anlan.server.supervisor.stores import read_accounts

_PATIENCE_S = 30.0
_CONNECT_S = 3
_SEE_GUIDE = Text("见运维手册“自有的数据库与消息服务”一节", "See the operator guide, “Stores of your own”")


class StoreProblem(Problem):
    """A store of the site's own is not there, or does not fit."""

    code = "external_store"
    status = 503


class _NotYet(Exception):
    """The store does not answer; its words."""


async def reach(external: External, *, broker: bool = True) -> None:
    """Return when every store that is not ours answers and fits; a store may take a while to come up."""
    if external.app_url:
        await _until_it_answers("DATABASE_OWNER_URL", lambda: _check_owner(external.owner_url))
        await _until_it_answers("DATABASE_URL", lambda: _check_application(external))
    if external.nats_url and broker:
        await _until_it_answers("NATS_URL", lambda: _check_nats(external.nats_url))
        await _sign_in(external.nats_url)
    if external.clickhouse_url:
        await _until_it_answers("CLICKHOUSE_URL", lambda: _check_clickhouse(external.clickhouse_url))


async def _until_it_answers(name: str, check: Callable[[], None]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            await asyncio.to_thread(check)
        except _NotYet as words:
            if time.monotonic() > deadline:
                raise StoreProblem(
                    Text(f"{name} 所指的服务没有应答", f"What {name} names does not answer"),
                    next_step=_SEE_GUIDE,
                    facts={"answer": str(words)},
                ) from words
        else:
            return
        await asyncio.sleep(1)


def _check_owner(url: str) -> None:
    with _database(url) as connection:
        major = connection.info.server_version // 10_000
        encoding = connection.execute("SHOW server_encoding").fetchone()
    if major < MINIMUM_MAJOR:
        raise StoreProblem(
            Text(
                f"PostgreSQL {major} 过旧，至少需要 {MINIMUM_MAJOR}",
                f"PostgreSQL {major} is too old: {MINIMUM_MAJOR} is the least",
            ),
            next_step=_SEE_GUIDE,
        )
    if encoding != ("UTF8",):
        raise StoreProblem(
            Text("数据库编码不是 UTF8", "The database's encoding is not UTF8"), next_step=_SEE_GUIDE
        )


def _check_application(external: External) -> None:
    """The application role must be bound by row security: no superuser, no owner."""
    with _database(external.app_url) as connection:
        free = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        role = connection.info.user
    owner = conninfo_to_dict(external.owner_url).get("user")
    if free != (False,) or role == owner:
        raise StoreProblem(
            Text(
                f"应用角色 {role} 不受行级安全约束",
                f"Row security does not bind the application role {role}",
            ),
            next_step=Text(
                "DATABASE_URL 的角色不得为超级用户、不得有 BYPASSRLS、不得与 DATABASE_OWNER_URL 的相同",
                "The role of DATABASE_URL must be no superuser, have no BYPASSRLS, "
                "and not be that of DATABASE_OWNER_URL",
            ),
        )


def _database(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, connect_timeout=_CONNECT_S)
    except psycopg.OperationalError as error:
        raise _NotYet(str(error).strip()) from error
    except psycopg.ProgrammingError as error:  # no URL at all
        raise StoreProblem(Text("数据库地址无效", "Not a database URL"), next_step=_SEE_GUIDE) from error


def _check_nats(urls: str) -> None:
    """One server that answers is enough; it must have JetStream and take our largest messages."""
    refused = []
    for url in urls.split(","):
        try:
            greeting = _greeting(url.strip())
        except (OSError, ValueError) as error:
            refused.append(f"{urlsplit(url.strip()).hostname}: {error}")
            continue
        if not greeting.get("jetstream") or int(greeting.get("max_payload", 0)) < MAX_PAYLOAD_BYTES:
            raise StoreProblem(
                Text(
                    "NATS 须启用 JetStream，且 max_payload 不小于 8MB",
                    "NATS must have JetStream on, and a max_payload of at least 8MB",
                ),
                next_step=_SEE_GUIDE,
            )
        return
    raise _NotYet("\n".join(refused))


def _greeting(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 4222), timeout=_CONNECT_S) as server:
        line = server.recv(8192).split(b"\r\n")[0]
    if not line.startswith(b"INFO "):
        raise ValueError("no NATS server")
    said: dict[str, Any] = json.loads(line[5:])
    return said


async def _sign_in(urls: str) -> None:
    """The user of the URL must be let in, to JetStream too: the servers have included our file."""
    servers, credentials = split_url(urls)

    async def note(error: Exception) -> None:
        """What goes wrong is raised by the calls themselves."""

    try:
        client = await nats.connect(
            servers, allow_reconnect=False, connect_timeout=_CONNECT_S, error_cb=note, **credentials
        )
        await client.close()
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise StoreProblem(
            Text("NATS 拒绝了 NATS_URL 中的用户", "NATS does not let the user of NATS_URL in"),
            next_step=Text(
                "NATS 须包含本系统写出的 nats/gateways.conf 并重载，见运维手册",
                "NATS must include nats/gateways.conf of the data folder, and reload: see the operator guide",
            ),
            facts={"answer": str(error)},
        ) from error


def _check_clickhouse(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise StoreProblem(Text("CLICKHOUSE_URL 无效", "Not a ClickHouse URL"), next_step=_SEE_GUIDE)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (8443 if parts.scheme == "https" else 8123)
    try:
        with urllib.request.urlopen(f"{parts.scheme}://{host}:{port}/ping", timeout=_CONNECT_S):  # noqa: S310
            return
    except (URLError, OSError) as error:
        raise _NotYet(str(error)) from error


class BrokerFile:
    """``gateways.conf`` in *folder*: the users that a broker of the site's own must know.

    NATS includes it in its ``authorization`` and is told to reload when it changes; we cannot
    do that for a server that is not ours. It holds bcrypt hashes only.
    """

    def __init__(self, folder: Path, nats_url: str) -> None:
        self._folder = make_private(folder)
        parts = urlsplit(nats_url.split(",")[0].strip())
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._seen_ns = -1
        self.write()

    def follow(self) -> None:
        """Write it anew when the relay has written another list of gateways."""
        try:
            written_ns = (self._folder / "gateways.json").stat().st_mtime_ns
        except FileNotFoundError:
            return
        if written_ns != self._seen_ns:
            self.write()
            self._seen_ns = written_ns

    def write(self) -> None:
        """Write it when its text has changed."""
        hashed = stable_bcrypt(self._folder / "internal.bcrypt", self._password) if self._password else ""
        accounts = sorted(read_accounts(self._folder / "gateways.json"), key=lambda account: account.source)
        block = users_block(self._user if hashed else "", hashed, accounts)
        text = (
            f"# Written by anlan. Include it in NATS' authorization, reload NATS when it changes.\n{block}\n"
        )
        path = self._folder / "gateways.conf"
        if not path.exists() or path.read_text() != text:
            write_private(path, text)
