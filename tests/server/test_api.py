"""The API as a browser meets it: sessions, CSRF, versions, bad input, charts."""

import gzip
from typing import Any

import numpy as np
import pytest
from tests.server.conftest import LINGWU, browser_of, new_browser, new_person
from tests.server.world import RAISED_MS, County, new_county

from anlan.ports.history import Series


@pytest.fixture
def lingwu(db: Any) -> County:
    return new_county(LINGWU, "LINGWUMARK", 1)


@pytest.fixture
def officer(db: Any) -> Any:
    return browser_of(new_person("officer", "local_bureau", LINGWU))


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in *answer*: in both languages, with a next step."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["code"]) == (status, code)
    for words in (said["title"], said["next_step"]):
        assert set(words) == {"zh", "en"} and words["zh"] and words["en"]
    return dict(said)


# -- sessions ----------------------------------------------------------------


def test_a_session_is_one_person_s_and_ends_with_signing_out(lingwu: County, officer: Any) -> None:
    said = officer.get("/api/session").json()
    assert said["username"] == "officer" and "alarms.handle" in said["permissions"]
    assert officer.delete("/api/session").status_code == 204
    assert officer.get("/api/session").status_code == 204
    problem(officer.get("/api/alarms"), 401, "not_signed_in")


def test_the_key_of_a_session_changes_at_signing_in(db: Any) -> None:
    """A key that was planted before is worth nothing after."""
    person = new_person("fixed", "local_bureau", LINGWU)
    browser = new_browser()
    browser.cookies["anlan"] = "plantedplantedplantedplanted1234"
    answer = browser.post(
        "/api/session", {"username": "fixed", "password": person.password}, "application/json"
    )
    assert answer.status_code == 200
    assert browser.cookies["anlan"].value != "plantedplantedplantedplanted1234"
    assert browser.cookies["anlan"]["httponly"] and browser.cookies["anlan"]["samesite"] == "Lax"


def test_wrong_name_and_wrong_password_read_alike_and_lock_after_five(db: Any) -> None:
    new_person("known", "local_bureau", LINGWU)
    browser = new_browser()

    def tried(name: str) -> Any:
        return browser.post("/api/session", {"username": name, "password": "wrong"}, "application/json")

    known, unknown = tried("known"), tried("unknown")
    problem(known, 401, "wrong_credentials")
    assert known.content == unknown.content
    statuses = [tried("known").status_code for _ in range(6)]
    assert 429 in statuses


def test_a_closed_account_is_out_at_once(lingwu: County, db: Any) -> None:
    from anlan.platform.accounts.services import set_active
    from anlan.platform.commands import acting_as, service_principal

    person = new_person("gone", "local_bureau", LINGWU)
    browser = browser_of(person)
    assert browser.get("/api/alarms").status_code == 200
    with acting_as(service_principal("demo")):
        set_active(person.id, False)
    problem(browser.get("/api/alarms"), 401, "not_signed_in")


def test_a_change_without_our_token_is_refused_and_changes_nothing(lingwu: County, officer: Any) -> None:
    alarm = f"/api/alarms/{lingwu.ids['alarm']}"
    foreign = officer.post(
        f"{alarm}/confirm", {"cause": "real"}, "application/json", HTTP_X_CSRFTOKEN="forged" * 5
    )
    problem(foreign, 403, "csrf_failed")
    elsewhere = officer.post(
        f"{alarm}/confirm", {"cause": "real"}, "application/json", HTTP_ORIGIN="https://evil.example"
    )
    problem(elsewhere, 403, "csrf_failed")
    assert officer.get(alarm).json()["state"] == "raised"


