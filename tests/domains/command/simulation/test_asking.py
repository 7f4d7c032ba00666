"""A simulation through the API and the worker, as a browser and a process meet them."""

import asyncio
import json

import pytest
from tests.domains.command.incidents.conftest import LAT, LON
from tests.people import LINGWU, YANCHI
from tests.platform.jobs.test_jobs import call, seen, until, working
from tests.server.conftest import browser_of, new_person

from anlan.adapters.processes import ProcessPool
from anlan.platform.jobs import JobState


def _post(browser, path, body=None):
    return browser.post(path, json.dumps(body or {}), "application/json")


def _asked(browser):
    body = {
        "title": "硝酸铵仓库爆炸",
        "start_from": "ammonium_nitrate_store",
        "lon": LON,
        "lat": LAT,
        "region": LINGWU,
        "use_weather": False,
    }
    answer = _post(browser, "/api/scenarios", body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert [action["event"] for action in made["_actions"]] == ["run"] and made["_editable"]
    return _post(browser, f"/api/scenarios/{made['id']}/run").json()


async def test_asked_in_a_browser_done_by_the_worker_and_shown_with_its_outlines_and_files(db):
    browser = await call(lambda: browser_of(new_person("modeller", "local_bureau", LINGWU)))
    scenario = await call(_asked, browser)
    assert scenario["state"] == "draft" and scenario["job"]
    pool = ProcessPool(1)
    async with working(pool):
        job = await until(scenario["job"], JobState.DONE, JobState.FAILED)
    pool.close()
    assert job.state == JobState.DONE.value, job.problem
    # how often it is told depends on the machine's speed, that it was told does not
    assert job.requested_by.startswith("user:") and 0.0 <= job.progress.share <= 0.9
    await call(_shown, browser, job.result["simulation"], scenario["id"])


def _shown(browser, simulation, scenario):
    shown = browser.get(f"/api/simulations/{simulation}").json()
    assert shown["summary"]["manifest"]["caveats"] and shown["actions"]
    assert [zone["rank"] for zone in shown["impact"]["zones"]] == [1, 2, 3, 4, 5]
    zones = browser.get(f"/api/simulations/{simulation}/zones").json()
    assert zones["features"][0]["geometry"]["coordinates"] == [LON, LAT]
    by_name = {one["name"]: one for one in shown["files"]}
    raster = browser.get(f"/api/files/{by_name['overpressure.tif']['file']}")
    assert (
        raster.content.startswith(b"II*\x00") and len(raster.content) == by_name["overpressure.tif"]["bytes"]
    )
    assert browser.get(f"/api/scenarios/{scenario}").json()["simulation"] == simulation
    related = browser.get("/api/simulations", {"scenario_id": scenario}).json()
    assert [row["id"] for row in related["items"]] == [simulation]
    stranger = browser_of(new_person("stranger", "local_bureau", YANCHI))
    for path in (f"/api/simulations/{simulation}", f"/api/simulations/{simulation}/zones"):
        assert stranger.get(path).status_code == 404


@pytest.mark.long
async def test_a_job_under_way_at_a_restart_begins_anew_and_comes_to_the_same_result(db):
    """The flood's parameters are its record: nothing of the first half is needed for the same bytes."""
    from anlan.science.flood.simulation import case_content, read, simulate

    browser = await call(lambda: browser_of(new_person("modeller", "local_bureau", LINGWU)))
    body = {"title": "溃坝", "start_from": "small_dam_breach", "region": LINGWU, "use_weather": False}
    made = (await call(_post, browser, "/api/scenarios", body)).json()
    job = (await call(_post, browser, f"/api/scenarios/{made['id']}/run")).json()["job"]
    first, second = ProcessPool(1), ProcessPool(1)
    async with working(first):
        async with asyncio.timeout(120):
            while not 0 < getattr(getattr(await call(seen, job), "progress", None), "share", 0) < 0.9:
                await asyncio.sleep(0.05)
    first.close()
    assert (await call(seen, job)).state == JobState.QUEUED.value, "never lost"
    async with working(second):
        done = await until(job, JobState.DONE, JobState.FAILED)
    second.close()
    assert done.state == JobState.DONE.value and done.attempts == 1, "a restart is no attempt"
    shown = (await call(browser.get, f"/api/simulations/{done.result['simulation']}")).json()
    whole = simulate(read(case_content("small_dam_breach")))
    assert shown["summary"]["figures"] == whole.summary()["figures"]
    assert shown["input_hash"] == whole.input_hash


async def test_a_job_cancelled_before_the_worker_comes_computes_nothing(db):
    browser = await call(lambda: browser_of(new_person("modeller", "local_bureau", LINGWU)))
    scenario = await call(_asked, browser)
    answer = await call(_post, browser, f"/api/jobs/{scenario['job']}/cancel")
    assert answer.status_code == 200, answer.content
    again = await call(_post, browser, f"/api/scenarios/{scenario['id']}/run")
    assert again.json()["job"] != scenario["job"], "it can be asked for anew"
    async with working():
        await until(again.json()["job"], JobState.DONE)
    assert (await until(scenario["job"], JobState.CANCELLED)).attempts == 0
    await asyncio.sleep(0)


async def test_a_form_that_cannot_be_right_names_the_field(db):
    browser = await call(lambda: browser_of(new_person("modeller", "local_bureau", LINGWU)))
    body = {"title": "x", "params": "{}", "region": LINGWU, "use_weather": False}
    answer = await call(_post, browser, "/api/scenarios", body)
    assert answer.status_code == 422
    body["title"] = "空参数"
    answer = await call(_post, browser, "/api/scenarios", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["params"]


def test_two_results_stand_side_by_side(db, write, compute, told, people):
    browser = browser_of(new_person("modeller", "local_bureau", LINGWU))
    first = compute(write("小泄漏", params=json.dumps(told)))
    told["scenario"]["rate_kg_s"] = 1.2
    second = compute(write("大泄漏", params=json.dumps(told)))
    said = browser.get(f"/api/simulations/{first}/compare", {"other": second}).json()
    assert said["inputs"] == [{"path": "$.scenario.rate_kg_s", "one": 0.6, "other": 1.2}]
    assert (said["one"]["title"], said["other"]["title"]) == ("小泄漏", "大泄漏")
    for zone in said["zones"]:
        assert zone["other"]["farthest_m"] > zone["one"]["farthest_m"]
        assert zone["other"]["people"]["best"] >= zone["one"]["people"]["best"]
    blast = compute(write("爆炸", start_from="ningdong_m6", lon=LON, lat=LAT))
    refused = browser.get(f"/api/simulations/{first}/compare", {"other": blast})
    assert refused.status_code == 422 and "two hazards" in refused.json()["title"]["en"]
    stranger = browser_of(new_person("stranger", "local_bureau", YANCHI))
    assert stranger.get(f"/api/simulations/{first}/compare", {"other": second}).status_code == 404
