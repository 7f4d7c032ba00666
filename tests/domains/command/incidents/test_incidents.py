"""From the alarm to an incident, what it reaches and who is inside: each number with its run."""

from datetime import timedelta

import pytest
from tests.domains.command.incidents.conftest import LAT, LON, NOW

from anlan.domains.command.incidents.contracts import ReleaseSpec
from anlan.domains.command.incidents.states import EntryKind, IncidentKind, IncidentState
from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.levels import IncidentGrade
from anlan.platform.commands import acting_as, read_scope, service_principal

RELEASE = ReleaseSpec(rate_kg_s=2.0, duration_s=1800.0, height_m=2.0)


def do(verb, *arguments, at=NOW, **named):
    from anlan.domains.command.incidents import services

    with acting_as(service_principal("demo")), use_clock(FixedClock(at)):
        return getattr(services, verb)(*arguments, **named)


def seen(question, *arguments):
    with acting_as(service_principal("demo")), read_scope():
        return question(*arguments)


def entries(incident):
    from anlan.domains.command.incidents.models import Entry

    return seen(lambda: [EntryKind(row.kind) for row in Entry.objects.filter(incident_id=incident.id)])


def standing(incident, purpose):
    from anlan.platform.provenance.queries import standing_run

    return seen(standing_run, "incident", incident.id, purpose)


def test_an_incident_stands_on_the_alarms_thread_at_the_hazards_place(alarm, incident):
    assert incident.thread == alarm.thread and incident.alarm_id == alarm.id
    assert (incident.lon, incident.lat) == (LON, LAT)
    assert incident.number == "640181-20261121-001", "the day in China"
    assert incident.cas == "7664-41-7" and incident.state is IncidentState.REPORTED


def test_an_alarm_has_one_incident(alarm, incident):
    with pytest.raises(Conflict) as refused:
        do("open_from_alarm", alarm.id, kind=IncidentKind.FIRE)
    assert refused.value.facts["number"] == incident.number


@pytest.mark.parametrize("role", ["duty_officer", "hazchem_division", "mine_division", "park"])
def test_whoever_may_report_an_incident_gets_its_thread_too(db, signed_in, role):
    from anlan.domains.command.incidents.services import open_incident

    with acting_as(signed_in(role, "640181")), use_clock(FixedClock(NOW)):
        opened = open_incident(
            kind=IncidentKind.FIRE, title="报告的火情", lon=LON, lat=LAT, region="640181", note="电话报告"
        )
    assert opened.thread is not None


def test_the_alarm_desk_offers_opening_until_there_is_one(alarm, db):
    from tests.server.conftest import new_person

    from anlan.platform.resources import resource_named

    person = new_person("duty", "duty_officer", "640000")

    def offered():
        from anlan.platform.commands import principal_of_user
        from anlan.platform.identity.models import User

        resource = resource_named("alarm")
        user = User.objects.get(id=person.id)
        with acting_as(principal_of_user(user)) as principal, read_scope():
            row = resource.rows().get(id=alarm.id)
            return [t.event for t in resource.actions.available(row, principal)]

    assert "open_incident" in offered()
    do("open_from_alarm", alarm.id, kind=IncidentKind.TOXIC_RELEASE)
    assert "open_incident" not in offered()


def test_the_footprint_lies_downwind_and_reaches_farther_for_milder_levels(incident, weather, people):
    from anlan.domains.command.incidents.models import Footprint

    do("compute_footprint", incident.id, RELEASE)
    zones = seen(lambda: {row.name: row for row in Footprint.objects.filter(incident_id=incident.id)})
    assert set(zones) == {"aegl1", "aegl2", "aegl3"}
    reach = [zones[name].max_distance_m for name in ("aegl1", "aegl2", "aegl3")]
    assert reach == sorted(reach, reverse=True) and reach[-1] > 0
    middle = zones["aegl2"].geometry.centroid
    assert middle.x > LON and middle.y < LAT, "the wind from the north-west carries it south-east"


def test_who_is_inside_is_counted_with_a_range_and_its_caveat(incident, weather, people):
    do("compute_footprint", incident.id, RELEASE)
    run = standing(incident, "people")
    zone = run.result["zones"]["aegl1"]
    assert zone["people"]["low"] <= zone["people"]["best"] <= zone["people"]["high"]
    assert zone["people"]["high"] > 0
    assert "exposure.coarser_than_footprint" in [one["code"] for one in run.manifest["caveats"]]
    assert [site["name"] for site in zone["sites"]] == ["下风向小学"]
    assert [hazard["name"] for hazard in zone["hazards"]] == ["液氨罐区"]


