"""Recorded runs with known faults, packaged with their notices: a simulator's and a real machine's.

`tennessee_eastman_run` is a simulator's output (Downs and Vogel, Computers & Chemical Engineering 17
(1993) 245-255; test runs of Chiang, Russell and Braatz, 2001; terms in ``data/TEP_LICENSE.txt``): 22
continuous measurements every 3 minutes, the fault introduced after 8 hours. `machine_record` is real: an
internal component of an industrial machine every 5 minutes (Numenta Anomaly Benchmark, MIT licence).
"""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TENNESSEE_EASTMAN_POINTS = 22
TENNESSEE_EASTMAN_MINUTES = 3.0
FAULT_SAMPLE = 160
"""The fault begins with this sample of its run."""
TENNESSEE_EASTMAN_FAULTS = (1, 2, 4, 5, 6, 8, 11, 13, 14)


class MachineRecord(NamedTuple):
    """Temperatures (N,), their times in UTC, and the labelled windows as first and last sample."""

    times: list[datetime]
    values: Floats
    windows: list[tuple[int, int]]


def tennessee_eastman_run(fault: int) -> Floats:
    """The run with this fault (0: none), shape (960, 22)."""
    table = _table("tep_runs.parquet")
    rows = np.flatnonzero(table["fault"].to_numpy() == fault)
    names = [f"xmeas_{number}" for number in range(1, TENNESSEE_EASTMAN_POINTS + 1)]
    return np.column_stack([table[name].to_numpy()[rows] for name in names]).astype(np.float64)


def machine_record() -> MachineRecord:
    """The whole record."""
    table = _table("nab_machine_temperature.parquet")
    times = table["timestamp"].to_pylist()
    labels = json.loads(_bytes("nab_labels.json"))["machine_temperature_system_failure.csv"]
    moments = np.array([time.replace(tzinfo=None) for time in times], "datetime64[us]")
    windows = [
        (
            int(np.searchsorted(moments, np.datetime64(first))),
            int(np.searchsorted(moments, np.datetime64(last))),
        )
        for first, last in labels
    ]
    return MachineRecord(times, table["value"].to_numpy().astype(np.float64), windows)


@cache
def _table(name: str) -> Any:
    return pq.read_table(BytesIO(_bytes(name)))


def _bytes(name: str) -> bytes:
    return files("anlan.science.anomaly.records").joinpath("data", name).read_bytes()
