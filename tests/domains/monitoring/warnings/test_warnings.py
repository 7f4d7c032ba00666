"""生成 → 推送 → 签收 → 反馈 → 核查 → 销警, its clocks by colour, and who sees what."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.domains.monitoring.plant import MS, Plant, cross, new_plant, raise_alarm
from tests.people import LINGWU, YANCHI, as_service, new_principal

from anlan.domains.monitoring.warnings import services
from anlan.domains.monitoring.warnings.contracts import (
    Evidence,
    EvidenceKind,
    Reach,
    WarningSource,
    WarningState,
    WarningView,
)
from anlan.domains.monitoring.warnings.models import Circular, Warning, WarningEntry, WarningEvidence
from anlan.domains.monitoring.warnings.queries import find_warning, open_counts, warning_statistics
from anlan.domains.monitoring.warnings.states import WARNING_WORKFLOW
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.levels import Condition, WarningLevel
from anlan.kernel.text import Text
from anlan.platform.commands import Principal, acting_as, read_scope
from anlan.platform.deadlines.ticking import tick
from anlan.platform.notices.models import Notice

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
WHY = Evidence(EvidenceKind.SCORE, None, NOW, Text("指数 83", "index 83"))


@pytest.fixture
def plant(db: Any) -> Plant:
    return new_plant("tank-farm")


@pytest.fixture
def judge(db: Any) -> Principal:
    return new_principal("duty_officer", LINGWU)


@pytest.fixture
def bureau(db: Any) -> Principal:
    return new_principal("local_bureau", LINGWU)


def warned(
    plant: Plant, level: WarningLevel = WarningLevel.YELLOW, at: datetime = NOW, subject: UUID | None = None
) -> WarningView:
    """What the risk index does, as the worker."""
    with as_service("worker"), use_clock(FixedClock(at)):
        return services.generate_warning(
            subject_kind="process_unit",
            subject_id=subject or plant.unit,
            enterprise_id=plant.enterprise,
            level=level,
            title="罐区风险升高",
            evidence=[WHY],
            source=WarningSource.RISK,
        )


def step(who: Principal, verb: str, warning: UUID, at: datetime = NOW, **form: Any) -> Any:
    with acting_as(who), use_clock(FixedClock(at)):
        return getattr(services, verb)(warning, **form)


def walk(warning: UUID, to: WarningState, judge: Principal, bureau: Principal) -> None:
    """Bring a pushed warning to a state by the shortest way."""
    way = [
        (WarningState.SIGNED, bureau, "sign_warning", {}),
        (WarningState.FED_BACK, bureau, "feed_back", {"measures": "已停车降温"}),
        (WarningState.VERIFIED, judge, "verify_warning", {"note": "现场属实"}),
        (WarningState.CLOSED, judge, "close_warning", {}),
    ]
    for state, who, verb, form in way:
        if row(warning).state == to:
            return
        step(who, verb, warning, **form)
        assert row(warning).state == state


def row(warning: UUID) -> Warning:
    with as_service("demo"), read_scope():
        return Warning.objects.get(id=warning)


def entries(warning: UUID) -> list[str]:
    with as_service("demo"), read_scope():
        return list(WarningEntry.objects.filter(warning_id=warning).values_list("kind", flat=True))


def audiences() -> set[str]:
    with as_service("demo"), read_scope():
        return set(Notice.objects.values_list("permission", flat=True))


def test_the_same_subject_and_source_have_one_open_warning_whose_level_only_rises(plant: Plant) -> None:
    first = warned(plant)
    assert warned(plant) == first, "asked again, nothing changes"
    assert warned(plant, WarningLevel.BLUE) == first, "a lower level is no reason"
    raised = warned(plant, WarningLevel.RED, NOW + timedelta(minutes=5))
    assert (raised.id, raised.level, raised.thread) == (first.id, WarningLevel.RED, first.thread)
    assert raised.feedback_due_at == NOW + timedelta(minutes=35)
    with as_service("demo"), read_scope():
        assert Warning.objects.count() == 1 and WarningEvidence.objects.count() == 2
    assert entries(first.id) == ["generated", "pushed", "raised", "pushed", "duty"]


def test_once_closed_the_next_one_is_another_warning(
    plant: Plant, judge: Principal, bureau: Principal
) -> None:
    first = warned(plant)
    walk(first.id, WarningState.CLOSED, judge, bureau)
    assert warned(plant).id != first.id


def test_a_raised_level_must_be_signed_and_answered_again(
    plant: Plant, judge: Principal, bureau: Principal
) -> None:
    warning = warned(plant)
    walk(warning.id, WarningState.FED_BACK, judge, bureau)
    raised = warned(plant, WarningLevel.ORANGE, NOW + timedelta(hours=1))
    assert raised.state is WarningState.PUSHED and raised.signed_at is None and raised.fed_back_at is None


@pytest.mark.parametrize(
    ("level", "reach", "minutes", "told"),
    [
        (WarningLevel.BLUE, Reach.ENTERPRISE, 1440, ("enterprise",)),
        (WarningLevel.YELLOW, Reach.COUNTY, 240, ("enterprise", "local")),
        (WarningLevel.ORANGE, Reach.CITY, 60, ("enterprise", "local")),
        (WarningLevel.RED, Reach.REGION, 30, ("enterprise", "local", "region", "duty")),
    ],
)
def test_each_colour_is_pushed_as_far_and_waits_as_long_as_its_row_says(
    plant: Plant, level: WarningLevel, reach: Reach, minutes: int, told: tuple[str, ...]
) -> None:
    warning = warned(plant, level)
    assert warning.reach is reach and warning.feedback_due_at == NOW + timedelta(minutes=minutes)
    assert audiences() == {f"warnings.{'' if one == 'duty' else 'hear_'}{one}" for one in told}


STEPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "push": ("judge", "push_warning", {}),
    "dismiss": ("judge", "dismiss_warning", {"note": "不成立"}),
    "sign": ("bureau", "sign_warning", {}),
    "feed_back": ("bureau", "feed_back", {"measures": "已处置"}),
    "verify": ("judge", "verify_warning", {"note": "属实"}),
    "send_back": ("judge", "send_back", {"note": "情况不详"}),
    "close": ("judge", "close_warning", {}),
    "hand_over": ("judge", "hand_over_warning", {"office": "执法支队", "note": "拒不整改"}),
    "archive": ("judge", "archive_warning", {}),
    "note": ("bureau", "add_note", {"note": "已电话核实"}),
}


def test_every_step_from_every_state_follows_the_table(
    plant: Plant, judge: Principal, bureau: Principal
) -> None:
    """One warning for each pair; what the table does not allow is refused and changes nothing."""
    assert STEPS.keys() == {one.event for one in WARNING_WORKFLOW.transitions}
    people = {"judge": judge, "bureau": bureau}
    for state in WarningState:
        for transition in WARNING_WORKFLOW.transitions:
            warning = in_state(plant, state, judge, bureau)
            who, verb, form = STEPS[transition.event]
            if state in transition.source:
                step(people[who], verb, warning, **form)
                assert row(warning).state == (transition.target or state), transition.event
            else:
                before = row(warning).version
                with pytest.raises(Conflict):
                    step(people[who], verb, warning, **form)
                assert row(warning).version == before


def in_state(plant: Plant, state: WarningState, judge: Principal, bureau: Principal) -> UUID:
    """A new warning in *state*; the colours of the first table are all pushed at once."""
    warning = warned(plant, subject=uuid4()).id
    if state is WarningState.GENERATED:
        with as_service("demo"):
            from anlan.platform.commands import service_principal, transaction_as

            with transaction_as(service_principal("demo")):
                Warning.objects.filter(id=warning).update(state=state.value, pushed_at=None)
            cancel_clocks(warning)
        return warning
    if state in (WarningState.HANDED_OVER, WarningState.ARCHIVED):
        walk(warning, WarningState.VERIFIED, judge, bureau)
        step(judge, "hand_over_warning", warning, office="执法支队", note="拒不整改")
        if state is WarningState.ARCHIVED:
            step(judge, "archive_warning", warning)
        return warning
    walk(warning, state, judge, bureau)
    return warning


def cancel_clocks(warning: UUID) -> None:
    from anlan.domains.monitoring.warnings.deadlines import FEEDBACK, SIGNING
    from anlan.platform.commands import service_principal, transaction_as
    from anlan.platform.deadlines.services import cancel_deadline

    with transaction_as(service_principal("demo")):
        for kind in (SIGNING, FEEDBACK):
            cancel_deadline(kind, warning)


def test_who_gave_the_feedback_does_not_verify_it(plant: Plant, bureau: Principal, judge: Principal) -> None:
    warning = warned(plant).id
    walk(warning, WarningState.FED_BACK, judge, bureau)
    with pytest.raises(Conflict) as refused:
        step(bureau, "verify_warning", warning, note="属实")
    assert "反馈人" in refused.value.title.zh


def test_feedback_sent_back_is_due_anew(plant: Plant, bureau: Principal, judge: Principal) -> None:
    warning = warned(plant, WarningLevel.RED).id
    walk(warning, WarningState.FED_BACK, judge, bureau)
    later = NOW + timedelta(minutes=20)
    sent = step(judge, "send_back", warning, later, note="未说明原因")
    assert sent.state is WarningState.SIGNED and sent.feedback_due_at == later + timedelta(minutes=30)
    with use_clock(FixedClock(later + timedelta(minutes=30))):
        assert tick() == 1, "the clock of the second feedback runs over"


def test_an_unanswered_orange_warning_climbs_to_the_region(plant: Plant, bureau: Principal) -> None:
    """Not signed in 20 minutes, nor answered in 60: the clocks do what the people did not."""
    warning = warned(plant, WarningLevel.ORANGE).id
    with use_clock(FixedClock(NOW + timedelta(minutes=19))):
        assert tick() == 0
    with use_clock(FixedClock(NOW + timedelta(minutes=20))):
        assert tick() == 1
    assert row(warning).reach == "region" and entries(warning)[-1] == "escalated"
    with use_clock(FixedClock(NOW + timedelta(hours=10))):
        assert tick() == 3, "after a standstill the missed steps are all taken"
    assert "warnings.hear_region" in audiences()


def test_signing_stops_its_clock_and_closing_all(plant: Plant, judge: Principal, bureau: Principal) -> None:
    warning = warned(plant).id
    walk(warning, WarningState.CLOSED, judge, bureau)
    with use_clock(FixedClock(NOW + timedelta(days=2))):
        assert tick() == 0


def test_an_alarm_becomes_a_warning_on_its_own_thread_once(plant: Plant, judge: Principal) -> None:
    from anlan.domains.monitoring.alarms.models import Alarm

    raise_alarm(plant)
    with as_service("demo"), read_scope():
        alarm = Alarm.objects.get()
    warning = step(judge, "warn_from_alarm", alarm.id, level=WarningLevel.ORANGE, note="温度持续上升")
    assert warning.thread == alarm.thread and warning.subject_id == alarm.id
    with pytest.raises(Conflict):
        step(judge, "warn_from_alarm", alarm.id, level=WarningLevel.RED, note="再次")


def test_a_warning_is_not_closed_while_its_alarm_holds(
    plant: Plant, judge: Principal, bureau: Principal
) -> None:
    from anlan.domains.monitoring.alarms.models import Alarm

    raise_alarm(plant)
    with as_service("demo"), read_scope():
        alarm = Alarm.objects.get()
    warning = step(judge, "warn_from_alarm", alarm.id, level=WarningLevel.YELLOW, note="温度高").id
    walk(warning, WarningState.VERIFIED, judge, bureau)
    with pytest.raises(Conflict) as refused:
        step(judge, "close_warning", warning)
    assert "尚未恢复" in refused.value.title.zh
    cross(plant, (Condition.HIGH, False, 70.0), at_ms=MS + 9000)
    assert step(judge, "close_warning", warning).state is WarningState.CLOSED


def test_another_county_sees_nothing_and_an_observer_may_not(plant: Plant) -> None:
    warning = warned(plant).id
    with acting_as(new_principal("local_bureau", YANCHI)):
        with read_scope(), pytest.raises(NotFound):
            find_warning(warning)
        with pytest.raises(NotFound):
            services.sign_warning(warning)
    with acting_as(new_principal("leader", LINGWU)), pytest.raises(Forbidden):
        services.sign_warning(warning)


def test_the_rate_counts_what_was_due_and_not_what_still_runs(
    plant: Plant, judge: Principal, bureau: Principal
) -> None:
    in_time, late, running = (warned(plant, WarningLevel.RED, subject=uuid4()).id for _ in range(3))
    step(bureau, "sign_warning", in_time, NOW + timedelta(minutes=5))
    step(bureau, "sign_warning", late, NOW + timedelta(minutes=11))

    def asked(at: datetime) -> Any:
        with as_service("demo"), read_scope():
            (found,) = warning_statistics(NOW, NOW + timedelta(days=1), at)
        return found

    soon = asked(NOW + timedelta(minutes=10))
    assert (soon.total, soon.signed_due, soon.signed_in_time) == (3, 2, 1)
    over = asked(NOW + timedelta(minutes=31))
    assert (over.signed_due, over.signed_in_time, over.feedback_due, over.feedback_in_time) == (3, 1, 3, 0)
    assert row(running).signed_at is None


def test_a_circular_goes_to_every_county_of_a_city_and_each_answers_for_itself(db: Any) -> None:
    city = new_principal("hazchem_division", "640100")
    with acting_as(city), use_clock(FixedClock(NOW)):
        first = services.issue_circular(title="冬季防冻", text="请开展自查", region="640100")
    with as_service("demo"), read_scope():
        issued = {one.region: one for one in Circular.objects.all()}
    assert len(issued) == 6 and len({one.batch for one in issued.values()}) == 1
    assert first in {one.id for one in issued.values()}
    bureau = new_principal("local_bureau", LINGWU)
    circular = issued[LINGWU].id
    step(bureau, "sign_circular", circular)
    step(bureau, "circular_feed_back", circular, measures="已自查 12 家")
    with pytest.raises(Conflict):
        step(bureau, "close_circular", circular)
    step(city, "close_circular", circular)
    with as_service("demo"), read_scope():
        states = dict(Circular.objects.values_list("region", "state"))
    assert states[LINGWU] == "closed" and states["640121"] == "issued"


def test_a_circular_outside_the_issuer_s_area_is_issued_to_nobody(db: Any) -> None:
    with acting_as(new_principal("local_bureau", LINGWU)), pytest.raises(Forbidden):
        services.issue_circular(title="通报", text="请自查", region="640100")
    with as_service("demo"), read_scope():
        assert Circular.objects.count() == 0


def test_what_stands_open_is_counted_by_enterprise(plant: Plant, judge: Principal, bureau: Principal) -> None:
    walk(warned(plant, subject=uuid4()).id, WarningState.FED_BACK, judge, bureau)
    warned(plant, subject=uuid4())
    with acting_as(judge), use_clock(FixedClock(NOW)):
        services.issue_circular(title="通报", text="请自查", enterprise_id=plant.enterprise)
    with as_service("demo"), read_scope():
        counted = open_counts([plant.enterprise])[plant.enterprise]
    assert (counted.not_closed, counted.not_fed_back, counted.circulars_not_fed_back) == (2, 1, 1)
