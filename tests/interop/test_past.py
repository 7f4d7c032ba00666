"""The past of another historian, as a file: it corrects history and never raises a live alarm."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import clickhouse_connect
import httpx
import pytest
from tests.faults.plant import HTTP, TAGS
from tests.interop.conftest import Site
from tests.system.gateway import batch

pytestmark = pytest.mark.long

SOURCE, TAG = HTTP[1], TAGS[3]
PATIENCE_S = 60.0


def load(site: Site, file: Path) -> "subprocess.CompletedProcess[str]":
    """``anlan load readings`` beside the running system."""
    return subprocess.run(
        [sys.executable, "-m", "anlan", "load", "readings", str(file), "--source", SOURCE],
        env={**site.terminal.environment, "ANLAN_GATEWAY_KEY": site.plant.keys[SOURCE]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def live(site: Site, sequence: int, value: float) -> None:
    headers = {"Authorization": f"Bearer {SOURCE}:{site.plant.keys[SOURCE]}"}
    answer = httpx.post(
        site.ingest_url, content=batch(SOURCE, "live", sequence, {TAG: value}), headers=headers
    )
    assert answer.json()["accepted"] == 1


def alarms(site: Site) -> list[datetime]:
    """When the alarms of the point were raised, whatever has become of them."""
    limits = list(site.plant.limits[site.plant.points[SOURCE][TAG]].values())
    with site.database() as database:
        rows = database.execute(
            "SELECT e.at FROM alarms_alarmevent e JOIN alarms_alarm a ON a.id = e.alarm_id "
            "WHERE a.limit_number = ANY(%s) AND e.kind = 'raised' ORDER BY e.at",
            [limits],
        ).fetchall()
    return [at for (at,) in rows]


def stored(site: Site) -> dict[int, float]:
    client = clickhouse_connect.get_client(
        dsn=site.terminal.told["environment"]["CLICKHOUSE_URL"], dedicated_pool=True
    )
    rows = client.query(
        "SELECT toUnixTimestamp64Milli(time), value FROM readings FINAL WHERE point = {point:UInt32}",
        {"point": site.plant.points[SOURCE][TAG]},
    ).result_rows
    client.close()
    return dict(rows)


def test_a_file_of_three_days_ago_is_history_and_no_alarm_while_the_reading_of_now_is_one(
    site: Site, tmp_path: Path
) -> None:
    began = datetime.now(UTC) - timedelta(days=3)
    rows = [
        f"{TAG},{(began + timedelta(seconds=second)).isoformat()},{150 + second}" for second in range(300)
    ]
    file = tmp_path / "past.csv"
    file.write_text(
        "\n".join(
            ["tag,time,value", *rows, f"{TAG},{began.isoformat()},hot", f"NOBODY,{began.isoformat()},1"]
        )
    )
    done = load(site, file)
    assert done.returncode == 1, done.stderr
    assert "line 302: 'hot' is no finite number" in done.stdout
    assert "line 303: this gateway has no such point" in done.stdout
    assert "300 readings taken, 2 not" in done.stdout
    again = load(site, file)
    assert "0 readings taken, 1 not, 301 repeated" in again.stdout, "the same file twice is stored once"

    live(site, 1, 30.0)
    deadline = time.monotonic() + PATIENCE_S
    while len(stored(site)) < 301:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert len(stored(site)) == 301 and max(stored(site).values()) == 449.0

    before = datetime.now(UTC) - timedelta(seconds=5)
    live(site, 2, 95.0)
    while not alarms(site):
        assert time.monotonic() < deadline, "the live reading above the limit raises"
        time.sleep(0.2)
    assert all(at > before for at in alarms(site)), "nothing of three days ago did"
