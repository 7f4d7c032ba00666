"""The history of points as apps and people ask for it, on the real store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from tests.domains.monitoring.plant import new_plant
from tests.domains.monitoring.readings import send
from tests.people import LINGWU, YANCHI, new_principal

from anlan.adapters.clickhouse import ClickHouseHistorian
from anlan.domains.monitoring.points import history
from anlan.platform.commands import acting_as, read_scope

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_completeness_is_told_of_one_s_own_points_only(db: Any, store: ClickHouseHistorian) -> None:
    ours, theirs = new_plant("ours"), new_plant("theirs", region=YANCHI)
    for plant, kept in ((ours, 3420), (theirs, 3600)):
        send(store, plant.point_number, START, np.arange(kept))
    numbers = [ours.point_number, theirs.point_number]
    with acting_as(new_principal("duty_officer", LINGWU)), read_scope():
        assert history.completeness(numbers, START, START + HOUR) == {ours.point_number: 0.95}
        assert history.completeness([theirs.point_number], START, START + HOUR) == {}
