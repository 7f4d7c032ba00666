"""The first minute of a newcomer, and everything that goes wrong at a sign-in."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, Visit

pytestmark = pytest.mark.e2e


def test_signing_in_leads_to_the_screen_that_was_asked_for(visit: Visit, passwords: dict[str, str]) -> None:
    person = visit()
    person.go("/points")
    person.fill_in_credentials("zhiban", passwords["zhiban"])
    expect(person.main().get_by_role("heading", name="监测点")).to_be_visible()
    expect(person.page).to_have_url(re.compile(r"/points$"))


def test_a_wrong_password_says_so_and_what_to_do_in_both_languages(visit: Visit) -> None:
    person = visit()
    person.go("/")
    with person.expecting(401):
        person.fill_in_credentials("zhiban", "wrong password")
        alert = person.page.get_by_role("alert")
        expect(alert).to_contain_text("用户名或密码")
        focused = person.page.evaluate("document.activeElement.getAttribute('name')")
        assert focused == "password", "the password is the thing to type again"
    person.page.get_by_role("button", name="English").click()
    expect(alert).to_contain_text("password")
    assert not re.search(r"[\u4e00-\u9fff]", alert.inner_text())


def test_an_empty_form_is_not_sent(visit: Visit) -> None:
    person = visit()
    person.go("/")
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.method))
    person.page.get_by_role("button", name="登录").click()
    expect(person.page.locator("input[name=username]")).to_be_focused()
    assert "POST" not in asked


def test_signing_out_ends_what_the_window_shows(visit: Visit, passwords: dict[str, str]) -> None:
    person = visit()
    person.go("/")
    person.fill_in_credentials("kexin", passwords["kexin"])
    person.page.get_by_role("button", name="用户：科信处（全区）").click()
    with person.expecting(401):  # what the window was just asking for when the session ended
        person.page.get_by_role("button", name="退出登录").click()
        expect(person.page.locator("input[name=username]")).to_be_visible()
        person.go("/alarms")
        expect(person.page.locator("input[name=username]")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_first_screen_is_without_barriers_and_fits_a_phone(visit: Visit, theme: str) -> None:
    person = visit(theme=theme, size=PHONE)
    person.go("/")
    assert person.barriers() == []
    assert person.sideways_px() <= 0
