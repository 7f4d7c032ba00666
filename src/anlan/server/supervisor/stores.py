"""The embedded stores as supervised processes, with their health."""

import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path

import psycopg

from anlan.server.supervisor.child import Child, Spec
from anlan.server.supervisor.launching import executed
from anlan.server.supervisor.nats import BrokerAccount, EmbeddedNats
from anlan.server.supervisor.postgres import EmbeddedPostgres

_QUERY_S = 5
_ROOM_AGAIN_BYTES = 64 * 10**6
_SAYS_FULL = ("no space left on device", "disk quota exceeded")


class PostgresKeeper:
    """PostgreSQL under the supervisor."""

    name = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._databases_seen_to = False

    def spec(self) -> Spec:
        return Spec(
            name=self.name,
            launch=executed(
                self._server.command,
                {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                user=self._server.user,
                death_signal=signal.SIGINT,
            ),
            ready=self._ready,
            prepare=lambda: asyncio.to_thread(self._server.prepare),
            stop_signal=signal.SIGINT,
            stop_s=60.0,
            own_session=False,
        )

    async def health(self) -> tuple[bool, dict[str, object]]:
        """Whether a query is answered, and how many connections there are."""
        try:
            return True, await asyncio.to_thread(self._measure)
        except psycopg.Error as error:
            return False, {"error": str(error).splitlines()[0] if str(error) else type(error).__name__}

    async def _ready(self, started_at: float) -> bool:
        try:
            await asyncio.to_thread(self._see_to_databases)
        except psycopg.OperationalError:
            return False
        return True

    def _see_to_databases(self) -> None:
        if not self._databases_seen_to:
            self._server.ensure_database()
            self._databases_seen_to = True
        else:
            psycopg.connect(self._server.app_url, connect_timeout=_QUERY_S).close()

    def _measure(self) -> dict[str, object]:
        with psycopg.connect(self._server.app_url, connect_timeout=_QUERY_S) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), count(*), pg_database_size(current_database())"
                " FROM pg_stat_activity WHERE datname = current_database()"
            ).fetchone()
        version, connections, size = row or ("", 0, 0)
        return {"version": version, "connections": connections, "database_mb": round(size / 1e6, 1)}


class NatsKeeper:
    """NATS under the supervisor; follows the list of gateways in ``accounts_path``.

    A stream that found the disk full is started again once there is room. After
    any other failure to write (a dying disk) it is not: what it then found in
    its file might never have reached the medium.
    """

    name = "nats"

    def __init__(self, server: EmbeddedNats, accounts_path: Path) -> None:
        self._server = server
        self._accounts_path = accounts_path
        self._seen_ns = -1
        self._starved = False

    def spec(self) -> Spec:
        return Spec(
            name=self.name,
            launch=executed(self._server.command, {}),
            ready=self._ready,
            prepare=self._prepare,
            hung=self._starved_no_longer,
        )

    async def health(self) -> tuple[bool, dict[str, object]]:
        """Whether it greets and all its streams can be written, and where gateways reach it."""
        if not await asyncio.to_thread(self._server.answers):
            return False, {"error": "no greeting"}
        detail: dict[str, object] = {
            "mqtt_port": self._server.ports.mqtt,
            "gateways": len(self._server.accounts),
        }
        trouble = await asyncio.to_thread(self._server.trouble)
        self._starved = any(words in trouble.lower() for words in _SAYS_FULL)
        return (False, {**detail, "error": trouble}) if trouble else (True, detail)

    def follow_accounts(self, child: Child) -> None:
        """Have the server read its configuration again when the list of gateways has changed."""
        if self._changed() and self._server.write_accounts(read_accounts(self._accounts_path)):
            child.reload()

    async def _prepare(self) -> None:
        self._changed()
        self._starved = False
        self._server.prepare(read_accounts(self._accounts_path))

    async def _ready(self, started_at: float) -> bool:
        return await asyncio.to_thread(self._server.answers)

    def _starved_no_longer(self, started_at: float) -> bool:
        return self._starved and self._server.room_bytes() > _ROOM_AGAIN_BYTES

    def _changed(self) -> bool:
        with suppress(FileNotFoundError):
            written_ns = self._accounts_path.stat().st_mtime_ns
            changed, self._seen_ns = written_ns != self._seen_ns, written_ns
            return changed
        return False


def read_accounts(path: Path) -> list[BrokerAccount]:
    """The gateways of the file that the relay writes; none when it is missing or broken."""
    try:
        return [BrokerAccount(str(row["source"]), str(row["bcrypt"])) for row in json.loads(path.read_text())]
    except (OSError, ValueError, KeyError, TypeError):
        return []
