"""What alarms and hints find in recorded faults; the figures stand in ``anlan validate alarms``."""

from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anlan.kernel.validation import Case
from anlan.science.anomaly.records import machine_record, tennessee_eastman_run
from anlan.science.anomaly.records.validation import _skab, cases


@pytest.fixture(scope="module")
def found() -> dict[str, Case]:
    return {case.case: case for case in cases()}


def test_the_monitor_finds_the_strong_faults_of_tennessee_eastman_within_an_hour(
    found: dict[str, Case],
) -> None:
    for fault in (1, 2, 5, 6, 11, 14):
        assert found[f"TEP fault {fault}, T²/Q: detection delay"].ours <= 60.0


def test_it_sees_a_sticking_valve_that_no_limit_sees(found: dict[str, Case]) -> None:
    assert found["TEP fault 14, T²/Q: detection delay"].passed
    assert np.isnan(found["TEP fault 14, ±4σ limits: detection delay"].ours)


def test_false_alarms_stay_below_a_tenth_of_fault_free_readings(found: dict[str, Case]) -> None:
    rates = [case.ours for name, case in found.items() if "TEP" in name and "false-alarm" in name]
    assert len(rates) == 20 and max(rates) < 10.0


def test_the_season_aware_z_finds_every_labelled_window_of_the_machine(found: dict[str, Case]) -> None:
    assert found["NAB machine temperature, robust z with season beyond 6: windows found of 4"].ours == 4.0


def test_what_is_not_at_hand_is_said_and_our_own_bars_gate_nothing(found: dict[str, Case]) -> None:
    assert [case.case for case in found.values() if not case.was_run] == ["SKAB: F1 of the monitor"]
    assert not any(case.gates for case in found.values())


def test_records_are_whole() -> None:
    assert tennessee_eastman_run(0).shape == tennessee_eastman_run(14).shape == (960, 22)
    record = machine_record()
    assert len(record.times) == len(record.values) == 22_695
    assert [last - first for first, last in record.windows] == [566] * 4


def test_a_file_of_runs_is_scored_on_what_follows_each_run_s_training() -> None:
    """A made-up testbed whose anomaly is plain: everything is found."""
    chance = np.random.default_rng(5)
    runs, columns, truth = [], [], []
    for run in ("a", "b"):
        values = chance.standard_normal((700, 3))
        values[550:650] += 30.0
        columns.append(values)
        runs += [run] * 700
        truth += [1.0 if 550 <= row < 650 else 0.0 for row in range(700)]
    readings = np.concatenate(columns)
    table = pa.table(
        {f"x{i}": readings[:, i] for i in range(3)}
        | {"experiment": runs, "anomaly": truth, "changepoint": truth, "datetime": runs}
    )
    file = BytesIO()
    pq.write_table(table, file)
    f1, far, quiet, missed = list(_skab(file.getvalue()))
    assert f1.ours > 0.9 and far.ours < 10.0 and quiet.ours < 10.0 and missed.ours < 10.0
    assert "n = 600 of which 200" in f1.note
