"""Where one system keeps what, which ports it has, and what its processes are told."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.supervisor.compiled import kernels_of
from anlan.server.supervisor.folders import make_private, make_run_folder, run_folder
from anlan.server.supervisor.ports import LAST_PORT, PortClaims
from anlan.server.supervisor.secrets import Secrets, write_private

SUPERVISED = "ANLAN_SUPERVISED"
"""Set in every process of a system to its data folder: how leftovers are recognised."""

_EXTERNAL = ("DATABASE_OWNER_URL", "DATABASE_URL", "NATS_URL", "CLICKHOUSE_URL")


class BadSettings(Problem):
    """Settings from the environment contradict each other."""

    code = "settings"
    status = 500


@dataclass(frozen=True)
class Options:
    """What the person who starts the system chose."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8600
    demo: bool = True
    data_limit_bytes: int = 4 * 1024**3


@dataclass(frozen=True)
class Ports:
    """The ports of one system; all but ``front`` and ``mqtt`` are loopback only."""

    front: int
    nats: int
    mqtt: int
    clickhouse: int
    nats_monitor: int


@dataclass(frozen=True)
class External:
    """Stores of the site's own, by URL; an empty one means the embedded store."""

    owner_url: str = ""
    app_url: str = ""
    nats_url: str = ""
    clickhouse_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "External":
        urls = [environment.get(name, "") for name in _EXTERNAL]
        if bool(urls[0]) != bool(urls[1]):
            raise BadSettings(
                Text(
                    "DATABASE_OWNER_URL 与 DATABASE_URL 必须同时设置",
                    "DATABASE_OWNER_URL and DATABASE_URL belong together: set both or neither",
                ),
                next_step=Text(
                    "前者用于迁移，后者为应用角色，见运维手册",
                    "The first migrates, the second is the application role: see the operator guide",
                ),
            )
        return cls(*urls)

    def names(self) -> list[str]:
        """The stores that are not ours, for people to see."""
        given = {
            "postgres": self.app_url,
            "nats": self.nats_url,
            "clickhouse": self.clickhouse_url,
        }
        return [name for name, url in given.items() if url]


