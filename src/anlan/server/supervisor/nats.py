"""A NATS server of our own: JetStream that syncs every write, and MQTT for gateways.

Gateways are NATS users that may publish ``in.SOURCE`` and subscribe to
``ack.SOURCE``, nothing else. Their passwords (the gateway keys, 256 random bits)
are in the configuration as bcrypt hashes only.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import bcrypt
import httpx

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text
from anlan.server.heartbeat import NO_TLS
from anlan.server.supervisor.folders import make_private
from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.secrets import Secrets, write_private
from anlan.server.supervisor.spawn import spawn

INTERNAL_USER = "anlan"
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
_KEY_COST = 4  # bcrypt's least: the secrets are 256 random bits, slowness would buy nothing
_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_START_S = 60.0
_STOP_S = 30.0
_MONITOR_S = 2.0


class NatsProblem(Problem):
    """The embedded broker cannot be started as things are."""

    code = "nats"
    status = 500


@dataclass(frozen=True)
class BrokerAccount:
    """A gateway as the broker knows it: its source name and the bcrypt hash of its key."""

    source: str
    password_bcrypt: str

    @property
    def usable(self) -> bool:
        """Whether the name is one subject token and the hash is one: neither can break the file."""
        return bool(_SOURCE.match(self.source)) and self.password_bcrypt.startswith("$2")


@dataclass(frozen=True)
class BrokerPorts:
    """Where the broker listens: clients and questions after its health on loopback, MQTT where gateways reach it."""

    client: int
    mqtt: int
    monitor: int
    mqtt_host: str = "127.0.0.1"

    @classmethod
    def free(cls) -> "BrokerPorts":
        """Three that nobody listens on at this moment."""
        return cls(free_port(), free_port(), free_port())


class EmbeddedNats:
    """The server with its store in ``data_dir/jetstream``."""

    def __init__(
        self,
        data_dir: Path,
        ports: BrokerPorts,
        *,
        secrets: Secrets | None = None,
        durable: bool = True,
        max_store_bytes: int = 0,
    ) -> None:
        self._data = data_dir.absolute()
        self.ports = ports
        self._secrets = secrets or Secrets(self._data / "secrets")
        self._durable = durable
        self._max_store_bytes = max_store_bytes
        self._accounts: Sequence[BrokerAccount] = ()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The internal user's URL with its password: keep it out of logs."""
        return f"nats://{INTERNAL_USER}:{self._secrets.get('nats_internal')}@127.0.0.1:{self.ports.client}"

    @property
    def accounts(self) -> Sequence[BrokerAccount]:
        """The gateways in the present configuration."""
        return self._accounts

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    # -- life --------------------------------------------------------------

    def start(self, accounts: Sequence[BrokerAccount] = ()) -> None:
        """Start and wait until it answers."""
        self.prepare(accounts)
        with (self._data / "nats.log").open("ab") as log:
            self._process = spawn(self.command(), output=log)
        self.wait_ready(lambda: self._process is not None and self._process.poll() is None)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_STOP_S)

    # -- the steps, for a supervisor that spawns by itself --------------------

    def prepare(self, accounts: Sequence[BrokerAccount] = ()) -> None:
        """Write the configuration for *accounts*, with the ports and the folder of today."""
        make_private(self._data)
        self._accounts = _usable(accounts)
        write_private(self.config_path, self._configuration())

    def write_accounts(self, accounts: Sequence[BrokerAccount]) -> bool:
        """Write the configuration anew; false when *accounts* changed nothing."""
        if _usable(accounts) == self._accounts:
            return False
        self.prepare(accounts)
        return True

    @property
    def config_path(self) -> Path:
        return self._data / "nats.conf"

    def command(self) -> list[str]:
        return [str(find_nats()), "--config", str(self.config_path)]

    def wait_ready(self, alive: Callable[[], bool] = lambda: True) -> None:
        """Wait until the server greets clients, which it does after recovering its streams."""
        deadline = time.monotonic() + _START_S
        while not self.answers():
            if not alive() or time.monotonic() > deadline:
                raise NatsProblem(
                    Text("消息服务未能启动", "The broker did not start"),
                    next_step=Text("请查看日志 nats.log", "See its log, nats.log"),
                )
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the server greets a client, with JetStream on."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports.client), timeout=1) as connection:
                connection.settimeout(1)
                greeting = connection.recv(8192).split(b"\r\n")[0]
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))

    def trouble(self) -> str:
        """What the server says is wrong with it; empty when nothing is.

        A stream that once could not write stores nothing any more and answers
        nobody until the server is started again; it says so here alone.
        """
        url = f"http://127.0.0.1:{self.ports.monitor}{self._monitor_path}/healthz"
        try:
            answer = httpx.get(url, timeout=_MONITOR_S, trust_env=False, verify=NO_TLS)
            return "" if answer.is_success else str(answer.json().get("error", answer.status_code))
        except (httpx.HTTPError, ValueError) as error:
            return str(error) or type(error).__name__

    def room_bytes(self) -> int:
        """What is free where the streams lie."""
        return shutil.disk_usage(self._data).free

    # -- inside ------------------------------------------------------------

    @property
    def _monitor_path(self) -> str:
        """The server tells anybody who asks: the path is a secret of this system."""
        return f"/{self._secrets.get('nats_monitor')}"

    def _configuration(self) -> str:
        internal = stable_bcrypt(self._data / "internal.bcrypt", self._secrets.get("nats_internal"))
        lines = [
            'server_name: "anlan"',
            'host: "127.0.0.1"',
            f"port: {self.ports.client}",
            f'http: "127.0.0.1:{self.ports.monitor}"',
            f"http_base_path: {quoted(self._monitor_path)}",
            f"max_payload: {MAX_PAYLOAD_BYTES}",
            "jetstream {",
            f"  store_dir: {quoted(str(self._data))}",
            "  max_memory_store: 64MB",
            *([f"  max_file_store: {self._max_store_bytes}"] if self._max_store_bytes else []),
            f"  sync_interval: {'always' if self._durable else '2m'}",
            "}",
            "mqtt {",
            f"  host: {quoted(self.ports.mqtt_host)}",
            f"  port: {self.ports.mqtt}",
            "}",
            "authorization {",
            "  timeout: 5",
            users_block(INTERNAL_USER, internal, self._accounts),
            "}",
        ]
        return "\n".join(lines) + "\n"


