"""Stores of the site's own: a PostgreSQL 15, three NATS servers, a history; none of them ours."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.faults.plant import MQTT, TAGS, Records
from tests.system.console import Terminal, anlan, needed, shell, started
from tests.system.estate import POSTGRES_15, SiteNats, site_history, site_postgres
from tests.system.gateway import MqttGateway, batch, make_plant

from anlan.adapters.nats import DEAD, EVT, TELE, connect
from anlan.server.supervisor import external
from anlan.server.supervisor.external import StoreProblem, reach
from anlan.server.supervisor.layout import External
from anlan.server.supervisor.ports import free_port

pytestmark = pytest.mark.long

SOURCE, TAG = MQTT[0], TAGS[0]


@dataclass
class Estate:
    """The system on the site's stores, and the stores."""

    terminal: Terminal
    nats: SiteNats
    urls: dict[str, str]
    superuser: str
    plant: Records

    @property
    def key(self) -> str:
        return self.plant.keys[SOURCE]

    def stored(self, question: str) -> Any:
        """The one answer to *question*, asked by one whom row security does not bind."""
        with psycopg.connect(self.superuser) as connection:
            row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def estate(module_folder: Path) -> Iterator[Estate]:
    needed("postgresql-15", POSTGRES_15.is_dir())
    data = module_folder / "data"
    with ExitStack() as stack:
        owner, application, superuser = stack.enter_context(site_postgres(module_folder / "postgres"))
        nats = SiteNats(module_folder / "nats")
        urls = {
            "DATABASE_OWNER_URL": owner,
            "DATABASE_URL": application,
            "NATS_URL": nats.url,
            "CLICKHOUSE_URL": stack.enter_context(site_history(module_folder)),
        }
        env = shell(**urls, ANLAN_STREAM_REPLICAS="3")
        done = anlan("start", "--setup", "--data", str(data), env=env, timeout_s=240)
        assert done.returncode == 0, done.stderr
        stack.callback(nats.stop)
        nats.start(data / "nats" / "gateways.conf")
        terminal = stack.enter_context(started(data, env=env))
        yield Estate(terminal.wait_until_ready(), nats, urls, superuser, make_plant(terminal))


def test_nothing_embedded_runs_and_all_is_well(estate: Estate) -> None:
    said = estate.terminal.wait_until_healthy()
    assert said["external"] == ["postgres", "nats", "clickhouse"]
    assert not {"postgres", "nats"} & set(said["processes"])
    assert not (estate.terminal.data / "postgres").exists()
    assert not (estate.terminal.data / "history").exists()
    table = anlan("status", "--data", str(estate.terminal.data)).stdout
    assert "stores of your own: postgres, nats, clickhouse" in table
    assert str(estate.stored("SHOW server_version")).startswith("15.")


async def test_every_stream_has_three_copies(estate: Estate) -> None:
    client = await connect(estate.urls["NATS_URL"], "test")
    try:
        copies = {
            name: (await client.jsm().stream_info(name)).config.num_replicas
            for name in (TELE, EVT, DEAD, "MARKS")
        }
    finally:
        await client.close()
    assert set(copies.values()) == {3}, copies


def test_readings_reach_the_history_and_the_audit_holds(estate: Estate) -> None:
    deadline = time.monotonic() + 60
    while not estate.stored("SELECT count(*) FROM points_latestvalue"):
        assert time.monotonic() < deadline, estate.terminal.status()
        time.sleep(0.5)
    while not estate.terminal.status()["processes"]["historian"]["detail"]["stored_sequence"]:
        assert time.monotonic() < deadline, estate.terminal.status()
        time.sleep(0.5)
    verified = anlan("audit", "verify", "--json", "--data", str(estate.terminal.data))
    assert json.loads(verified.stdout)["intact"] is True, verified.stdout


def test_a_gateway_signs_in_at_any_server_once_the_site_has_reloaded(estate: Estate) -> None:
    users = estate.terminal.data / "nats" / "gateways.conf"
    deadline = time.monotonic() + 30
    while SOURCE not in users.read_text():
        assert time.monotonic() < deadline, users.read_text()
        time.sleep(0.2)
    assert estate.key not in users.read_text()
    assert users.stat().st_mode & 0o077 == 0
    estate.nats.take_users(users)
    for port in estate.nats.mqtt:
        with MqttGateway(port, SOURCE, estate.key) as gateway:
            assert gateway.send(batch(SOURCE, f"mqtt-{port}", 1, {TAG: 31.5}))["accepted"] == 1


async def test_one_server_killed_and_everything_goes_on(estate: Estate) -> None:
    """The last one: it kills the server that leads the telemetry log."""
    client = await connect(estate.urls["NATS_URL"], "test")
    try:
        leader = (await client.jsm().stream_info(TELE)).cluster.leader
    finally:
        await client.close()
    before = estate.terminal.status()["processes"]["evaluator"]["detail"]["sequence"]
    mqtt_port = estate.nats.kill(leader)
    key = estate.key
    deadline = time.monotonic() + 60
    while (answer := _ingest(estate, batch(SOURCE, "after", 1, {TAG: 32.0}), key)).status_code != 200:
        assert answer.status_code in (502, 503), answer.text
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)
    said = estate.terminal.wait_until_healthy()
    assert {process["restarts"] for process in said["processes"].values()} == {0}
    while estate.terminal.status()["processes"]["evaluator"]["detail"]["sequence"] <= before:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    with MqttGateway(mqtt_port, SOURCE, key) as gateway:
        assert gateway.send(batch(SOURCE, "after-mqtt", 1, {TAG: 32.5}))["accepted"] == 1


async def test_an_owner_in_the_place_of_the_application_role_is_refused(estate: Estate) -> None:
    owner = estate.urls["DATABASE_OWNER_URL"]
    with pytest.raises(StoreProblem, match="Row security does not bind"):
        await reach(External(owner_url=owner, app_url=owner))


@pytest.mark.parametrize("name", ["nats_url", "clickhouse_url", "owner_url"])
async def test_a_store_that_is_not_there_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "_PATIENCE_S", 0.0)
    port = free_port()
    url = {
        "nats_url": f"nats://a:b@127.0.0.1:{port}",
        "clickhouse_url": f"http://a:b@127.0.0.1:{port}/anlan",
        "owner_url": f"postgresql://a:b@127.0.0.1:{port}/anlan",
    }[name]
    given = {name: url} | ({"app_url": url} if name == "owner_url" else {})
    with pytest.raises(StoreProblem, match="does not answer") as refusal:
        await reach(External(**given))
    assert "operator guide" in refusal.value.next_step.en
    assert ":b@" not in str(refusal.value.facts)


def _ingest(estate: Estate, body: bytes, key: str) -> httpx.Response:
    return httpx.post(
        f"{estate.terminal.url}/ingest",
        content=body,
        headers={"Authorization": f"Bearer {SOURCE}:{key}", "Content-Type": "application/json"},
        timeout=20,
    )
