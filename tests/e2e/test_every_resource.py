"""Each resource's generic face: its list, one object, and its forms, in words, in both languages.

A new resource is on these screens, and so in this test, from its first day.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.conftest import DESK, PHONE, new_visitor
from tests.e2e.rooms import Sessions
from tests.e2e.screens import raw_keys, unworded, wrong_language
from tests.e2e.visitor import Visitor

from anlan.platform.resources.registry import registered

pytestmark = pytest.mark.e2e

EMPTY = {
    "access-assessments": "made of a whole month after the acceptance, which no demonstration has seen",
    "alarm-groups": "the demonstration's plants do not raise twenty alarms in a minute",
    "alarm-kpis": "rows of reports, of which there are none",
    "alarm-reports": "nobody in the demonstration has made one",
    "bulletins": "made from eleven o'clock on, by China's time",
    "bulletin-lines": "made from eleven o'clock on, by China's time",
    "jobs": "nobody in the demonstration has asked for a simulation",
    "maintenance-windows": "nobody in the demonstration has declared one",
    "scenarios": "nobody in the demonstration has written one",
    "shelvings": "nobody in the demonstration has shelved an alarm",
    "simulations": "nobody in the demonstration has asked for one",
}
"""Resources of which a demonstration has no rows, each with its reason; their lists are asked by the API's tests."""
PLURALS = [resource.plural for resource in registered() if resource.plural not in EMPTY]
OWN_PAGES = ("alarms", "points", "incidents", "enterprises", "standard-tables")
"""Resources whose object has a hand-made screen, which has tests of its own."""
OWN_FORMS = ("gateways",)
"""Resources with a hand-made form, which test_connecting fills in."""
ACCOUNT = "weihua"
"""The hazardous chemicals division: reads everything, writes most."""

Look = tuple[str, str, tuple[int, int]]
CHINESE: Look = ("zh-CN", "dark", DESK)
ENGLISH: Look = ("en", "light", DESK)
ON_A_PHONE: Look = ("zh-CN", "light", PHONE)


@pytest.fixture(scope="module")
def windows(chromium: Browser, origin: str, sessions: Sessions) -> Iterator[Callable[[Look], Visitor]]:
    """``windows(look)``: one window for all resources, as one who goes from list to list has it."""
    opened: dict[Look, Visitor] = {}

    def window(look: Look) -> Visitor:
        if look not in opened:
            language, theme, size = look
            opened[look] = new_visitor(
                chromium, origin, sessions(ACCOUNT), language=language, theme=theme, size=size
            )
        return opened[look]

    yield window
    for visitor in opened.values():
        visitor.context.close()


@pytest.fixture
def person(windows: Callable[[Look], Visitor], look: Look) -> Iterator[Visitor]:
    """The person at the window of that look, who has nothing to complain of at the end of the test."""
    visitor = windows(look)
    yield visitor
    complaints, outside = list(visitor.complaints), list(visitor.outside)
    visitor.complaints.clear()
    visitor.outside.clear()
    assert complaints == []
    assert outside == []


def list_path(plural: str) -> str:
    return "/alarms/table" if plural == "alarms" else f"/{plural}"


def open_list(person: Visitor, plural: str) -> None:
    """Its list, as soon as it has a row: the replay brings alarms within a minute."""
    for _ in range(60):
        person.go(list_path(plural))
        if person.page.locator("tbody tr").count():
            return
        person.page.wait_for_timeout(2000)
    raise AssertionError(f"{plural}: no rows")


def resource_of(person: Visitor, plural: str) -> tuple[dict[str, Any], dict[str, Any]]:
    meta = person.api("/api/meta")
    return meta, next(resource for resource in meta["resources"] if resource["plural"] == plural)


def read_list(person: Visitor, meta: dict[str, Any], resource: dict[str, Any], language: str) -> None:
    columns = resource["columns"]
    cells = person.page.locator("tbody tr").first.locator("td").all_inner_texts()
    assert len(cells) == len(columns) + 1
    wrong = [unworded(meta, column, shown, language) for column, shown in zip(columns, cells, strict=False)]
    assert [one for one in wrong if one] == []


def read_object(person: Visitor, meta: dict[str, Any], resource: dict[str, Any], language: str) -> None:
    person.page.locator("tbody tr").first.get_by_role("link").last.click()
    person.settle()
    expect(person.main().get_by_role("heading", level=1)).to_be_visible()
    groups = resource["detail_groups"] or [{"fields": resource["columns"]}]
    fields = [field for group in groups for field in group["fields"]]
    values = person.main().locator("dl dd")
    # its list has a heading too: its fields tell it apart
    expect(values).to_have_count(len(fields))
    shown = values.all_inner_texts()
    wrong = [unworded(meta, field, text, language) for field, text in zip(fields, shown, strict=True)]
    assert [one for one in wrong if one] == []


def read_form(person: Visitor, meta: dict[str, Any], path: str) -> None:
    person.go(path)
    form = person.main().locator("form")
    expect(form.get_by_role("heading", level=1)).to_be_visible()
    assert form.locator("input, select, textarea").count() >= 1
    codes = {member["code"] for members in meta["enums"].values() for member in members}
    options = set(form.locator("select option").all_inner_texts())
    assert not {code for code in codes if "_" in code} & options


def assert_in_words(person: Visitor, language: str) -> None:
    """One language, no keys, no barriers."""
    assert wrong_language(person, language) == []
    assert raw_keys(person) == set()
    assert person.barriers() == []


def forms_of(person: Visitor, resource: dict[str, Any]) -> list[str]:
    """The addresses of what this person may make or change."""
    plural = resource["plural"]
    forms = [f"/{plural}/new"] if resource["can_create"] else []
    if resource["can_update"]:
        row = person.api(f"/api/{plural}?size=1")["items"][0]
        forms.append(f"/{plural}/{row['id']}/edit")
    return forms


@pytest.mark.parametrize("plural", PLURALS)
@pytest.mark.parametrize("look", [CHINESE, ENGLISH], ids=["zh-CN", "en"])
def test_its_list_one_of_it_and_its_forms_are_in_words(
    person: Visitor, refused_reading: str, incident: str, look: Look, plural: str
) -> None:
    """Resources that this person may neither make nor change have no form, and their addresses say so."""
    language = look[0]
    open_list(person, plural)
    meta, resource = resource_of(person, plural)
    read_list(person, meta, resource, language)
    assert_in_words(person, language)
    if plural not in OWN_PAGES:
        read_object(person, meta, resource, language)
        assert_in_words(person, language)
    if plural in OWN_FORMS:
        return
    for path in forms_of(person, resource):
        read_form(person, meta, path)
        assert_in_words(person, language)
    if not resource["can_create"]:
        person.page.goto(f"{person.origin}/{plural}/new")
        said = "没有这个页面" if language == "zh-CN" else "There is no such screen"
        expect(person.main()).to_contain_text(said)


@pytest.mark.parametrize("plural", PLURALS)
@pytest.mark.parametrize("look", [ON_A_PHONE], ids=["phone"])
def test_its_list_fits_a_phone_with_the_way_to_the_object_in_sight(
    person: Visitor, refused_reading: str, incident: str, plural: str
) -> None:
    open_list(person, plural)
    assert person.sideways_px() <= 0
    assert person.barriers() == []
    person.page.locator("tbody tr").first.get_by_role("link").last.click()
    person.settle()
    assert person.sideways_px() <= 0