def test_what_screens_draw_themselves_from_is_sent_once_and_anew_to_who_may_more(
    officer: Any, lingwu: County
) -> None:
    """A browser that has it is told so in no bytes; another person at the same browser is not told the same."""
    first = officer.get("/api/meta", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(first.content) == officer.get("/api/meta").content
    known = {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_IF_NONE_MATCH": first["ETag"]}
    again = officer.get("/api/meta", **known)
    assert (again.status_code, again.content) == (304, b"")
    leader = browser_of(new_person("leader", "leader", LINGWU))
    assert leader.get("/api/meta", **known).status_code == 200


def test_what_screens_draw_themselves_from_fits_what_the_person_may_see(lingwu: County, db: Any) -> None:
    """A zone's officer can name the county under his zone; nobody is shown resources he may not read."""
    park = browser_of(new_person("park", "park", zone="ningdong")).get("/api/meta").json()
    assert [place["code"] for place in park["regions"]] == [LINGWU]
    assert [place["zh"] for place in park["zones"]] == ["宁东能源化工基地"]
    leader = browser_of(new_person("leader", "leader", LINGWU)).get("/api/meta").json()
    assert "gateways" not in {resource["plural"] for resource in leader["resources"]}
    alarms = next(resource for resource in leader["resources"] if resource["plural"] == "alarms")
    enums = {column["enum"] for column in alarms["columns"] if column["enum"]}
    assert enums <= leader["enums"].keys()
    assert all(set(value) == {"code", "zh", "en"} for name in enums for value in leader["enums"][name])
    plurals = {resource["plural"] for resource in leader["resources"]}
    assert all(related["plural"] in plurals for one in leader["resources"] for related in one["related"])


# -- alarms through their states -------------------------------------------------


def test_an_alarm_is_confirmed_handled_and_stays_open_while_the_condition_lasts(
    lingwu: County, officer: Any
) -> None:
    alarm = f"/api/alarms/{lingwu.ids['alarm']}"
    first = officer.get(alarm).json()
    assert [action["event"] for action in first["_actions"]] == ["confirm", "assign"]
    confirmed = officer.post(f"{alarm}/confirm", {"cause": "real"}, "application/json")
    assert confirmed.status_code == 200, confirmed.content
    assert (confirmed.json()["state"], confirmed.json()["version"]) == ("confirmed", first["version"] + 1)
    again = officer.post(f"{alarm}/confirm", {"cause": "real"}, "application/json")
    assert "已确认" in problem(again, 409, "conflict")["title"]["zh"]
    handled = officer.post(f"{alarm}/handle", {"note": "降温喷淋"}, "application/json")
    assert handled.json()["state"] == "handling"
    closing = officer.post(f"{alarm}/close", {}, "application/json")
    assert "尚未恢复" in problem(closing, 409, "conflict")["title"]["zh"]


# -- stock --------------------------------------------------------------------------


def test_a_movement_of_stock_is_recorded_and_the_live_figures_follow(lingwu: County, officer: Any) -> None:
    hazard = f"/api/major-hazards/{lingwu.ids['major_hazard']}"
    before = officer.get(hazard).json()
    body = {"holding_id": str(lingwu.ids["holding"]), "kind": "outbound", "quantity_t": 50.0, "note": "装车"}
    made = officer.post("/api/stock-movements", body, "application/json")
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["substance"], said["quantity_t"], said["stock_t"]) == ("氨", 50.0, 51.0)
    assert (said["actor"], said["note"]) == ("officer", "装车")
    after = officer.get(hazard).json()
    assert (before["live_s"], after["live_s"]) == (10.1, 5.1)
    assert after["live_r"] < before["live_r"] and after["live_run"] != before["live_run"]
    assert (after["s"], after["r"]) == (before["s"], before["r"]), "the statutory figures stand by the design"
    listed = officer.get(f"/api/stock-movements?hazard_id={lingwu.ids['major_hazard']}").json()
    assert listed["items"][0]["id"] == said["id"]
    too_much = officer.post("/api/stock-movements", {**body, "quantity_t": 51.5}, "application/json")
    (error,) = problem(too_much, 422, "invalid")["errors"]
    assert error["field"] == "quantity_t" and "51 t" in error["message"]["zh"]


# -- changes ---------------------------------------------------------------------


def test_who_changes_an_outdated_record_is_told_and_overwrites_nothing(lingwu: County, officer: Any) -> None:
    point = f"/api/points/{lingwu.ids['point']}"
    seen = officer.get(point).json()
    mine = officer.patch(point, {"version": seen["version"], "name": "一号储罐温度"}, "application/json")
    assert (mine.status_code, mine.json()["name"]) == (200, "一号储罐温度")
    late = officer.patch(point, {"version": seen["version"], "name": "二号储罐温度"}, "application/json")
    assert problem(late, 409, "stale")["facts"] == {"version": seen["version"] + 1}
    assert officer.get(point).json()["name"] == "一号储罐温度"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"version": 1, "name": ""}, "name"),
        ({"version": 1, "nmae": "x"}, "nmae"),
        ({"version": 1, "sampling_s": "often"}, "sampling_s"),
        ({"name": "x"}, "version"),
    ],
)
def test_bad_input_is_told_by_field_in_both_languages(
    lingwu: County, officer: Any, body: dict[str, Any], field: str
) -> None:
    answer = officer.patch(f"/api/points/{lingwu.ids['point']}", body, "application/json")
    (error,) = problem(answer, 422, "invalid")["errors"]
    assert error["field"] == field
    assert error["message"]["zh"] and error["message"]["en"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b"null", b'{"version": 1e999, "name": "xy"}'])