@dataclass
class Layout:
    """One system's folders, secrets and ports."""

    options: Options
    external: External
    run: Path = field(init=False)
    secrets: Secrets = field(init=False)
    claims: PortClaims = field(init=False, default_factory=PortClaims)

    def __post_init__(self) -> None:
        given = os.environ.get("ANLAN_RUN", "")
        self.run = Path(given) if given else run_folder(self.options.data)
        self.secrets = Secrets(self.data / "secrets")

    @property
    def data(self) -> Path:
        return self.options.data

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run_json(self) -> Path:
        return self.data / "run.json"

    @property
    def run_before(self) -> bool:
        """Whether a system has run on this data folder."""
        return (self.data / "ports.json").exists()

    def make_folders(self) -> None:
        """Make what lies in the data folder, and the runtime folder; old health files go."""
        make_private(self.logs)
        make_run_folder(self.run)
        make_private(self.run / "health")
        for stale in (self.run / "health").glob("*.json"):
            stale.unlink()

    def remove_run_folder(self) -> None:
        """Remove what we have put into the runtime folder, and the folder if nothing else is in it."""
        shutil.rmtree(self.run / "health", ignore_errors=True)
        for name in ("web.sock", "door.sock", "nursery.sock"):
            (self.run / name).unlink(missing_ok=True)
        for folder in (self.run / "pg", self.run):
            with suppress(OSError):
                folder.rmdir()

    def choose_ports(self, front: int) -> Ports:
        """Last time's ports where they are still free, so that gateways find MQTT again."""
        path = self.data / "ports.json"
        known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        ports = Ports(
            front=front,
            nats=self.claims.keep_or_find(known.get("nats")),
            mqtt=self._mqtt_port(known.get("mqtt")),
            clickhouse=self.claims.keep_or_find(known.get("clickhouse")),
            nats_monitor=self.claims.keep_or_find(known.get("nats_monitor")),
        )
        write_private(path, json.dumps(asdict(ports)))
        return ports

    def _mqtt_port(self, known: int | None) -> int:
        host, port = _mqtt_listen()
        if not port or self.external.nats_url:
            return self.claims.keep_or_find(known)
        if self.claims.take(port, host) is not None:
            raise BadSettings(
                Text(f"MQTT 端口 {host}:{port} 无法监听", f"MQTT cannot listen on {host}:{port}"),
                next_step=Text("请修改 ANLAN_MQTT_LISTEN", "Change ANLAN_MQTT_LISTEN"),
            )
        return port

    def clickhouse_url(self, ports: Ports) -> str:
        if self.external.clickhouse_url:
            return self.external.clickhouse_url
        password = self.secrets.get("clickhouse_anlan")
        return f"http://anlan:{password}@127.0.0.1:{ports.clickhouse}/anlan"

    def environment(self, ports: Ports, *, app_url: str, nats_url: str) -> dict[str, str]:
        """What every process of ours is told. No owner URL: only migrations get that."""
        inherited = {name: value for name, value in os.environ.items() if name not in _EXTERNAL}
        facade = {} if self.external.clickhouse_url else {"ANLAN_FACADE_PORT": str(ports.clickhouse)}
        return {
            **inherited,
            SUPERVISED: str(self.data),
            "DJANGO_SETTINGS_MODULE": "anlan.server.settings",
            "ANLAN_DATA": str(self.data),
            "ANLAN_RUN": str(self.run),
            "DATABASE_URL": app_url,
            "NATS_URL": nats_url,
            "CLICKHOUSE_URL": self.clickhouse_url(ports),
            **facade,
            "ANLAN_SECRET_KEY": self.secrets.get("django_secret_key"),
            "ANLAN_SCOPE_SECRET": self.secrets.get("scope_secret"),
            "ANLAN_WEB_URL": f"unix:{self.run}/web.sock",
            "ANLAN_DOOR_URL": f"unix:{self.run}/door.sock",
            "ANLAN_FRONT_HOST": self.options.host,
            "ANLAN_FRONT_PORT": str(ports.front),
            "ANLAN_MQTT_PORT": str(ports.mqtt),
            "ANLAN_PARTITIONS": "1",
            "ANLAN_DEMO": "1" if self.options.demo else "0",
            "ANLAN_DATA_LIMIT": str(self.options.data_limit_bytes),
            "NUMBA_CACHE_DIR": str(kernels_of(self.data)),
            "PYTHONUNBUFFERED": "1",
        }

    def url(self, ports: Ports) -> str:
        host = "127.0.0.1" if self.options.host in ("0.0.0.0", "::") else self.options.host  # noqa: S104
        return f"http://{host}:{ports.front}/"


def python_command(*arguments: str) -> list[str]:
    """The command line of one of our own processes."""
    return [sys.executable, "-m", "anlan", *arguments]


def mqtt_host() -> str:
    return _mqtt_listen()[0]


def _mqtt_listen() -> tuple[str, int]:
    """Host and port of ``ANLAN_MQTT_LISTEN`` (HOST:PORT); loopback and 0 when unset."""
    given = os.environ.get("ANLAN_MQTT_LISTEN", "") or "127.0.0.1:0"
    host, _, port = given.rpartition(":")
    if not port.isdecimal() or int(port) > LAST_PORT:
        raise BadSettings(
            Text(f"ANLAN_MQTT_LISTEN 无效：{given}", f"ANLAN_MQTT_LISTEN is not valid: {given}"),
            next_step=Text("写作 地址:端口，例如 0.0.0.0:1883", "Write HOST:PORT, for example 0.0.0.0:1883"),
        )
    return host or "127.0.0.1", int(port)
