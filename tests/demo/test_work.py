"""Generated commitments and work: the same for the same day, brought in hour by hour, with what the checks find."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from anlan.demo.region import work
from anlan.demo.region.generate import SEED, enterprises
from anlan.domains.monitoring.commitments.contracts import WorkKind
from anlan.kernel.clock import FixedClock, use_clock
from anlan.platform.commands import acting_as, read_scope, service_principal

DAY = date(2026, 11, 26)
MIDNIGHT = datetime(2026, 11, 25, 16, tzinfo=UTC)


def test_the_plan_of_a_day_is_the_same_whenever_it_is_asked_and_another_day_is_another() -> None:
    assert work.plan(DAY) == work.plan(DAY)
    assert work.plan(DAY) != work.plan(DAY + timedelta(days=1))


def test_most_promise_a_few_forget_and_one_promises_none_with_three_permits() -> None:
    days = work.plan(DAY)
    assert 0 < sum(one.promised_at is None for one in days) < 30
    (shy,) = [one for one in days if one.work and not one.promised and len(one.work) == 3]
    assert {one.kind for one in shy.work} == {WorkKind.HOT_WORK}


@pytest.fixture
def workers(db: Any) -> None:
    """The enterprises that work on that day, without the other hundred and forty."""
    from anlan.demo.region.load import _load

    busy = {one.code for one in work.plan(DAY) if one.work}
    with acting_as(service_principal("demo")):
        for enterprise in enterprises(SEED):
            if enterprise.code in busy:
                _load(enterprise, SEED)


def stored() -> tuple[int, dict[str, int], set[str]]:
    """Commitments, permits by state, and the kinds of discrepancies."""
    from collections import Counter

    from anlan.domains.monitoring.commitments.models import Commitment, Discrepancy, SpecialWork

    with acting_as(service_principal("demo")), read_scope():
        assert all(
            row.synthetic for model in (Commitment, SpecialWork, Discrepancy) for row in model.objects.all()
        )
        return (
            Commitment.objects.count(),
            dict(Counter(SpecialWork.objects.values_list("state", flat=True))),
            set(Discrepancy.objects.values_list("kind", flat=True)),
        )


def test_the_day_goes_on_hour_by_hour_and_twice_changes_nothing(workers: None) -> None:
    def at(hour: float) -> tuple[int, dict[str, int], set[str]]:
        with acting_as(service_principal("demo")), use_clock(FixedClock(MIDNIGHT + timedelta(hours=hour))):
            work.load_work()
            work.load_work()
        return stored()

    assert at(7.0) == (0, {}, set())
    committed, states, found = at(10.5)
    assert committed == 8 and states == {"working": 11}
    assert found == {"below_permits", "overlapping"}
    _, states, found = at(23.0)
    assert states == {"closed": 11} and found == {"below_permits", "overlapping"}, (
        "found once, and not settled"
    )


def test_there_is_one_warning_to_see_however_often_it_is_loaded(workers: None) -> None:
    from anlan.domains.monitoring.warnings.models import Warning

    with acting_as(service_principal("demo")), use_clock(FixedClock(MIDNIGHT + timedelta(days=1, hours=9))):
        work.load_warning()
        work.load_warning()
        with read_scope():
            (made,) = Warning.objects.all()
    assert (made.level, made.state, made.synthetic) == ("yellow", "pushed", True)
