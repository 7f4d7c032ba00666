"""The history of points as apps and people ask for it, on the real store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.domains.monitoring.plant import new_plant
from tests.people import LINGWU, YANCHI, new_principal

from anlan.adapters.chdb.facade import Facade
from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.domains.monitoring.points import history
from anlan.kernel.clock import to_ms
from anlan.platform.commands import acting_as, read_scope
from anlan.ports.history import ReadingColumns

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseHistorian]:
    with Facade(tmp_path_factory.mktemp("history") / "chdb", "127.0.0.1", 0, "anlan", "s3cret") as facade:
        made = ClickHouseHistorian(facade.url)
        made.prepare()
        history.use(made)
        yield made
        history.use(None)


def send(store: ClickHouseHistorian, point: int, seconds: Any, values: Any = None) -> None:
    at = to_ms(START) + np.asarray(seconds, np.int64) * 1000
    value = np.zeros(len(at)) if values is None else np.asarray(values, np.float64)
    numbers, sequence = np.full(len(at), point, np.int32), np.ones(len(at), np.uint64)
    store.append(ReadingColumns(numbers, at, value, np.zeros(len(at), np.uint8), at + 40, sequence))


def test_completeness_is_told_of_one_s_own_points_only(db: Any, store: ClickHouseHistorian) -> None:
    ours, theirs = new_plant("ours"), new_plant("theirs", region=YANCHI)
    for plant, kept in ((ours, 3420), (theirs, 3600)):
        send(store, plant.point_number, np.arange(kept))
    numbers = [ours.point_number, theirs.point_number]
    with acting_as(new_principal("duty_officer", LINGWU)), read_scope():
        assert history.completeness(numbers, START, START + HOUR) == {ours.point_number: 0.95}
        assert history.completeness([theirs.point_number], START, START + HOUR) == {}
