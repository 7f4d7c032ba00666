"""Notices: at hand in every screen, kept in a list of their own, each with the way to its object."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from tests.e2e import notice
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.screens import raw_keys, wrong_language
from tests.faults.system import System

pytestmark = pytest.mark.e2e

BELL = re.compile(r"^通知：\d+ 条未读$")


@pytest.fixture(scope="module")
def told(demonstration: System, incident: str) -> str:
    """The incident that two fresh notices are about."""
    subprocess.run(
        [sys.executable, notice.__file__, incident], env=demonstration.environment, check=True, timeout=120
    )
    return incident


def test_every_notice_is_kept_with_what_is_unread_and_the_way_to_its_object(visit: Visit, told: str) -> None:
    """Others are given while this runs, by deadlines and calls: only the two of the test are counted."""
    person = visit("zhiban")
    person.go("/alarms")
    said = person.api("/api/notices?size=200")
    person.page.get_by_role("button", name=BELL).click()
    person.page.get_by_role("region", name="通知").get_by_role("link", name="查看全部通知").click()
    expect(person.page).to_have_url(re.compile("/notices$"))
    lines = person.main().get_by_role("listitem")
    expect(lines.nth(len(said["items"]) - 1)).to_be_visible()
    assert wrong_language(person, "zh-CN") == [] and raw_keys(person) == set()
    assert person.barriers() == []

    late, over = (lines.filter(has_text=title) for title in notice.TITLES)
    person.main().get_by_role("button", name=re.compile(r"^未读 \d+$")).click()
    read = person.page.get_by_text("已读", exact=True)
    expect(lines.filter(has=read)).to_have_count(0)
    waiting = late.count()
    late.first.get_by_role("button", name="标为已读").click()
    expect(late).to_have_count(waiting - 1)
    person.main().get_by_role("button", name="全部").click()
    expect(late.filter(has=read).first).to_be_visible()

    expect(over.first.get_by_role("button", name="标为已读")).to_be_visible()
    over.first.get_by_role("link").click()
    expect(person.page).to_have_url(re.compile(f"/incidents/{told}$"))
    bell = person.page.get_by_role("button", name=BELL)
    bell.click()
    listed = person.page.get_by_role("region", name="通知").get_by_role("listitem")
    for title in notice.TITLES:
        expect(listed.filter(has_text=title).first).not_to_contain_text("未读")
    unread = {entry["id"] for entry in person.api("/api/notices?size=200&unread=true")["items"]}
    assert not {entry["id"] for entry in said["items"] if entry["title"]["zh"] in notice.TITLES} & unread


def test_the_list_of_notices_fits_a_phone_in_english(visit: Visit, told: str) -> None:
    person = visit("weihua", language="en", theme="light", size=PHONE)
    person.go("/notices?unread=1")
    expect(person.main().get_by_role("listitem").first).to_be_visible()
    assert wrong_language(person, "en") == [] and raw_keys(person) == set()
    assert person.sideways_px() <= 0
    assert person.barriers() == []
