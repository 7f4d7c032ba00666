"""The daily bulletin: its aggregates against a plain count, ranks, zones, the page, and who may what."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.domains.monitoring.plant import Plant, new_plant, raise_alarm
from tests.people import LINGWU, NINGXIA, PINGLUO, YANCHI, as_service, new_principal

from anlan.domains.monitoring.patrol import services
from anlan.domains.monitoring.patrol.figures import Figures, added_up, ranked
from anlan.domains.monitoring.patrol.models import Bulletin, BulletinLine
from anlan.kernel.clock import FixedClock, from_ms, use_clock
from anlan.kernel.errors import Conflict, Forbidden
from anlan.platform.commands import acting_as, read_scope

MORNING = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
"""08:30 in China: before commitments are due and before the bulletin's hour."""
NOON = MORNING + timedelta(hours=3, minutes=30)


def test_the_figures_of_a_place_are_sums_and_the_longest_wait() -> None:
    total = added_up(
        [Figures(points=10, online=9, required=1, longest_h=3.0), Figures(points=5, longest_h=7.5)]
    )
    assert (total.online_rate, total.commitment_rate, total.longest_h) == (0.6, 0.0, 7.5)
    assert added_up([]).online_rate is None, "no points, no rate"


def test_equal_rates_share_a_rank_and_who_has_none_is_not_last() -> None:
    assert ranked({"a": 1.0, "b": 1.0, "c": 0.2, "d": None}) == {"a": 1, "b": 1, "c": 3, "d": None}


@pytest.fixture
def estate(db: Any) -> dict[str, Plant]:
    """Two plants in Lingwu, one of them in the zone, one in Pingluo; one is silent, one has committed."""
    plants = {
        "zone": new_plant("zone-plant", region=LINGWU, zone="ningdong"),
        "lingwu": new_plant("lingwu-plant", region=LINGWU),
        "pingluo": new_plant("pingluo-plant", region=PINGLUO),
    }
    for name in ("zone", "pingluo"):
        heard(plants[name], NOON)
    with as_service("demo"), use_clock(FixedClock(MORNING)):
        from anlan.domains.monitoring.commitments.services import submit_commitment

        submit_commitment(
            enterprise_id=plants["zone"].enterprise,
            units_total=1,
            units_running=1,
            units_stopped=0,
            units_maintained=0,
            promiser="周志",
        )
    return plants


def heard(plant: Plant, at: datetime) -> None:
    """The newest reading of the plant's point came at *at*."""
    import numpy as np

    from anlan.domains.monitoring.points.services import upsert_latest
    from anlan.kernel.clock import to_ms
    from anlan.platform.commands import service_principal, transaction_as

    moment = np.array([to_ms(at)], np.int64)
    with transaction_as(service_principal("evaluator")):
        upsert_latest(
            np.array([plant.point_number], np.int32),
            moment,
            moment,
            np.array([20.0]),
            np.array([0], np.uint8),
        )


def issued(at: datetime = NOON) -> dict[tuple[str, str | None], Bulletin]:
    with as_service("worker"), use_clock(FixedClock(at)):
        services.issue_bulletins()
    return stored()


def stored() -> dict[tuple[str, str | None], Bulletin]:
    with as_service("demo"), read_scope():
        return {(one.region, one.zone): one for one in Bulletin.objects.all()}


def test_each_place_has_its_bulletin_and_the_zone_one_of_its_own(estate: dict[str, Plant]) -> None:
    made = issued()
    assert made.keys() == {(LINGWU, "ningdong"), (LINGWU, None), (PINGLUO, None)}
    zone, lingwu = made[LINGWU, "ningdong"], made[LINGWU, None]
    assert (zone.online_rate, zone.commitment_rate, zone.commitment_rank) == (1.0, 1.0, 1)
    assert (lingwu.online_rate, lingwu.online_rank, lingwu.commitment_rate) == (0.0, 3, 0.0)


def test_the_aggregates_agree_with_a_plain_count_of_the_rows(estate: dict[str, Plant]) -> None:
    """An alarm, a warning that waits, a circular: counted here row by row, there by the database."""
    from anlan.domains.monitoring.alarms.models import Alarm
    from anlan.domains.monitoring.warnings.contracts import WarningSource
    from anlan.domains.monitoring.warnings.models import Circular, Warning
    from anlan.domains.monitoring.warnings.services import generate_warning, issue_circular
    from anlan.kernel.levels import WarningLevel

    plant = estate["pingluo"]
    raise_alarm(plant)
    with as_service("demo"), read_scope():
        raised_at = Alarm.objects.get().raised_at
    at = raised_at + timedelta(hours=6)
    with as_service("demo"), use_clock(FixedClock(at)):
        for _ in range(2):
            generate_warning(
                subject_kind="process_unit",
                subject_id=uuid4(),
                enterprise_id=plant.enterprise,
                level=WarningLevel.YELLOW,
                title="风险升高",
                evidence=[],
                source=WarningSource.RISK,
            )
        issue_circular(title="通报", text="请自查", enterprise_id=plant.enterprise)
    bulletin = issued(at)[PINGLUO, None]
    with as_service("demo"), read_scope():
        alarms = [one for one in Alarm.objects.all() if one.enterprise_id == plant.enterprise]
        warnings = [one for one in Warning.objects.all() if one.enterprise_id == plant.enterprise]
        circulars = [one for one in Circular.objects.all() if one.enterprise_id == plant.enterprise]
        line = BulletinLine.objects.get(enterprise_id=plant.enterprise)
    for row in (bulletin, line):
        assert row.unresolved == len({one.point_id for one in alarms if one.state != "closed"}) == 1
        assert row.longest_h == pytest.approx(6.0)
        assert row.warnings_open == len(warnings) == row.warnings_waiting == 2
        assert row.circulars_waiting == len(circulars) == 1