def _usable(accounts: Sequence[BrokerAccount]) -> tuple[BrokerAccount, ...]:
    return tuple(sorted((one for one in accounts if one.usable), key=lambda account: account.source))


def quoted(text: str) -> str:
    """*text* as a string of the broker's configuration, which knows no ``\\u`` for a Chinese path."""
    return json.dumps(text, ensure_ascii=False)


def users_block(internal_user: str, internal_bcrypt: str, accounts: Sequence[BrokerAccount]) -> str:
    """The users that the broker must know, as they stand in its ``authorization``: ourselves and gateways."""
    users = [_gateway_user(account) for account in accounts if account.usable]
    if internal_user:
        internal = f"{{ user: {quoted(internal_user)}, password: {quoted(internal_bcrypt)} }}"
        users.insert(0, f"    {internal}")
    return "\n".join(["  users = [", *users, "  ]"])


def stable_bcrypt(path: Path, password: str) -> str:
    """The hash of *password*, kept in *path*: the same at each call, so that a reload changes nothing."""
    if path.exists() and bcrypt.checkpw(password.encode(), path.read_bytes()):
        return path.read_text()
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(_KEY_COST)).decode()
    write_private(path, hashed)
    return hashed


def find_nats() -> Path:
    """The server's program: ``ANLAN_NATS_SERVER``, the environment's, then the system's."""
    setting = os.environ.get("ANLAN_NATS_SERVER", "")
    found = (
        setting
        or shutil.which("nats-server", path=sysconfig.get_path("scripts"))
        or shutil.which("nats-server")
    )
    if not found:
        raise NatsProblem(
            Text("找不到 nats-server 程序", "The program nats-server was not found"),
            next_step=Text(
                "请重新运行 ./start --setup，或用 NATS_URL 使用自有的 NATS",
                "Run ./start --setup again, or use a NATS of your own with NATS_URL",
            ),
        )
    return Path(found)


@contextmanager
def temporary_nats(
    *, durable: bool = False, accounts: Sequence[BrokerAccount] = ()
) -> Iterator[EmbeddedNats]:
    """A broker of its own in a temporary folder, gone afterwards: for tests and measurements."""
    folder = Path(mkdtemp(prefix="anlan-nats-"))
    server = EmbeddedNats(folder / "nats", BrokerPorts.free(), durable=durable)
    try:
        server.start(accounts)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _gateway_user(account: BrokerAccount) -> str:
    source = account.source
    return (
        f'    {{ user: "{source}", password: {quoted(account.password_bcrypt)}, '
        'allowed_connection_types: ["MQTT"], '
        f'permissions: {{ publish: ["in.{source}"], subscribe: ["ack.{source}"] }} }}'
    )