def test_a_body_that_is_no_object_of_ours_is_refused_as_a_problem(
    lingwu: County, officer: Any, body: bytes
) -> None:
    answer = officer.generic("PATCH", f"/api/points/{lingwu.ids['point']}", body, "application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["title"]["zh"] and answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        {"stat": "raised"},
        {"state": "asleep"},
        {"page": "0"},
        {"size": "100000"},
        {"sort": "password"},
        {"raised_at_from": "yesterday"},
        {"enterprise_id": "1 OR 1=1"},
        {"q": "\x00"},
    ],
)
def test_a_query_that_means_nothing_is_refused_not_ignored(
    lingwu: County, officer: Any, query: dict[str, str]
) -> None:
    problem(officer.get("/api/alarms", query), 422, "invalid")


def test_a_path_that_leads_nowhere_is_a_problem_too(officer: Any) -> None:
    for path in ("/api/nothing", "/api/alarms/no-uuid", "/elsewhere"):
        problem(officer.get(path), 404, "not_found")


# -- charts ------------------------------------------------------------------------


class Recorded:
    """A historian that holds one series and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int, int]] = []

    def series(self, point: int, start_ms: int, end_ms: int, max_points: int) -> Series:
        self.asked.append((point, start_ms, end_ms, max_points))
        return Series(
            time_ms=np.array([RAISED_MS], np.int64),
            minimum=np.array([np.nan]),
            maximum=np.array([91.5]),
            last=np.array([91.5]),
            mean=np.array([np.nan]),
            quality=np.array([0], np.uint8),
            count=np.array([3], np.uint64),
            good=np.array([3], np.uint64),
            thinned=True,
        )


def test_a_chart_is_thinned_to_its_width_and_two_thousand_values_at_most(
    lingwu: County, officer: Any
) -> None:
    from anlan.domains.monitoring.points import history

    recorded = Recorded()
    history.use(recorded)  # type: ignore[arg-type]
    try:
        path = f"/api/points/{lingwu.ids['point']}/series"
        span = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
        answer = officer.get(path, {**span, "width": "300"})
        assert answer.status_code == 200, answer.content
        assert answer.json()["minimum"] == [None] and answer.json()["maximum"] == [91.5]
        assert recorded.asked[0][0] == lingwu.point_number and recorded.asked[0][3] == 600
        officer.get(path, {**span, "width": "5000"})
        assert recorded.asked[1][3] == 2000
        backwards = officer.get(path, {"from": span["to"], "to": span["from"]})
        assert problem(backwards, 422, "invalid")["errors"][0]["field"] == "to"
    finally:
        history.use(None)


def test_without_the_history_everything_else_goes_on(lingwu: County, officer: Any) -> None:
    span = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    answer = officer.get(f"/api/points/{lingwu.ids['point']}/series", span)
    problem(answer, 503, "history_unavailable")
    latest = {one["number"]: one for one in officer.get("/api/points/latest").json()["items"]}
    assert (latest[lingwu.point_number]["value"], latest[lingwu.point_number]["stale"]) == (91.5, True)


def test_an_export_opens_in_a_spreadsheet_and_runs_no_formula_there(lingwu: County, officer: Any) -> None:
    point = f"/api/points/{lingwu.ids['point']}"
    assert officer.patch(point, {"version": 1, "name": "=1+1"}, "application/json").status_code == 200
    text = officer.get("/api/points/export.csv").content.decode("utf-8-sig")
    assert "数据时间" in text and "'=1+1" in text
    english = officer.get("/api/points/export.csv", HTTP_ACCEPT_LANGUAGE="en").content.decode("utf-8-sig")
    assert "Data as of" in english
