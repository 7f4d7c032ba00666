"""``anlan bench``: the contract of its reports; the figures themselves are nobody's promise."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from tests.system.console import anlan

from anlan.benchmarks import ingest

CONTRACT = {"id", "value", "unit", "better", "peer", "peer_value", "ratio", "note"}


def report(*arguments: str, timeout_s: float = 120) -> dict[str, Any]:
    done = anlan("bench", *arguments, timeout_s=timeout_s)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert set(said) == {"name", "machine", "figures"}
    for figure in said["figures"]:
        assert set(figure) == CONTRACT
        assert figure["better"] in ("higher", "lower")
        assert math.isfinite(figure["value"]) and figure["value"] > 0
        if figure["peer_value"] is not None:
            assert figure["peer"] and figure["ratio"] > 0
    return said


def test_rules_are_measured_beside_numpy_and_plain_python() -> None:
    said = report("rules", "--json", "--points", "500", "--sweeps", "20", "--rounds", "1")
    assert said["name"] == "rules"
    figure, beside_python = said["figures"]
    assert (figure["id"], figure["better"]) == ("evaluations_per_s_core", "higher")
    assert figure["peer_value"] > 0
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["peer_value"])
    assert beside_python["ratio"] > 1


@pytest.mark.long
def test_ingest_is_measured_beside_mosquitto_in_the_same_call() -> None:
    said = report("ingest", "--json", "--seconds", "8", timeout_s=400)
    figures = {figure["id"]: figure for figure in said["figures"]}
    assert set(figures) == {
        "durable_points_per_s",
        "single_messages_per_s",
        "alarm_p50_ms",
        "alarm_p99_ms",
        "browser_p50_ms",
        "browser_p99_ms",
        "alarm_full_rate_p50_ms",
        "alarm_full_rate_p99_ms",
        "memory_mb",
        "fsync_per_s",
    }
    durable = figures["durable_points_per_s"]
    assert "mosquitto" in durable["peer"]
    assert durable["peer_value"] is not None or "no peer" in durable["note"]
    assert figures["alarm_p50_ms"]["value"] <= figures["alarm_p99_ms"]["value"]


@pytest.mark.long
def test_history_is_measured_beside_postgresql_partitions() -> None:
    said = report("history", "--json", "--rows", "540000", timeout_s=400)
    figures = {figure["id"]: figure for figure in said["figures"]}
    compared = {"bytes_per_row", "ingest_rows_per_s", "point_year_ms", "latest_all_ms", "plan_gb"}
    assert set(figures) == compared | {"roll_up_rows_per_s", "memory_mb"}
    assert all(figures[name]["peer_value"] for name in compared)
    assert "8,000,000,000" in figures["plan_gb"]["note"]


def test_without_mosquitto_the_figure_stands_alone_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.shutil, "which", lambda *_, **__: None)
    with ingest._peer(tmp_path / "peer") as port:
        assert port is None
    durable = ingest._durable([1000.0, 1200.0], [], "2 s")
    assert (durable["value"], durable["peer_value"], durable["ratio"]) == (1100.0, None, None)
    assert "mosquitto is not installed: no peer" in str(durable["note"])


def test_a_measurement_that_nobody_knows_is_refused_with_the_names_there_are() -> None:
    refused = anlan("bench", "nosuch")
    assert refused.returncode == 1
    assert "ingest" in refused.stderr and "rules" in refused.stderr
