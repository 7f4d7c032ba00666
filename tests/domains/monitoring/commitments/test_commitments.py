"""Commitments, permits and what is kept of a discrepancy, through the services."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.domains.monitoring.plant import Plant, new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.commitments import services
from anlan.domains.monitoring.commitments.contracts import WorkGrade, WorkKind
from anlan.domains.monitoring.commitments.models import Commitment, Discrepancy, SpecialWork
from anlan.domains.monitoring.commitments.queries import management_facts, open_special_work
from anlan.domains.monitoring.commitments.states import DISCREPANCY_WORKFLOW, GasKind, WorkState
from anlan.domains.monitoring.warnings.models import WarningEvidence
from anlan.domains.monitoring.warnings.services import warn_from_discrepancy
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.levels import WarningLevel
from anlan.platform.commands import Principal, acting_as, read_scope
from anlan.platform.http.problems import InvalidFields

NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
"""09:00 in China, an hour before commitments are due."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UNITS = {"units_total": 4, "units_running": 3, "units_stopped": 0, "units_maintained": 1}


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm")


@pytest.fixture
def operator(db: Any) -> Principal:
    return new_principal("enterprise_operator", LINGWU)


@pytest.fixture
def lead(db: Any) -> Principal:
    return new_principal("enterprise_principal", LINGWU)


def promised(plant: Plant, who: Principal, at: datetime = NINE, **counts: int) -> UUID:
    with acting_as(who), use_clock(FixedClock(at)):
        return services.submit_commitment(
            enterprise_id=plant.enterprise, promiser="赵建国", **(UNITS | counts)
        )


def applied(plant: Plant, who: Principal, number: str = "DH-1", **changes: Any) -> UUID:
    form: dict[str, Any] = {
        "enterprise_id": plant.enterprise,
        "process_unit_id": plant.unit,
        "number": number,
        "kind": WorkKind.HOT_WORK,
        "grade": WorkGrade.FIRST,
        "place": "罐区管廊",
        "starts_at": NINE,
        "ends_at": NINE + 8 * HOUR,
        "responsible": "钱伟",
    }
    with acting_as(who), use_clock(FixedClock(NINE)):
        return services.apply_for_work(**(form | changes))


def do(who: Principal, verb: str, id: UUID, at: datetime = NINE, **form: Any) -> None:
    with acting_as(who), use_clock(FixedClock(at)):
        getattr(services, verb)(id, **form)


def sampled(who: Principal, work: UUID, at: datetime) -> None:
    do(
        who,
        "record_gas_test",
        work,
        at,
        kind=GasKind.FLAMMABLE,
        value=0,
        unit="%LEL",
        sampled_at=at,
        tester="孙丽",
    )


def working(plant: Plant, operator: Principal, lead: Principal, number: str = "DH-1") -> UUID:
    work = applied(plant, operator, number)
    do(lead, "approve_work", work)
    sampled(operator, work, NINE)
    do(operator, "start_work", work, NINE + 5 * MINUTE)
    return work


def checked(at: datetime) -> int:
    with as_service("worker"), use_clock(FixedClock(at)):
        return services.check_all()


def stored(model: Any) -> list[Any]:
    with as_service("demo"), read_scope():
        return list(model.objects.order_by("id"))


# -- commitments ------------------------------------------------------------------


def test_one_commitment_for_each_enterprise_and_day(plant: Plant, operator: Principal) -> None:
    promised(plant, operator)
    with pytest.raises(Conflict):
        promised(plant, operator, NINE + HOUR)
    promised(plant, operator, NINE + 24 * HOUR)
    assert [str(one.day) for one in stored(Commitment)] == ["2026-11-26", "2026-11-27"]


def test_units_that_do_not_add_up_are_refused(plant: Plant, operator: Principal) -> None:
    with pytest.raises(Invalid):
        promised(plant, operator, units_running=4)


def test_whoever_has_not_committed_by_the_hour_is_overdue(plant: Plant, operator: Principal) -> None:
    def facts(at: datetime) -> Any:
        with as_service("demo"), read_scope(), use_clock(FixedClock(at)):
            return management_facts([plant.enterprise], NINE.date())[plant.enterprise]

    before, after = facts(NINE), facts(NINE + HOUR)
    assert (before.required, before.overdue, after.overdue) == (True, False, True)
    promised(plant, operator, NINE + 2 * HOUR)
    late = facts(NINE + 3 * HOUR)
    assert late.submitted_at == NINE + 2 * HOUR and late.overdue, "late is not in time"


def test_a_commitment_is_corrected_on_its_own_day_only(plant: Plant, operator: Principal) -> None:
    commitment = promised(plant, operator)
    do(operator, "update_commitment", commitment, NINE + HOUR, version=1, changes={"hot_first": 2})
    assert stored(Commitment)[0].hot_first == 2
    with pytest.raises(Conflict):
        do(operator, "update_commitment", commitment, NINE + 24 * HOUR, version=2, changes={"hot_first": 0})


# -- special work -----------------------------------------------------------------


def test_a_grade_that_the_kind_does_not_have_is_refused(plant: Plant, operator: Principal) -> None:
    with pytest.raises(InvalidFields) as refused:
        applied(plant, operator, kind=WorkKind.CONFINED_SPACE, grade=WorkGrade.SPECIAL)
    ((field, words),) = refused.value.errors
    assert field == "grade" and "受限空间作业没有“特级”" in words.zh


