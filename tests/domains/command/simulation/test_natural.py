"""Natural hazards on the platform: fires, chains, an earthquake reported and revised, packs, and exports."""

import io
import json
import zipfile

import pytest
from tests.domains.command.incidents.conftest import LAT, LON, NOW
from tests.people import LINGWU, YANCHI, new_principal
from tests.server.conftest import browser_of, new_person

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Forbidden, NotFound
from anlan.platform.commands import acting_as, read_scope, service_principal


def row_of(model: str, id):
    from anlan.domains.command.simulation import models

    with acting_as(service_principal("demo")), read_scope():
        return getattr(models, model).objects.get(id=id)


# -- fires and chains --------------------------------------------------------------


def test_a_fire_moves_with_its_ignitions_and_lines_and_takes_the_weather_of_the_hour(db, write, weather):
    from anlan.science.wildfire.simulation import case_content

    case = json.loads(case_content("liupan_forest"))
    made = write("山火", start_from="liupan_forest", lon=LON, lat=LAT, use_weather=True)
    said = row_of("Scenario", made.id).params
    east, north = LON - case["terrain"]["lon"], LAT - case["terrain"]["lat"]
    assert (made.lon, made.lat) == (LON, LAT) == (said["terrain"]["lon"], said["terrain"]["lat"])
    for one, other in zip(said["ignitions"], case["ignitions"], strict=True):
        assert (one["lon"], one["lat"]) == pytest.approx((other["lon"] + east, other["lat"] + north))
    assert said["lines"][0]["points"][0] == pytest.approx(
        [case["lines"][0]["points"][0][0] + east, case["lines"][0]["points"][0][1] + north]
    )
    (stage,) = said["weather"]
    assert (stage["wind_m_s"], stage["wind_from_deg"], stage["temperature_c"]) == (2.0, 315.0, -3.0)
    assert stage["moisture"] == case["weather"][0]["moisture"] | {"live_herb": 0.4, "live_woody": 0.8}


def test_a_fire_is_computed_with_isochrones_and_what_follows(db, write, compute, people):
    result = row_of("Simulation", compute(write("草原火", start_from="steppe_gale", lon=LON, lat=LAT)))
    assert (result.hazard, result.kind) == ("wildfire", "wang_zhengfei")
    assert {"arrival.tif", "intensity.tif", "flame.tif", "zones.geojson"} <= {
        one["name"] for one in result.files
    }
    assert {one["key"] for one in result.actions} == {"wildfire_withdraw"}
    assert result.people["arrival_900"]["best"] <= result.people["arrival_3600"]["best"]


def test_a_chain_is_computed_in_the_wind_of_the_hour_with_its_links(db, write, compute, weather):
    made = write("罐区连锁", start_from="quake_tank_farm", lon=LON, lat=LAT, use_weather=True)
    assert (made.hazard, made.kind) == ("cascade", "tank_farm")
    assert row_of("Scenario", made.id).params["chain"]["weather"] == {"wind_m_s": 2.0, "wind_from_deg": 315.0}
    result = row_of("Simulation", compute(made))
    said = result.summary["cascade"]
    assert said["worst_credible"]["links"] and {"T1.fire"} <= {one["id"] for one in said["events"]}
    assert [one["key"] for one in result.actions] == ["cascade_watch"] and result.losses is None


# -- an earthquake -----------------------------------------------------------------


@pytest.fixture
def reported(people):
    """``reported(magnitude)``: a report of one event by the bureau of Lingwu, computed."""

    def new(magnitude, by=None, **changes):
        from tests.domains.command.simulation.conftest import Quiet

        from anlan.domains.command.simulation.running import _run
        from anlan.domains.command.simulation.services import report_earthquake
        from anlan.platform.jobs.models import Job

        said = {"lon": LON, "lat": LAT, "depth_km": 12.0, "strike_deg": 10.0, "region": LINGWU} | changes
        person = by or service_principal("demo")
        with acting_as(person), use_clock(FixedClock(NOW)):
            made = report_earthquake(event_id="CD20261121", magnitude=magnitude, at=NOW, **said)
            if made.simulation is None:
                with read_scope():
                    arguments = Job.objects.get(id=made.job).arguments
                _run(Quiet(), **arguments)
        return row_of("Scenario", made.id)

    return new


def test_a_revised_magnitude_is_a_report_of_its_own_and_both_results_stay(db, reported):
    from anlan.domains.command.simulation.comparing import compared

    first, second = reported(5.8), reported(6.3, strike_deg=None)
    assert second.revises == first.id and first.revises is None
    assert [one.params["earthquake"]["report"] for one in (first, second)] == [1, 2]
    assert second.params["earthquake"]["strike_deg"] == 10.0, "the strike of the report before holds"
    before, after = (row_of("Simulation", one.simulation) for one in (first, second))
    assert before.id != after.id and after.farthest_m > before.farthest_m
    assert "第 2 报" in second.title
    deaths, loss = (
        [one.losses["total"][figure]["central"] for one in (before, after)]
        for figure in ("deaths", "loss_yuan")
    )
    assert deaths[0] < deaths[1] and 0 < loss[0] < loss[1]
    said = compared(before, after)
    assert {"name": "magnitude", "one": 5.8, "other": 6.3} in said["figures"]
    beside = {one["name"]: one for one in said["losses"]}
    assert (
        beside["deaths"]["one"]["central"] == deaths[0] and beside["loss_yuan"]["other"]["central"] == loss[1]
    )


