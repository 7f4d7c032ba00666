"""The alarm desk as a duty officer works at it: what arrives, what can be done, by hand and by key."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.visitor import Visitor
from tests.faults.system import System

pytestmark = pytest.mark.e2e

PLANT = "田纳西-伊斯曼"
TALL = (1440, 3000)
ARRIVAL_MS = 150_000
RETURN_S = 420.0
"""A fault of the replay lasts four minutes, and the plant recovers after it."""


def some_alarm(person: Visitor, wanted: Callable[[Any], bool]) -> Any:
    """The first open alarm of the plant that is as *wanted*; the replay brings one sooner or later."""
    deadline = time.monotonic() + RETURN_S
    while time.monotonic() < deadline:
        rows = person.api("/api/alarms?state=raised&size=200")["items"]
        found = [row for row in rows if PLANT in row["enterprise_name"] and wanted(row)]
        if found:
            return found[0]
        person.page.wait_for_timeout(500)
    raise AssertionError("the replay has brought no such alarm")


def select_by_key(person: Visitor, alarm: Any) -> Locator:
    """Step down the list until *alarm* is the one shown; the panel that shows it."""
    for _ in range(8):
        person.page.keyboard.press("ArrowDown")
        person.page.wait_for_timeout(250)
        if alarm["id"] in person.page.url:
            return person.page.locator("#alarm-panel")
    raise AssertionError(f"{alarm['point_tag']} is not to be reached by key")


def close_by_key(person: Visitor, panel: Locator) -> None:
    """Close the alarm in the panel; one whose condition comes back in that very moment is closed when it has gone."""
    keys = person.page.keyboard
    with person.expecting(409):
        for patience_ms in (5_000, 5_000, 20_000):
            expect(panel.get_by_role("button", name="销警")).to_be_visible(timeout=RETURN_S * 1000)
            keys.press("x")
            expect(panel).to_contain_text("销警后不能恢复")
            keys.press("Control+Enter")
            try:
                expect(panel.locator("dl")).to_contain_text("已销警", timeout=patience_ms)
            except AssertionError:
                keys.press("Escape")
            else:
                return
    raise AssertionError("its condition comes back each time")


def returned(alarm: Any) -> bool:
    return alarm["returned_at"] is not None


def test_an_alarm_arrives_by_itself(visit: Visit) -> None:
    officer = visit("zhiban", size=TALL)
    officer.go("/alarms")
    known = officer.page.evaluate("() => [...document.querySelectorAll('[role=option]')].map(row => row.id)")
    officer.page.evaluate("() => { window.sameDocument = true }")
    officer.page.wait_for_function(
        """([known, plant]) => [...document.querySelectorAll('[role=option]')]
           .some(row => row.textContent.includes(plant) && !known.includes(row.id))""",
        arg=[known, PLANT],
        timeout=ARRIVAL_MS,
    )
    assert officer.page.evaluate("() => window.sameDocument"), "the page was loaded anew"
    row = officer.page.locator("[role=option]").filter(has_text=PLANT).first
    expect(row).to_contain_text("演练")
    expect(row).to_contain_text("级报警")
    assert officer.page.title().startswith("(") or "一级" not in officer.main().inner_text()


def test_an_alarm_is_confirmed_handled_and_closed_without_a_mouse_while_another_watches(visit: Visit) -> None:
    officer, colleague = visit("zhiban"), visit("weihua", size=TALL)
    colleague.go("/alarms")
    officer.go("/alarms")
    alarm = some_alarm(officer, returned)
    keys = officer.page.keyboard
    keys.press("/")
    keys.type(alarm["point_tag"])
    keys.press("Escape")
    expect(officer.page.locator("[role=option]").first).to_contain_text(alarm["point_tag"])
    panel = select_by_key(officer, alarm)
    expect(panel.get_by_role("heading", level=2)).to_have_text(alarm["point_name"])
    keys.press("c")
    expect(panel.get_by_role("form")).to_be_visible()
    keys.press("5")
    expect(panel.get_by_label("仪表故障")).to_be_checked()
    keys.press("Control+Enter")
    expect(panel.locator("dl")).to_contain_text("已确认")
    expect(panel.locator("dl")).to_contain_text("仪表故障")
    expect(colleague.page.locator(f"#alarm-{alarm['id']}")).to_contain_text("已确认")
    keys.press("h")
    expect(panel.get_by_label("处置措施")).to_be_focused()
    keys.type("已通知仪表班更换变送器")
    keys.press("Control+Enter")
    expect(panel).to_contain_text("处置中")
    expect(panel.locator("ol")).to_contain_text("已通知仪表班更换变送器")
    close_by_key(officer, panel)
    expect(officer.page.get_by_role("listbox").locator(f"#alarm-{alarm['id']}")).to_have_count(0)
    expect(colleague.page.locator(f"#alarm-{alarm['id']}")).to_have_count(0)
    keys.press("Escape")
    expect(panel).to_have_count(0)


def test_a_real_alarm_is_handled_before_it_is_closed_with_a_mouse(visit: Visit) -> None:
    officer = visit("ningdong", theme="light")
    officer.go("/alarms")
    alarm = some_alarm(officer, returned)
    officer.page.get_by_placeholder("搜索监测点、位号、企业").fill(alarm["point_tag"])
    officer.page.locator(f"#alarm-{alarm['id']}").click()
    panel = officer.page.locator("#alarm-panel")
    panel.get_by_role("button", name="确认 C").click()
    panel.get_by_label("真实报警").check()
    panel.get_by_role("button", name="确认", exact=True).click()
    expect(panel.locator("dl")).to_contain_text("真实报警")
    expect(panel.get_by_role("button", name="销警")).to_have_count(0)
    panel.get_by_role("button", name="处置 H").click()
    panel.get_by_role("button", name="处置", exact=True).click()
    expect(panel.get_by_label("处置措施")).to_be_focused()  # the browser asks for the measures
    panel.get_by_label("处置措施").fill("现场核查，调整循环量")
    panel.get_by_role("button", name="处置", exact=True).click()
    expect(panel.locator("ol")).to_contain_text("现场核查，调整循环量")
    panel.get_by_role("button", name="销警 X").click(timeout=RETURN_S * 1000)
    expect(panel).to_contain_text("销警后不能恢复")
    panel.get_by_role("button", name="销警", exact=True).click()
    expect(panel.locator("dl")).to_contain_text("已销警")
    officer.page.get_by_role("button", name="已销警").click()
    expect(officer.page.locator(f"#alarm-{alarm['id']}")).to_be_visible()


def test_an_alarm_whose_condition_holds_says_why_it_stays_open(visit: Visit) -> None:
    officer = visit("zhiban")
    officer.go("/alarms")
    alarm = some_alarm(officer, lambda row: row["returned_at"] is None)
    officer.go(f"/alarms/{alarm['id']}")
    panel = officer.page.locator("#alarm-panel")
    expect(panel.locator("dl")).to_be_visible()
    officer.page.keyboard.press("c")
    expect(panel.get_by_role("form")).to_be_visible()
    officer.page.keyboard.press("2")
    officer.page.keyboard.press("Control+Enter")
    expect(panel.locator("dl")).to_contain_text("已确认")
    if officer.api(f"/api/alarms/{alarm['id']}")["returned_at"] is None:
        expect(panel).to_contain_text("恢复后才能销警")
    officer.page.keyboard.press("n")
    expect(panel.get_by_role("textbox", name="备注")).to_be_focused()
    officer.page.keyboard.type("已电话核实")
    officer.page.keyboard.press("Control+Enter")
    expect(panel.locator("ol")).to_contain_text("已电话核实")


def test_times_are_chinas_and_a_replays_own_time_says_so(visit: Visit) -> None:
    officer = visit("zhiban")
    officer.go("/alarms")
    alarm = some_alarm(officer, lambda row: True)
    officer.go(f"/alarms/{alarm['id']}")
    panel = officer.page.locator("#alarm-panel")
    wanted = officer.page.evaluate(
        "moment => new Date(moment).toLocaleString('sv-SE', {timeZone: 'Asia/Shanghai'})", alarm["arrived_at"]
    )
    expect(panel.locator("dl")).to_contain_text(wanted)
    expect(panel.locator("dt", has_text="报警时间")).to_contain_text("回放时间")


def test_a_lost_connection_shows_since_when_and_live_comes_back(visit: Visit, demonstration: System) -> None:
    officer = visit("zhiban")
    officer.go("/alarms")
    state = officer.page.locator("[data-phase]")
    expect(state).to_have_attribute("data-phase", "live")
    with officer.expecting("offline"):
        front = demonstration.pid("front")
        assert front is not None
        os.kill(front, signal.SIGKILL)
        expect(state).to_contain_text("数据停在", timeout=60_000)
        expect(officer.main()).to_contain_text("连接中断")
        expect(state).to_have_attribute("data-phase", "live", timeout=60_000)
    expect(officer.main()).not_to_contain_text("连接中断")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["desk", "phone"])
def test_the_desk_is_without_barriers_and_fits_the_window(
    visit: Visit, theme: str, size: tuple[int, int]
) -> None:
    officer = visit("zhiban", theme=theme, size=size)
    officer.go("/alarms")
    alarm = some_alarm(officer, lambda row: True)
    expect(officer.page.locator("[role=option]").first).to_be_visible()
    assert officer.barriers() == []
    assert officer.sideways_px() <= 0
    officer.go(f"/alarms/{alarm['id']}")
    expect(officer.page.locator("#alarm-panel dl")).to_be_visible()
    officer.page.keyboard.press("c")
    expect(officer.page.locator("#alarm-panel form")).to_be_visible()
    assert officer.barriers() == []
    assert officer.sideways_px() <= 0