def test_the_weather_of_the_hour_is_taken_and_named(incident, weather, people):
    do("compute_footprint", incident.id, RELEASE)
    said = standing(incident, "footprint").result["weather"]
    assert (said["wind_m_s"], said["wind_from_deg"], said["source"]) == (2.0, 315.0, "试验站")
    assert said["stability"] == "F", "a clear calm night"


def test_the_wind_from_the_spot_wins_over_the_station(incident, weather, people):
    spot = ReleaseSpec(rate_kg_s=2.0, duration_s=1800.0, wind_m_s=5.0, wind_from_deg=180.0, stability="D")
    do("compute_footprint", incident.id, spot)
    said = standing(incident, "footprint").result["weather"]
    assert (said["wind_m_s"], said["stability"], said["source"]) == (5.0, "D", "现场填写")


def test_without_weather_nobody_guesses(incident, people):
    with pytest.raises(Invalid) as refused:
        do("compute_footprint", incident.id, RELEASE)
    assert "风速" in refused.value.next_step.zh
    assert standing(incident, "footprint") is None


def test_without_population_data_the_count_says_so_and_the_sites_are_still_named(incident, weather):
    do("compute_footprint", incident.id, RELEASE)
    zone = standing(incident, "people").result["zones"]["aegl1"]
    assert zone["people"] is None and [site["name"] for site in zone["sites"]] == ["下风向小学"]


def test_a_revised_rate_gives_a_new_run_and_keeps_the_old_one(incident, weather, people):
    do("compute_footprint", incident.id, RELEASE)
    first = standing(incident, "footprint")
    do("compute_footprint", incident.id, ReleaseSpec(rate_kg_s=8.0, duration_s=1800.0))
    second = standing(incident, "footprint")
    assert first.id != second.id
    from anlan.platform.provenance.queries import run_named

    old = seen(run_named, first.id)
    assert old.superseded_by_id == second.id and old.result == first.result


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 1e9])
def test_a_rate_that_makes_no_sense_is_refused(incident, weather, people, rate):
    with pytest.raises(Invalid):
        do("compute_footprint", incident.id, ReleaseSpec(rate_kg_s=rate, duration_s=1800.0))


def test_an_unknown_substance_is_refused(incident, weather, people):
    with pytest.raises(Invalid):
        do("compute_footprint", incident.id, ReleaseSpec(2.0, 1800.0, cas="999-99-9"))


def test_the_third_death_raises_the_grade_and_the_time_line_says_so(incident):
    do("update_facts", incident.id, dead=2)
    view = do("update_facts", incident.id, dead=3, at=NOW + timedelta(days=12))
    assert view.grade is IncidentGrade.RELATIVELY_SERIOUS
    assert entries(incident).count(EntryKind.GRADED) == 2


def test_handling_stops_its_clock_and_an_ended_incident_has_none(incident):
    from anlan.platform.deadlines.queries import deadlines_of

    do("begin_handling", incident.id, note="已赴现场", at=NOW + timedelta(minutes=10))
    states = {row.kind: row.state for row in seen(deadlines_of, "incident", incident.id)}
    assert states == {"incident.handling": "met", "incident.report_up": "running"}
    do("end_incident", incident.id, note="处置完毕", at=NOW + timedelta(hours=1))
    states = {row.kind: row.state for row in seen(deadlines_of, "incident", incident.id)}
    assert states["incident.report_up"] == "cancelled"
    with pytest.raises(Conflict):
        do("compute_footprint", incident.id, RELEASE)


def test_nobody_touches_it_for_half_an_hour_and_the_desk_hears_of_it(incident):
    from anlan.platform.deadlines.ticking import tick
    from anlan.platform.notices.models import Notice

    def heard() -> list[str]:
        # the alarm that it came from has clocks of its own
        return seen(lambda: [notice.zh for notice in Notice.objects.filter(subject_kind="incident")])

    with use_clock(FixedClock(NOW + timedelta(minutes=29))):
        tick()
    assert heard() == []
    with use_clock(FixedClock(NOW + timedelta(minutes=30))):
        tick()
    assert heard() == ["事件超时未处置"]


def test_all_that_was_computed_is_on_the_one_thread(alarm, incident, weather, people):
    from anlan.platform.commands.models import Command
    from anlan.platform.provenance.queries import runs_of_thread

    do("compute_footprint", incident.id, RELEASE)
    assert {run.purpose for run in seen(runs_of_thread, alarm.thread)} == {"footprint", "people"}
    verbs = seen(
        lambda: set(Command.objects.filter(threads__contains=[alarm.thread]).values_list("verb", flat=True))
    )
    assert {"incidents.open_from_alarm", "incidents.compute_footprint"} <= verbs
