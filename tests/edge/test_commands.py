"""``anlan collect`` and ``anlan load readings`` as people and service managers use them."""

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.edge.conftest import KEY, SOURCE, refused, taken
from tests.edge.test_listeners import BEIJING, minute_report
from tests.system.console import shell

from anlan.server.cli import main

CONFIG = """
source = "{source}"
door = "{door}"
[[hj212]]
name = "air"
port = {port}
devices = [{{mn = "JLYP01_AIR01_0001", points = [{{factor = "w01018-Rtd", tag = "COD", unit = "mg/L"}}]}}]
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch) -> None:
    monkeypatch.setenv("ANLAN_LANG", "en")
    monkeypatch.setenv("ANLAN_GATEWAY_KEY", KEY)


def configure(folder: Path, door: str, port: int = 8212) -> Path:
    file = folder / "collect.toml"
    file.write_text(CONFIG.format(source=SOURCE, door=door, port=port))
    return file


def test_check_says_what_would_be_collected(tmp_path, capsys) -> None:
    assert main(["collect", str(configure(tmp_path, "http://anlan.example/ingest")), "--check"]) == 0
    printed = capsys.readouterr()
    assert "sound: 1 sources, 1 points" in printed.out
    assert "the key travels in clear text" in printed.err


def test_check_names_the_faults_and_fails(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("ANLAN_GATEWAY_KEY")
    assert main(["collect", str(configure(tmp_path, "https://anlan.example/ingest")), "--check"]) == 1
    said = capsys.readouterr().err
    assert "the environment variable ANLAN_GATEWAY_KEY is not set" in said and "--check" in said


def test_the_list_of_points_to_complete_needs_no_key(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("ANLAN_GATEWAY_KEY")
    assert main(["collect", str(configure(tmp_path, "https://anlan.example/ingest")), "--points"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tag,name,unit,kind,sampling_s,range_low,range_high",
        "COD,COD,mg/L,,,,",
    ]


def test_status_before_anything_was_collected(tmp_path, capsys) -> None:
    assert main(["collect", str(configure(tmp_path, "https://anlan.example/ingest")), "--status"]) == 1
    assert "nothing was ever collected" in capsys.readouterr().out


def collect(config: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "anlan", "collect", str(config)],
        env=shell(ANLAN_GATEWAY_KEY=KEY), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert "collecting for" in process.stdout.readline()
    return process


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> int:
    process.send_signal(number)
    code = process.wait(20)
    assert process.stdout is not None
    process.stdout.close()
    return code


async def send(port: int, moment: datetime, number: int) -> bool:
    """Whether the collector acknowledged the report of *moment*."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
    writer.write(minute_report(moment, value=str(number), qn=str(number)))
    try:
        async with asyncio.timeout(20):
            return b"CN=9014" in await reader.readuntil(b"\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return False
    finally:
        writer.close()


@pytest.mark.long
async def test_kill_9_of_the_collector_loses_nothing_that_a_device_was_thanked_for(
    tmp_path, door, unused_tcp_port
) -> None:
    config = configure(tmp_path, door.url, unused_tcp_port)
    door.answer = lambda batch: refused(503, "log_unavailable")
    began = datetime.now(UTC).replace(microsecond=0)
    thanked = set()
    for start in (0, 20):
        process = await asyncio.to_thread(collect, config)
        for number in range(start, start + 20):
            moment = began - timedelta(seconds=60 - number)
            if await send(unused_tcp_port, moment, number):
                thanked.add(number)
        assert await asyncio.to_thread(end, process, signal.SIGKILL) == -signal.SIGKILL
    assert len(thanked) == 40 and not door.stored
    door.answer = taken
    process = await asyncio.to_thread(collect, config)
    async with asyncio.timeout(60):
        while {int(value) for _, _, value in door.readings()} < thanked:
            await asyncio.sleep(0.1)
    assert await asyncio.to_thread(end, process, signal.SIGTERM) == 0
    epochs = {epoch for epoch, _ in door.stored}
    assert len(epochs) == 2, "each start has an epoch; what waited kept the one it was spooled under"
    assert len({at for _, at, _ in door.readings()}) == 40


@pytest.mark.long
async def test_the_status_tells_what_came_and_what_became_of_it(
    tmp_path, door, unused_tcp_port, capsys
) -> None:
    config = configure(tmp_path, door.url, unused_tcp_port)
    process = await asyncio.to_thread(collect, config)
    assert await send(unused_tcp_port, datetime.now(UTC) + BEIJING, 1), (
        "eight hours ahead, and thanked all the same"
    )
    async with asyncio.timeout(20):
        while not door.stored:
            await asyncio.sleep(0.05)
        while True:
            await asyncio.to_thread(main, ["collect", str(config), "--status", "--json"])
            said = json.loads(capsys.readouterr().out)
            if said.get("sources") and said["sources"][0]["counts"].get("readings"):
                break
            await asyncio.sleep(0.2)
    assert (said["running"], said["spool"]["acknowledged"], said["link"]["trouble"]) == (True, 1, "")
    (clock,) = said["sources"][0]["clocks"].values()
    assert clock["not_believed"] == 1
    assert await asyncio.to_thread(main, ["collect", str(config), "--status"]) == 0
    assert "acknowledged by the platform" in capsys.readouterr().out
    second = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "anlan", "collect", str(config)],
        env=shell(ANLAN_GATEWAY_KEY=KEY), capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert second.returncode == 1 and "Another collector is using this spool" in second.stderr
    await asyncio.to_thread(end, process, signal.SIGTERM)


async def test_load_readings_tells_rows_by_line_and_leaves_them_in_a_file(tmp_path, door, capsys) -> None:
    file = tmp_path / "past.csv"
    file.write_text("tag,time,value\nT-101,2026-03-01T00:00:00Z,20.5\nT-101,2026-03-01T00:00:01Z,warm\n")
    command = ["load", "readings", str(file), "--source", SOURCE, "--door", door.url]
    assert await asyncio.to_thread(main, command) == 1
    printed = capsys.readouterr().out
    assert "line 3: 'warm' is no finite number" in printed and "1 readings taken, 1 not" in printed
    rejected = (tmp_path / "past.csv.rejected.csv").read_text("utf-8")
    assert rejected.startswith("3,") and not (tmp_path / "past.csv.progress").exists()
    assert {value for _, _, value in door.readings()} == {20.5}


async def test_load_readings_without_a_key_says_how_to_give_one(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("ANLAN_GATEWAY_KEY")
    file = tmp_path / "past.csv"
    file.write_text("tag,time,value\n")
    assert (
        await asyncio.to_thread(main, ["load", "readings", str(file), "--door", "http://127.0.0.1:1/ingest"])
        == 1
    )
    assert "ANLAN_GATEWAY_KEY" in capsys.readouterr().err


async def test_keys_of_several_gateways_come_from_a_file(tmp_path, door) -> None:
    file, keys = tmp_path / "past.csv", tmp_path / "keys.json"
    file.write_text("source,tag,time,value\na,T,2026-03-01T00:00:00Z,1\nb,T,2026-03-01T00:00:00Z,2\n")
    keys.write_text('{"a": "key-a", "b": "key-b"}')
    command = ["load", "readings", str(file), "--keys", str(keys), "--door", door.url]
    assert await asyncio.to_thread(main, command) == 0
    assert {batch["source"] for batch in door.batches} == {"a", "b"}