def test_an_alarm_older_than_the_window_is_not_of_this_day(estate: dict[str, Plant]) -> None:
    from tests.domains.monitoring.plant import MS

    raise_alarm(estate["pingluo"])
    assert issued(from_ms(MS) + timedelta(hours=25))[PINGLUO, None].unresolved == 0


def test_the_bulletin_comes_at_its_hour_once_a_day(estate: dict[str, Plant]) -> None:
    def look(at: datetime) -> bool:
        with as_service("worker"), use_clock(FixedClock(at)):
            return services.issue_when_due()

    hour = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
    heard(estate["pingluo"], hour)
    assert [look(hour - timedelta(minutes=1)), look(hour), look(hour + timedelta(minutes=5))] == [
        False,
        True,
        False,
    ]
    tomorrow = hour + timedelta(days=1)
    assert not look(tomorrow), "nothing at all is heard of: the system may have just been started"
    assert look(tomorrow + timedelta(hours=12)), "but silence of a whole day is told"


def test_video_is_said_to_be_missing_and_never_given_a_number(estate: dict[str, Plant]) -> None:
    from anlan.domains.monitoring.patrol.resource import BulletinOut
    from anlan.platform.provenance.queries import run_named

    bulletin = issued()[PINGLUO, None]
    assert BulletinOut.from_orm(bulletin).video.label.zh == "未接入"
    with as_service("demo"), read_scope():
        run = run_named(bulletin.run)
    assert run.result["video"] is None
    assert "patrol.video_not_connected" in [one["code"] for one in run.manifest["caveats"]]
    assert run.manifest["tables"].keys() == {"patrol_rules", "commitment_due"}


def test_only_who_answers_for_the_region_makes_bulletins_and_a_county_sees_its_own(
    estate: dict[str, Plant],
) -> None:
    with acting_as(new_principal("duty_officer", LINGWU)), pytest.raises(Forbidden):
        services.issue_bulletins()
    with acting_as(new_principal("duty_officer", NINGXIA)), use_clock(FixedClock(NOON)):
        services.issue_bulletins()
        with pytest.raises(Conflict):
            services.issue_bulletins()
    for region, seen in ((YANCHI, 0), (PINGLUO, 1)):
        with acting_as(new_principal("local_bureau", region)), read_scope():
            assert (Bulletin.objects.count(), BulletinLine.objects.count()) == (seen, seen)


def test_a_place_answers_with_a_contact_once(estate: dict[str, Plant]) -> None:
    bulletin = issued()[PINGLUO, None]
    with acting_as(new_principal("local_bureau", PINGLUO)), use_clock(FixedClock(NOON)):
        services.feed_back(bulletin.id, contact="周志 0952-000000", note="已督促整改")
        with pytest.raises(Conflict):
            services.feed_back(bulletin.id, contact="周志", note="再次")
    assert stored()[PINGLUO, None].fed_back_at == NOON


def test_the_page_to_print_shows_what_one_may_see_in_either_language(estate: dict[str, Plant]) -> None:
    from tests.server.conftest import browser_of, new_person

    bulletin = issued()[PINGLUO, None]
    with acting_as(new_principal("local_bureau", PINGLUO)), use_clock(FixedClock(NOON)):
        services.feed_back(bulletin.id, contact="<script>周志</script>", note="已督促")
    browser = browser_of(new_person("pingluo-bureau", "local_bureau", PINGLUO))
    page = browser.get("/api/patrol/print").content.decode()
    assert "线上巡查通报 2026-11-26" in page and "平罗县" in page and "未接入" in page
    assert "pingluo-plant" in page and "lingwu-plant" not in page and "宁东" not in page
    assert "&lt;script&gt;周志" in page and "<script>" not in page, "what people typed is text"
    english = browser.get("/api/patrol/print", {"lang": "en", "day": "2026-11-26"}).content.decode()
    assert "Not connected" in english and 'lang="en"' in english
    assert "没有通报" in browser.get("/api/patrol/print", {"day": "2026-11-20"}).content.decode()