def test_grade_1_hot_work_is_permitted_for_eight_hours_at_most(plant: Plant, operator: Principal) -> None:
    with pytest.raises(Invalid):
        applied(plant, operator, ends_at=NINE + 8 * HOUR + MINUTE)
    applied(plant, operator, grade=WorkGrade.SECOND, ends_at=NINE + 72 * HOUR)


def test_who_applied_does_not_approve(plant: Plant, lead: Principal) -> None:
    with pytest.raises(Conflict):
        do(lead, "approve_work", applied(plant, lead))


def test_hot_work_begins_within_half_an_hour_of_a_gas_test_and_in_its_time(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    work = applied(plant, operator)
    do(lead, "approve_work", work)
    with pytest.raises(Conflict) as refused:
        do(operator, "start_work", work)
    assert "气体分析" in refused.value.title.zh
    sampled(operator, work, NINE)
    with pytest.raises(Conflict):
        do(operator, "start_work", work, NINE + 31 * MINUTE)
    with pytest.raises(Conflict):
        do(operator, "start_work", work, NINE - MINUTE)
    do(operator, "start_work", work, NINE + 30 * MINUTE)
    assert stored(SpecialWork)[0].state == WorkState.WORKING


def test_work_under_way_is_open_until_it_is_accepted_even_past_its_permit(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    work = working(plant, operator, lead)

    def under_way(at: datetime) -> list[UUID]:
        with as_service("worker"), read_scope():
            return [one.id for one in open_special_work([plant.unit], at)]

    assert under_way(NINE) == [] and under_way(NINE + HOUR) == [work] == under_way(NINE + 20 * HOUR)
    do(lead, "accept_work", work, NINE + 9 * HOUR)
    assert under_way(NINE + 8 * HOUR) == [work] and under_way(NINE + 10 * HOUR) == []


# -- discrepancies ----------------------------------------------------------------


def test_a_discrepancy_is_found_once_and_outlives_the_correction_of_the_promise(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    """The promise is corrected after the fact: the matter no longer holds, and still waits for a person."""
    commitment = promised(plant, operator)
    working(plant, operator, lead)
    assert checked(NINE + HOUR) == 1 and checked(NINE + HOUR + MINUTE) == 0
    do(operator, "update_commitment", commitment, NINE + 2 * HOUR, version=1, changes={"hot_first": 1})
    assert checked(NINE + 2 * HOUR) == 0
    (row,) = stored(Discrepancy)
    assert (row.holds, row.state, row.ceased_at) == (False, "open", NINE + 2 * HOUR)
    assert [said["kind"] for said in row.sources] == ["commitment", "special_work"]


def test_a_round_that_finds_nothing_new_writes_nothing(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    from anlan.platform.commands.models import Command

    promised(plant, operator)
    working(plant, operator, lead)
    checked(NINE + HOUR)
    before = len(stored(Command))
    checked(NINE + HOUR + MINUTE)
    assert len(stored(Command)) == before


def test_a_discrepancy_is_explained_and_settled_by_two_and_not_found_again_while_it_holds(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    promised(plant, operator)
    working(plant, operator, lead)
    checked(NINE + HOUR)
    (row,) = stored(Discrepancy)
    bureau = new_principal("local_bureau", LINGWU)
    with pytest.raises(Conflict):
        do(bureau, "settle_discrepancy", row.id, note="尚未说明")
    do(operator, "explain_discrepancy", row.id, note="承诺漏报一项")
    with acting_as(operator), pytest.raises(Forbidden):
        services.settle_discrepancy(row.id, note="自行核销")
    do(bureau, "settle_discrepancy", row.id, note="情况属实，已约谈")
    assert checked(NINE + 2 * HOUR) == 0 and len(stored(Discrepancy)) == 1
    assert {one.event for one in DISCREPANCY_WORKFLOW.transitions} == {"explain", "reopen", "settle"}


def test_a_permit_that_runs_out_is_found_by_the_next_round(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    promised(plant, operator, hot_first=1)
    working(plant, operator, lead)
    assert checked(NINE + 8 * HOUR) == 0
    assert checked(NINE + 8 * HOUR + MINUTE) == 1
    assert stored(Discrepancy)[0].kind == "expired"


def test_another_county_sees_nothing(plant: Plant, operator: Principal, lead: Principal) -> None:
    commitment = promised(plant, operator)
    work = working(plant, operator, lead)
    checked(NINE + HOUR)
    with acting_as(new_principal("enterprise_principal", YANCHI)):
        with read_scope():
            assert not Commitment.objects.exists() and not SpecialWork.objects.exists()
            assert not Discrepancy.objects.exists()
        with pytest.raises(NotFound):
            services.accept_work(work)
        with pytest.raises(NotFound):
            services.update_commitment(commitment, version=1, changes={})


def test_a_discrepancy_is_made_a_warning_once_and_says_what_did_not_fit(
    plant: Plant, operator: Principal, lead: Principal
) -> None:
    promised(plant, operator)
    working(plant, operator, lead)
    checked(NINE + HOUR)
    (found,) = stored(Discrepancy)
    with acting_as(new_principal("duty_officer", LINGWU)), use_clock(FixedClock(NINE + HOUR)):
        warning = warn_from_discrepancy(found.id, level=WarningLevel.YELLOW, note="动火未承诺")
        with pytest.raises(Conflict):
            warn_from_discrepancy(found.id, level=WarningLevel.RED, note="再次")
    said = {one.zh for one in stored(WarningEvidence) if one.warning_id == warning.id}
    assert said == {found.zh, "动火未承诺"}
    assert (warning.subject_id, warning.enterprise_id) == (found.id, plant.enterprise)
