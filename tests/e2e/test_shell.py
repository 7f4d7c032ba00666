"""The frame around every screen: language, theme, keys, the menu, the palette."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.screens import raw_keys, wrong_language

pytestmark = pytest.mark.e2e


def test_the_language_changes_everywhere_and_is_remembered(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/alarms")
    assert wrong_language(person, "zh-CN") == []
    person.page.get_by_role("button", name="English").click()
    expect(person.main().get_by_role("heading", name="Alarm desk")).to_be_visible()
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    assert wrong_language(person, "en") == []
    person.go("/status")
    assert wrong_language(person, "en") == []
    assert raw_keys(person) == set()


def test_the_theme_changes_and_is_remembered(visit: Visit) -> None:
    person = visit("weihua", theme="dark")
    person.go("/alarms")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert person.page.evaluate(ground) == "rgb(8, 16, 24)"
    person.page.get_by_role("button", name="切换到浅色").click()
    expect(person.page.locator("body")).to_have_css("background-color", "rgb(244, 246, 249)")
    person.go("/points")
    assert person.page.evaluate(ground) == "rgb(244, 246, 249)"


def test_the_palette_leads_anywhere_by_key(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/alarms")
    person.page.keyboard.press("Control+k")
    person.page.keyboard.type("报警限值")
    person.page.keyboard.press("Enter")
    expect(person.page).to_have_url(re.compile("/limits$"))
    person.page.keyboard.press("Control+k")
    person.page.keyboard.type("XMEAS-07")
    person.page.get_by_role("option").filter(has_text="监测点").click()
    expect(person.page.locator("tbody tr")).to_have_count(1)


def test_help_lists_the_keys_and_keys_lead_on(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/points")
    person.page.keyboard.press("?")
    expect(person.page.get_by_role("dialog")).to_contain_text("快捷键")
    assert person.barriers() == []
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    person.page.keyboard.press("g")
    person.page.keyboard.press("s")
    expect(person.page).to_have_url(re.compile("/status$"))


def test_an_unknown_address_says_so_and_leads_back(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/no/such/screen")
    expect(person.main()).to_contain_text("没有这个页面")
    person.main().get_by_role("link").click()
    expect(person.page).to_have_url(re.compile("/alarms$"))


def test_the_menu_has_the_desk_the_map_and_incidents_in_sight_and_the_rest_under_the_goals(
    visit: Visit,
) -> None:
    person = visit("zhiban")
    person.go("/alarms")
    menu = person.page.get_by_role("navigation", name="主菜单")
    assert menu.get_by_role("link").all_inner_texts()[:3] == ["报警台", "一张图", "事件"]
    headings = menu.get_by_role("group")
    assert [one.get_attribute("aria-label") for one in headings.all()][:2] == ["监测预警", "指挥决策"]
    expect(headings.first.get_by_role("link", name="企业")).to_be_visible()
    operations = menu.get_by_role("group", name="运维防护")
    expect(operations.get_by_role("link")).to_have_count(0)
    operations.get_by_role("button", name="运维防护").press("Enter")
    operations.get_by_role("link", name="系统状态").click()
    expect(person.page).to_have_url(re.compile("/status$"))
    person.go("/status")
    expect(operations.get_by_role("link", name="系统状态")).to_have_attribute("aria-current", "page")
    expect(menu.get_by_role("group", name="监测预警").get_by_role("link")).to_have_count(0)
    assert raw_keys(person) == set()
    assert person.barriers() == []


def test_the_menu_of_a_phone_opens_every_place(visit: Visit) -> None:
    person = visit("weihua", size=PHONE)
    person.go("/alarms")
    person.page.get_by_role("button", name="更多").click()
    person.page.get_by_role("link", name="系统状态").click()
    expect(person.page).to_have_url(re.compile("/status$"))
    assert person.sideways_px() <= 0
    assert person.barriers() == []