def test_losses_are_told_by_county_with_their_band_their_table_and_a_run_of_their_own(db, reported):
    from anlan.platform.provenance.models import Run

    result = row_of("Simulation", reported(6.5).simulation)
    said = result.losses
    total = said["total"]
    assert total["loss_yuan"]["low"] < total["loss_yuan"]["central"] < total["loss_yuan"]["high"]
    assert total["deaths"]["low"] <= total["deaths"]["central"] <= total["deaths"]["high"]
    assert sum(county["population"] for county in said["counties"]) == pytest.approx(total["population"])
    assert said["table"] == "seismic_building_stock/1" and said["report"] == 1
    with acting_as(service_principal("demo")), read_scope():
        run = Run.objects.get(id=result.losses_run)
    codes = {caveat["code"] for caveat in run.manifest["caveats"]}
    assert {"losses.stock_assumed", "seismic.damage_default"} <= codes
    assert "seismic.no_exposure" not in codes


def test_without_a_population_grid_there_are_no_losses_and_the_lines_stand(db, write, compute):
    result = row_of("Simulation", compute(write("假想地震", start_from="ningdong_m6", lon=LON, lat=LAT)))
    assert result.losses is None and result.losses_run is None and result.zones["features"]


def test_an_earthquake_is_reported_in_one_call_and_only_in_one_s_own_county(db, people):
    browser = browser_of(new_person("seismologist", "local_bureau", LINGWU))
    body = {"event_id": "CD1", "magnitude": 5.5, "lon": LON, "lat": LAT, "depth_km": 10, "region": LINGWU}
    body |= {"at": "2026-11-21T03:30:00+08:00"}
    answer = browser.post("/api/simulations/earthquakes", json.dumps(body), "application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["job"] and answer.json()["hazard"] == "seismic"
    for wrong in ({"magnitude": 11}, {"at": "2026-11-21T03:30:00"}, {"lat": 95}):
        refused = browser.post("/api/simulations/earthquakes", json.dumps(body | wrong), "application/json")
        assert refused.status_code == 422, wrong
    elsewhere = browser.post(
        "/api/simulations/earthquakes", json.dumps(body | {"region": YANCHI}), "application/json"
    )
    assert elsewhere.status_code == 403


# -- packs -------------------------------------------------------------------------


def test_a_pack_becomes_scenarios_in_one_s_county(db):
    from anlan.domains.command.simulation.models import Scenario
    from anlan.domains.command.simulation.services import create_pack

    modeller = new_principal("local_bureau", LINGWU)
    with acting_as(modeller):
        made = create_pack(name="ningdong_quake_release", region=LINGWU)
        with pytest.raises(NotFound):
            create_pack(name="unknown", region=LINGWU)
        with pytest.raises(Forbidden):
            create_pack(name="ningdong_quake_release", region=YANCHI)
        with read_scope():
            assert Scenario.objects.count() == len(made) == 4, "all or none"
    assert {one.hazard for one in made} == {"seismic", "cascade", "chemical"}
    assert "假想" in row_of("Scenario", made[0].id).params["note"]["zh"]


def test_the_packs_are_listed_with_the_state_of_their_data(db):
    browser = browser_of(new_person("modeller", "local_bureau", LINGWU))
    packs = {one["name"]: one for one in browser.get("/api/simulations/packs").json()}
    assert "166 mm" in packs["helan_flash_flood"]["state_en"] and packs["helan_flash_flood"]["sources"]


# -- exports -----------------------------------------------------------------------


def test_a_result_is_taken_away_in_every_format_by_those_who_may_see_it(db, write, compute, tmp_path):
    import pyogrio

    result = row_of(
        "Simulation", compute(write("爆炸", start_from="ammonium_nitrate_store", lon=LON, lat=LAT))
    )
    browser = browser_of(new_person("modeller", "local_bureau", LINGWU))
    stranger = browser_of(new_person("stranger", "local_bureau", YANCHI))
    taken = {}
    for form in ("geotiff", "geojson", "geopackage", "netcdf"):
        path = f"/api/simulations/{result.id}/export/{form}"
        answer = browser.get(path)
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
        taken[form] = b"".join(answer.streaming_content)
        assert stranger.get(path).status_code == 404
    assert json.loads(taken["geojson"]) == result.zones
    with zipfile.ZipFile(io.BytesIO(taken["geotiff"])) as packed:
        assert packed.namelist() == ["overpressure.tif", "summary.json"]
    assert taken["netcdf"][:4] == b"CDF\x02"
    path = tmp_path / "zones.gpkg"
    path.write_bytes(taken["geopackage"])
    assert pyogrio.read_info(path, layer="zones")["features"] == len(result.zones["features"]) - 1
    assert browser.get(f"/api/simulations/{result.id}/export/shapefile").status_code == 422
