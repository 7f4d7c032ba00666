"""Identification and grading live: each figure from its table row, each result for ever with its version."""

from datetime import UTC, datetime

import pytest
from tests.domains.monitoring.hazards.conftest import CHLORATE, NITRATE, ammonia

from anlan.domains.monitoring.hazards.states import HazardLevel, MovementKind
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Invalid, NotFound
from anlan.platform.commands import acting_as, read_scope, service_principal


def row(hazard):
    from anlan.domains.monitoring.hazards.models import MajorHazard

    with acting_as(service_principal("demo")), read_scope():
        return MajorHazard.objects.get(id=hazard.id)


def run_of(id):
    from anlan.platform.provenance.queries import run_named

    with acting_as(service_principal("demo")), read_scope():
        return run_named(id)


def move(hazard, kind, quantity_t):
    from anlan.domains.monitoring.hazards.services import move_stock

    with acting_as(service_principal("demo")):
        return move_stock(hazard.holdings[0].id, kind=kind, quantity_t=quantity_t)


def holding(row, design_max_t, substance, hazard_class="", stock_t=0.0):
    from anlan.domains.monitoring.hazards.contracts import HoldingSpec

    return HoldingSpec("库房 1", substance, design_max_t, stock_t, row=row, hazard_class=hazard_class)


def test_ammonia_of_200_t_with_60_residents_is_level_two(record):
    found = row(record(ammonia(200.0)))
    assert (found.s, found.alpha, found.r, found.level) == (20.0, 1.5, 60.0, HazardLevel.SECOND)


def test_ammonium_nitrate_of_500_t_stands_on_the_bound_and_is_level_three(record):
    found = row(record(holding(NITRATE, 500.0, "硝酸铵", "W9.2"), persons=20))
    assert (found.r, found.level) == (10.0, HazardLevel.THIRD)


def test_potassium_chlorate_of_300_t_is_level_four(record):
    found = row(record(holding(CHLORATE, 300.0, "氯酸钾", "W9.1"), persons=20))
    assert (found.r, found.level) == (3.0, HazardLevel.FOURTH)


def test_below_the_critical_quantity_it_is_no_major_hazard(record):
    found = row(record(ammonia(9.9)))
    assert found.level == HazardLevel.NONE and found.s == pytest.approx(0.99)


def test_every_factor_names_the_row_that_it_comes_from(record):
    found = row(record(ammonia(200.0)))
    run = run_of(found.run)
    (factor,) = run.result["factors"]
    assert (factor["critical_table"], factor["critical_row"], factor["critical_t"]) == (
        "gb18218_named",
        "1",
        10.0,
    )
    assert (factor["beta_table"], factor["beta_row"], factor["beta"]) == ("gb18218_toxic_beta", "氨", 2.0)
    assert run.result["alpha_row"] == "50-99"
    assert run.manifest["tables"]["gb18218_named"] == "v1 (2019-03-01)"


def test_without_a_class_beta_is_assumed_and_says_so(record):
    found = row(record(holding(CHLORATE, 300.0, "氯酸钾")))
    assert [one["code"] for one in run_of(found.run).manifest["caveats"]] == ["major_hazard.beta_assumed"]


def test_each_movement_of_stock_moves_the_live_figure_and_not_the_statutory_one(record):
    hazard = record(ammonia(200.0, stock_t=0.0))
    assert row(hazard).live_level == HazardLevel.NONE
    move(hazard, MovementKind.INBOUND, 40.0)
    after = row(hazard)
    assert (after.live_s, after.live_r, after.live_level) == (4.0, 12.0, HazardLevel.THIRD)
    assert (after.s, after.level) == (20.0, HazardLevel.SECOND)
    move(hazard, MovementKind.OUTBOUND, 35.0)
    assert row(hazard).live_level == HazardLevel.NONE


@pytest.mark.parametrize(
    ("kind", "quantity_t"),
    [
        (MovementKind.OUTBOUND, 10.1),
        (MovementKind.INBOUND, 191.0),
        (MovementKind.CORRECTION, 200.1),
        (MovementKind.INBOUND, 0.0),
        (MovementKind.INBOUND, -5.0),
        (MovementKind.OUTBOUND, float("nan")),
    ],
)
def test_a_movement_that_cannot_be_is_refused_and_moves_nothing(record, kind, quantity_t):
    hazard = record(ammonia(200.0, stock_t=10.0))
    with pytest.raises(Invalid):
        move(hazard, kind, quantity_t)
    assert row(hazard).live_s == 1.0


def test_editing_a_critical_quantity_changes_new_results_and_leaves_old_ones(record):
    """The first thing a bureau's tester tries."""
    from datetime import date

    from anlan.domains.monitoring.hazards.services import regrade_hazard
    from anlan.platform.standards.services import RowChange, publish_version

    hazard = record(ammonia(200.0))
    before = row(hazard)
    with acting_as(service_principal("console")):
        publish_version(
            "gb18218_named",
            based_on=1,
            effective_from=date(2027, 1, 1),
            changes=[RowChange("1", {"critical_t": 5.0})],
            source="修改单（试验）",
        )
    for moment, r in ((datetime(2026, 12, 31, tzinfo=UTC), 60.0), (datetime(2027, 1, 1, tzinfo=UTC), 120.0)):
        with use_clock(FixedClock(moment)), acting_as(service_principal("demo")):
            regrade_hazard(hazard.id)
        assert row(hazard).r == r
    old, new = run_of(before.run), run_of(row(hazard).run)
    assert (old.result["r"], old.manifest["tables"]["gb18218_named"]) == (60.0, "v1 (2019-03-01)")
    assert (new.result["r"], new.manifest["tables"]["gb18218_named"]) == (120.0, "v2 (2027-01-01)")
    assert old.superseded_by_id == new.id


def test_a_substance_that_the_table_does_not_have_is_refused(record):
    with pytest.raises(NotFound) as refused:
        record(holding("999", 10.0, "未知物"))
    assert "增补" in refused.value.next_step.zh
    with pytest.raises(Invalid):
        record(holding("", 10.0, "未知物"))


def test_the_tables_hold_what_the_standard_holds(db):
    from anlan.platform.standards.queries import table_in_force

    with acting_as(service_principal("demo")), read_scope():
        counts = {
            code: len(table_in_force(code).rows)
            for code in (
                "gb18218_named",
                "gb18218_classes",
                "gb18218_toxic_beta",
                "gb18218_alpha",
                "gb18218_levels",
            )
        }
        assert counts == {
            "gb18218_named": 85,
            "gb18218_classes": 24,
            "gb18218_toxic_beta": 14,
            "gb18218_alpha": 5,
            "gb18218_levels": 4,
        }
        named = table_in_force("gb18218_named")
        plan = {"43": 5, "44": 50, "45": 200, "78": 100, "79": 100, "37": 1, "39": 10, "41": 50, "83": 100}
        assert {key: named.number_of(key, "critical_t") for key in plan} == plan
