"""From a scenario to a stored result: asked once, computed as a job, with who and what lies inside."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from tests.domains.command.incidents.conftest import LAT, LON, NOW
from tests.domains.command.simulation.conftest import Quiet
from tests.people import LINGWU, NINGXIA, YANCHI, new_principal

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.platform.commands import acting_as, read_scope, service_principal
from anlan.platform.jobs import JobCancelled


def demo():
    return acting_as(service_principal("demo"))


def scenario_row(id):
    from anlan.domains.command.simulation.models import Scenario

    with demo(), read_scope():
        return Scenario.objects.get(id=id)


def simulations():
    from anlan.domains.command.simulation.models import Simulation

    with demo(), read_scope():
        return list(Simulation.objects.all())


def text(said):
    return json.dumps(said, ensure_ascii=False)


# -- writing a scenario -----------------------------------------------------------


def test_a_scenario_starts_from_a_worked_case_at_a_place_of_its_own(db, write):
    made = write(start_from="chlorine_cylinder", lon=LON, lat=LAT)
    row = scenario_row(made.id)
    assert (made.kind, made.lon, made.lat, made.state.value) == ("toxic_release", LON, LAT, "draft")
    assert row.params["scenario"]["substance"] == "7782-50-5"
    assert row.params["weather"]["humidity"] == 0.5, "defaults are filled in"


def test_a_scenario_takes_the_weather_of_the_hour(db, write, weather):
    made = write(start_from="chlorine_cylinder", lon=LON, lat=LAT, use_weather=True)
    row = scenario_row(made.id)
    said = row.params["weather"]
    assert (said["wind_m_s"], said["wind_from_deg"], said["cloud_tenths"]) == (2.0, 315.0, 1.0)
    assert said["stability"] is None and said["temperature_k"] == pytest.approx(270.15)
    assert row.weather_source == "试验站"


def test_without_weather_of_the_hour_the_person_is_told_what_to_do(db, write):
    with pytest.raises(Invalid, match="no weather of this county") as caught:
        write(start_from="chlorine_cylinder", lon=LON, lat=LAT, use_weather=True)
    assert "采用实时气象" in caught.value.next_step.zh


def test_a_scenario_of_an_incident_takes_its_place_substance_and_thread(db, write, incident):
    made = write(start_from="chlorine_cylinder", incident_id=incident.id)
    row = scenario_row(made.id)
    assert (made.lon, made.lat, made.region, made.zone) == (
        incident.lon,
        incident.lat,
        incident.region,
        incident.zone,
    )
    assert row.params["scenario"]["substance"] == incident.cas == "7664-41-7"
    assert made.thread == incident.thread


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weather": {"wind_m_s": 2.0, "stability": "F"}}, "wind_from_deg"),
        ({"weather": {"wind_m_s": 2.0, "wind_from_deg": 0.0}}, "cloud_tenths"),
        (
            {
                "scenario": {
                    "kind": "toxic_release",
                    "substance": "7664-41-8",
                    "rate_kg_s": 1,
                    "duration_s": 1,
                }
            },
            "CAS",
        ),
        ({"speed": 1}, "speed"),
    ],
)
def test_parameters_that_cannot_be_right_are_refused_by_their_field(db, write, told, change, words):
    from anlan.platform.http.problems import InvalidFields

    with pytest.raises(InvalidFields) as caught:
        write(params=text(told | change))
    ((field, said),) = caught.value.errors
    assert field == "params" and words in said.en and words in said.zh


@pytest.mark.parametrize(
    "fields", [{}, {"params": "{"}, {"params": "[]"}, {"start_from": "chlorine_cylinder", "lon": 106.0}]
)
def test_what_is_missing_is_named(db, write, fields):
    from anlan.platform.http.problems import InvalidFields

    with pytest.raises(InvalidFields):
        write(**fields)


# -- the result -------------------------------------------------------------------


def test_a_result_is_computed_as_a_job_and_stored_once(db, write, compute, told):
    made = write(params=text(told))
    first = compute(made)
    row = scenario_row(made.id)
    assert (row.state, str(row.simulation)) == ("computed", str(first))
    other = write("同一问题", params=text(told))
    assert str(compute(other)) == str(first), "the same question has its answer"
    assert len(simulations()) == 1


def test_a_request_while_the_job_waits_is_the_same_job(db, write, told):
    from anlan.domains.command.simulation.services import run_scenario

    made = write(params=text(told))
    with demo():
        one, other = run_scenario(made.id), run_scenario(made.id)
    assert one.job == other.job is not None


def test_two_jobs_of_one_question_store_one_result(db, write, told):
    from anlan.domains.command.simulation.running import _run

    rows = [scenario_row(write(title, params=text(told)).id) for title in ("甲方案", "乙方案")]
    with demo():
        stored = {
            _run(
                Quiet(),
                scenario_id=str(row.id),
                hazard=row.hazard,
                params=row.params,
                input_hash=row.input_hash,
            )["simulation"]
            for row in rows
        }
    assert len(stored) == 1 == len(simulations())
    assert {str(scenario_row(row.id).simulation) for row in rows} == stored


def test_two_workers_at_once_store_one_result(db, write, told):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from tests.server.world import in_thread

    from anlan.domains.command.simulation.computed import computed, offering
    from anlan.domains.command.simulation.services import store_simulation

    rows = [scenario_row(write(title, params=text(told)).id) for title in ("甲方案", "乙方案")]
    with demo():
        made = computed("chemical", rows[0].params, rows[0].input_hash)
    together = Barrier(2)

    def store(row):
        with demo(), offering(row.input_hash, made):
            together.wait(20)
            return store_simulation(
                row.id, hazard="chemical", params=row.params, input_hash=row.input_hash
            ).id

    with ThreadPoolExecutor(2) as workers:
        stored = set(workers.map(lambda row: in_thread(store, row), rows))
    assert len(stored) == 1 == len(simulations())


def test_an_edited_scenario_has_no_result_any_more_and_the_old_one_stays(db, write, compute, told):
    from anlan.domains.command.simulation.services import update_scenario

    made = write(params=text(told))
    compute(made)
    row = scenario_row(made.id)
    told["scenario"]["rate_kg_s"] = 1.2
    with demo():
        renamed = update_scenario(made.id, version=row.version, changes={"title": "改名"})
        assert renamed.state.value == "computed", "a name decides nothing"
        changed = update_scenario(made.id, version=renamed.version, changes={"params": text(told)})
    assert (changed.state.value, changed.simulation, changed.job) == ("draft", None, None)
    second = compute(made)
    small, large = sorted(simulations(), key=lambda one: one.farthest_m)
    assert str(large.id) == str(second) and large.farthest_m > small.farthest_m


def test_what_was_edited_while_it_was_computed_keeps_no_result_of_before(db, write, told):
    from anlan.domains.command.simulation.running import _run
    from anlan.domains.command.simulation.services import update_scenario

    made = write(params=text(told))
    before = scenario_row(made.id)
    told["scenario"]["rate_kg_s"] = 1.2
    with demo():
        update_scenario(made.id, version=before.version, changes={"params": text(told)})
        _run(
            Quiet(),
            scenario_id=str(made.id),
            hazard="chemical",
            params=before.params,
            input_hash=before.input_hash,
        )
    assert scenario_row(made.id).simulation is None
    assert len(simulations()) == 1, "its answer is kept for whoever asks that question"


def test_a_cancelled_job_stores_nothing(db, write, told):
    from anlan.domains.command.simulation.running import _run

    class Cancelled(Quiet):
        def progress(self, share, words):
            super().progress(share, words)
            if share > 0:
                raise JobCancelled

    made = write(params=text(told))
    row = scenario_row(made.id)
    with demo(), pytest.raises(JobCancelled):
        _run(
            Cancelled(),
            scenario_id=str(row.id),
            hazard="chemical",
            params=row.params,
            input_hash=row.input_hash,
        )
    assert simulations() == [] and scenario_row(made.id).state == "draft"


def test_a_result_of_another_version_of_the_models_is_not_stored_under_the_old_hash(db, write, told):
    from anlan.domains.command.simulation.services import store_simulation

    made = write(params=text(told))
    row = scenario_row(made.id)
    with demo(), pytest.raises(Conflict, match="models have changed"):
        store_simulation(row.id, hazard="chemical", params=row.params, input_hash="0" * 64)


# -- what a result says -----------------------------------------------------------


@pytest.fixture
def result(db, write, compute, told, plant, people):
    """The stored result of a release of 2 kg/s at the plant on a calm clear night."""
    told["scenario"] |= {"rate_kg_s": 2.0, "duration_s": 1800.0}
    id = compute(write(params=text(told)))
    return next(one for one in simulations() if str(one.id) == str(id))


def test_the_files_of_a_result_are_those_of_the_command_line(result):
    from anlan.platform.files.models import StoredFile
    from anlan.platform.files.store import content_of
    from anlan.science.chemical.simulation import read, simulate
    from anlan.science.products import product_files

    expected = product_files(simulate(read(text(result.params).encode())))
    assert {one["name"] for one in result.files} == set(expected)
    with demo(), read_scope():
        for one in result.files:
            stored = StoredFile.objects.get(id=one["file"])
            assert (stored.subject_kind, stored.subject_id) == ("simulation", result.id)
            if one["name"] != "summary.json":
                assert content_of(stored.sha256) == expected[one["name"]]


def test_people_are_counted_with_their_range_and_a_run_of_their_own(result):
    from anlan.platform.provenance.models import Run

    zones = result.people
    assert set(zones) == {"aegl1", "aegl2", "aegl3"}
    assert zones["aegl1"]["best"] > zones["aegl2"]["best"] >= zones["aegl3"]["best"]
    assert zones["aegl1"]["low"] < zones["aegl1"]["best"] < zones["aegl1"]["high"]
    with demo(), read_scope():
        zones_run, people_run = Run.objects.get(id=result.run), Run.objects.get(id=result.people_run)
    assert zones_run.manifest["inputs"]["scenario"]["rate_kg_s"] == 2.0
    assert people_run.manifest["inputs"]["input_hash"] == result.input_hash
    assert people_run.result["zones"] == zones


def test_the_school_downwind_and_the_plant_itself_lie_inside_and_the_village_upwind_does_not(result):
    from anlan.domains.command.simulation.impact import impact_of

    with demo(), read_scope():
        said = impact_of(result)
    zone = next(one for one in said["zones"] if one["name"] == "aegl2")
    (school,) = zone["sites"]
    assert (school["name"], school["kind"], school["persons"]) == ("下风向小学", "school", 300)
    assert 400 < school["distance_m"] < 600 and 100 < school["bearing_deg"] < 150
    assert zone["counts"] == {"school": 1}
    assert [one["name"] for one in zone["enterprises"]] == ["宁东试验化工"]
    assert {one["what"] for one in said["not_known"]} == {"roads", "settlements", "scope"}
    assert zone["roads"] is None, "not loaded is not the same as none"


def test_the_road_through_the_cloud_is_named_with_its_length_once_roads_are_loaded(result):
    from shapely.geometry import LineString

    from anlan.domains.command.simulation.impact import impact_of
    from anlan.platform.geo.reference import ROADS
    from anlan.platform.geo.services import NewFeature, import_features, wkt_of

    across = LineString([(LON + 0.004, LAT - 0.05), (LON + 0.004, LAT + 0.05)])
    away = LineString([(LON - 0.2, LAT), (LON - 0.1, LAT)])
    with demo():
        roads = [NewFeature("1", wkt_of(across), "国道 307"), NewFeature("2", wkt_of(away), "县道")]
        import_features(ROADS, roads, source="试验")
        with read_scope():
            said = impact_of(result)
    (road,) = next(one for one in said["zones"] if one["name"] == "aegl1")["roads"]
    assert road["name"] == "国道 307" and 0 < road["km"] < 3 and 300 < road["nearest_m"] < 900
    assert "roads" not in {one["what"] for one in said["not_known"]}


def test_without_a_population_grid_the_number_of_people_is_said_to_be_unknown(db, write, compute, told):
    from anlan.domains.command.simulation.impact import impact_of

    compute(write(params=text(told)))
    (row,) = simulations()
    assert row.people_run is None and set(row.people.values()) == {None}
    with demo(), read_scope():
        assert "people" in {one["what"] for one in impact_of(row)["not_known"]}


def test_the_actions_carry_this_runs_distances_and_name_their_source(result):
    by_key = {one["key"]: one for one in result.actions}
    reach = {zone["name"]: zone["farthest_m"] for zone in result.summary["zones"]}
    assert by_key["toxic_isolate"]["distance_m"] == reach["aegl3"]
    assert f"{reach['aegl2']:,.0f} m" in by_key["toxic_protect"]["zh"]
    assert "315°" in by_key["air_approach"]["en"]
    assert not {key for key in by_key if key.startswith(("radiation", "overpressure"))}
    assert all(one["source"] and one["certainty"] and one["table"] for one in result.actions)
    assert "{" not in text([one["zh"] + one["en"] for one in result.actions])


def test_an_edited_table_of_actions_changes_later_results_only(db, write, compute, told, result):
    from datetime import date

    from anlan.domains.command.simulation.tables import ACTIONS
    from anlan.platform.standards.services import RowChange, publish_version

    words = RowChange("air_approach", {"zh": "呼叫 {distance.x}，风从 {wind_from}° 来"})
    with demo(), use_clock(FixedClock(NOW)):
        publish_version(
            ACTIONS, based_on=1, effective_from=date(2026, 11, 10), changes=[words], source="试验"
        )
    told["scenario"]["rate_kg_s"] = 3.0
    later = compute(write("其后", params=text(told)))
    rows = {str(one.id): one for one in simulations()}

    def approach(id):
        return next(one for one in rows[str(id)].actions if one["key"] == "air_approach")

    assert approach(later)["zh"] == "呼叫 {distance.x}，风从 315° 来"
    assert (approach(later)["table"], approach(result.id)["table"]) == (f"{ACTIONS}/2", f"{ACTIONS}/1")
    assert "呼叫" not in approach(result.id)["zh"]


def test_an_explosion_counts_by_circles_and_warns_of_escalation(db, write, compute, plant, people):
    id = compute(write(start_from="ammonium_nitrate_store", lon=LON, lat=LAT))
    (row,) = simulations()
    assert str(row.id) == str(id) and row.farthest_m == pytest.approx(2354, abs=2)
    assert "overpressure_domino" in {one["key"] for one in row.actions}


# -- other hazards -----------------------------------------------------------------


def test_an_earthquake_is_written_at_a_place_computed_and_counted(db, write, compute, plant, people):
    made = write("假想地震", start_from="ningdong_m6", lon=LON, lat=LAT)
    assert (made.hazard, made.kind, made.lon, made.lat) == ("seismic", "seismic", LON, LAT)
    compute(made)
    (row,) = simulations()
    assert row.people["intensity_7"]["best"] < row.people["intensity_6"]["best"]
    (action,) = row.actions
    assert (
        action["key"] == "intensity_check" and action["distance_m"] == row.summary["zones"][1]["farthest_m"]
    )


def test_a_terrain_from_the_store_is_computed_on_and_another_county_s_is_not_there(db, write, compute):
    from tests.science.slope.test_simulation import hill

    from anlan.domains.command.simulation.states import Hazard
    from anlan.platform.files.services import FilePlace, store_file
    from anlan.platform.http.problems import InvalidFields
    from anlan.science.slope.simulation import case_content

    with demo():
        stored = {region: store_file("hill.tif", hill(0.9), FilePlace(region)) for region in (LINGWU, YANCHI)}
    said = json.loads(case_content("dry_hillside"))
    modeller = new_principal("local_bureau", LINGWU)

    def asked(file):
        return write(
            "坡体",
            by=modeller,
            hazard=Hazard.SLOPE,
            params=text(said | {"terrain": {"kind": "file", "file": file}}),
        )

    made = asked(str(stored[LINGWU]))
    assert made.lon == pytest.approx(106.14, abs=0.02) and made.lat == pytest.approx(38.48, abs=0.02)
    compute(made, by=modeller)
    (row,) = simulations()
    assert row.summary["figures"]["unstable_m2"] == row.summary["figures"]["area_m2"]
    assert [one["key"] for one in row.actions] == ["slope_withdraw"]
    for missing in (str(stored[YANCHI]), "hill.tif"):
        with pytest.raises(InvalidFields) as caught:
            asked(missing)
        assert "There is no file" in caught.value.errors[0][1].en


def test_a_flood_is_drawn_by_depth_and_danger_with_frames_for_playback(db, write, compute):
    compute(write("山洪", start_from="helan_flash_flood"))
    (row,) = simulations()
    assert {zone["properties"].get("group") for zone in row.zones["features"]} == {None, "depth", "hazard"}
    assert {"flood_withdraw", "flood_roads"} == {one["key"] for one in row.actions}
    assert {"depth.tif", "arrival.tif"} <= {one["name"] for one in row.files}


# -- whose it is ------------------------------------------------------------------


def test_another_county_sees_neither_scenario_nor_result(db, result):
    from anlan.domains.command.simulation.models import Scenario, Simulation
    from anlan.domains.command.simulation.queries import find_simulation
    from anlan.domains.command.simulation.services import run_scenario, update_scenario

    for region, count in ((YANCHI, 0), (LINGWU, 1), (NINGXIA, 1)):
        person = new_principal("local_bureau", region)
        with acting_as(person), read_scope():
            assert Scenario.objects.count() == Simulation.objects.count() == count
    with acting_as(new_principal("local_bureau", YANCHI)):
        with read_scope(), pytest.raises(NotFound):
            find_simulation(result.id)
        for call in (
            lambda: run_scenario(result.scenario_id),
            lambda: update_scenario(result.scenario_id, version=1, changes={"title": "别县"}),
        ):
            with pytest.raises(NotFound):
                call()


def test_a_modeller_writes_and_runs_in_their_own_county_only(db, write, compute, told):
    modeller = new_principal("local_bureau", LINGWU)
    made = write(by=modeller, params=text(told))
    assert UUID(str(compute(made, by=modeller)))
    with pytest.raises(Forbidden):
        write(by=modeller, params=text(told), region=YANCHI)
    with pytest.raises(Forbidden):
        write(by=new_principal("leader", LINGWU), params=text(told))


def test_a_reader_of_one_county_is_told_of_its_sites_only(db, result):
    """The stored result names no site: the list is made for each reader."""
    from anlan.domains.command.simulation.impact import impact_of
    from anlan.domains.command.simulation.models import Simulation
    from anlan.domains.monitoring.hazards.contracts import SiteSpec
    from anlan.domains.monitoring.hazards.services import record_sites
    from anlan.domains.monitoring.hazards.states import SiteKind

    with demo():
        record_sites(
            [SiteSpec("S-9", "邻县村", SiteKind.VILLAGE, LON + 0.003, LAT - 0.002, YANCHI, persons=9)]
        )
    assert "邻县村" not in text(result.people) + text(result.summary) + text(result.zones) + text(
        result.actions
    )
    for region, names in ((NINGXIA, {"下风向小学", "邻县村"}), (LINGWU, {"下风向小学"})):
        with acting_as(new_principal("local_bureau", region)), read_scope():
            zones = impact_of(Simulation.objects.get(id=result.id))["zones"]
        assert {site["name"] for zone in zones for site in zone["sites"]} == names


def test_who_asked_and_what_was_done_is_on_record(db, result, superuser):
    verbs = {verb for (verb,) in superuser.execute("SELECT verb FROM commands_command").fetchall()}
    assert {"simulation.create_scenario", "simulation.run_scenario", "simulation.store"} <= verbs
    audited = superuser.execute(
        "SELECT DISTINCT table_name FROM audit_row WHERE table_name LIKE 'simulation_%'"
    ).fetchall()
    assert {name for (name,) in audited} == {"simulation_scenario", "simulation_simulation"}


def test_a_simulation_of_an_incident_is_part_of_its_thread_and_replays_to_the_same_state(
    db, incident, write, compute, people, superuser
):
    from anlan.platform.commands.replay import replay_all
    from anlan.platform.threads.export import export_thread, state_differences
    from anlan.platform.threads.queries import commands_of_thread

    def exported():
        with acting_as(service_principal("console")), read_scope():
            return json.loads(json.dumps(export_thread(incident.thread)))

    made = write(start_from="ammonia_cold_store", incident_id=incident.id)
    with use_clock(FixedClock(NOW + timedelta(minutes=5))):
        compute(made)
    state = exported()["state"]
    assert len(state["scenario"]) == len(state["simulation"]) == 1
    with acting_as(service_principal("console")), read_scope():
        recorded = [one for one in commands_of_thread(incident.thread) if one.verb.startswith("simulation.")]
    assert [one.verb for one in recorded] == [
        "simulation.create_scenario",
        "simulation.run_scenario",
        "simulation.store",
    ]
    superuser.execute(
        "TRUNCATE simulation_scenario, simulation_simulation, files_storedfile, jobs_job, jobs_progress,"
        " outbox_outboxevent, commands_command CASCADE"
    )
    superuser.execute("DELETE FROM provenance_run WHERE subject_kind = 'simulation'")
    replay_all(recorded, lambda key: service_principal(key.removeprefix("service:")))
    again = exported()["state"]
    differing = [
        one for one in state_differences(state, again) if "scenario" in str(one) or "simulation" in str(one)
    ]
    assert differing == []
