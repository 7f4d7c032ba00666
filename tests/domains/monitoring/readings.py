"""Readings put straight into the history, as the historian has them after the log."""

from datetime import datetime
from typing import Any

import numpy as np

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.kernel.clock import to_ms
from anlan.ports.history import ReadingColumns


def send(store: ClickHouseHistorian, point: int, start: datetime, seconds: Any, values: Any = None) -> None:
    """*values* (0 without) of *point* at *start* plus *seconds*."""
    at = to_ms(start) + np.rint(np.asarray(seconds, np.float64) * 1000).astype(np.int64)
    value = np.zeros(len(at)) if values is None else np.asarray(values, np.float64)
    numbers, sequence = np.full(len(at), point, np.int32), np.ones(len(at), np.uint64)
    store.append(ReadingColumns(numbers, at, value, np.zeros(len(at), np.uint8), at + 40, sequence))
