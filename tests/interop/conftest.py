"""One system and its plant, for peers that know nothing of us but the contract."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from tests.faults.plant import Records
from tests.system.conftest import open_folder
from tests.system.console import Terminal, started
from tests.system.gateway import make_plant

from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.postgres import DATABASE, EmbeddedPostgres
from anlan.server.supervisor.secrets import Secrets


@dataclass(frozen=True)
class Site:
    """A running system, the keys of its gateways, its MQTT port."""

    terminal: Terminal
    plant: Records

    @property
    def mqtt_port(self) -> int:
        port: int = self.terminal.told["ports"]["mqtt"]
        return port

    def database(self) -> psycopg.Connection:
        """A connection that no rule binds: to see what is really stored."""
        server = EmbeddedPostgres(
            self.terminal.data / "postgres",
            Path(self.terminal.told["run"]),
            secrets=Secrets(self.terminal.data / "secrets"),
        )
        return psycopg.connect(server.admin_url, dbname=DATABASE)

    @property
    def ingest_url(self) -> str:
        return f"{self.terminal.url}/ingest"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    folder: Path = open_folder()
    try:
        with started(folder / "data", "--no-demo", "--port", str(free_port())) as terminal:
            terminal.wait_until_ready()
            yield Site(terminal, make_plant(terminal))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
