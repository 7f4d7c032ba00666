"""A point: the value moves, the trend stands between its limits, and nobody takes a simulator for a plant."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

_COUNT_COLOURS = """(colours) => {
  const canvas = document.querySelector('[role=img] canvas');
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const near = (at, [r, g, b]) =>
    Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 60;
  const counts = colours.map(() => 0);
  for (let at = 0; at < data.length; at += 4)
    colours.forEach((colour, index) => { if (data[at + 3] > 200 && near(at, colour)) counts[index] += 1; });
  return counts;
}"""
RED, ORANGE, LINE = (0xFF, 0x4D, 0x5E), (0xFF, 0x8F, 0x2E), (0x9F, 0xC3, 0xE0)
"""Of the dark theme: a level 1 limit, a level 2 limit, and the trend."""


def at_point(person: Visitor, tag: str) -> Visitor:
    point = next(row for row in person.api(f"/api/points?q={tag}")["items"] if row["tag"] == tag)
    person.go(f"/points/{point['id']}")
    return person


def test_the_value_moves_while_one_looks(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/status")
    value = at_point(person, "XMEAS-07").page.locator("output")
    expect(value).to_have_text(re.compile(r"^[\d,.]+ kPa$"))
    for _ in range(2):
        shown = value.inner_text()
        expect(value).not_to_have_text(shown)
    expect(person.main()).to_contain_text("数据时间 2024-01-")
    expect(person.main()).to_contain_text("回放时间")
    expect(person.main()).to_contain_text("· 模拟")
    for mark in ("演练", "模拟器数据"):
        expect(person.main().get_by_text(mark, exact=True).first).to_be_visible()


def test_the_trend_is_drawn_with_its_limits_and_says_where_it_comes_from(visit: Visit) -> None:
    person = visit("zhiban", theme="dark")
    person.go("/status")
    at_point(person, "XMEAS-07").page.locator("canvas").wait_for()
    person.page.wait_for_timeout(500)
    red, orange, line = person.page.evaluate(_COUNT_COLOURS, [RED, ORANGE, LINE])
    assert min(red, orange, line) > 100, (red, orange, line)
    expect(person.main()).to_contain_text("来源：历史库，截至 20")
    for span in ("1 小时", "30 天"):
        button = person.page.get_by_role("button", name=span)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(person.page.locator("canvas")).to_be_visible()
    limits = person.main().get_by_role("listitem")
    expect(limits.filter(has_text="高高报")).to_contain_text("kPa")
    expect(limits.filter(has_text="高高报")).to_contain_text("一级报警")


def test_points_are_compared_each_in_its_own_unit_and_as_a_table(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/status")
    at_point(person, "XMEAS-07").page.locator("canvas").wait_for()
    page = person.page
    page.get_by_label("对比监测点").fill("XMEAS-09")
    page.get_by_role("button", name=re.compile("XMEAS-09")).click()
    compared = page.get_by_role("list", name="图中的监测点").get_by_role("listitem")
    expect(compared).to_have_count(2)
    expect(compared.nth(1)).to_contain_text("°C")
    page.get_by_role("button", name="表格").click()
    table = page.get_by_role("table")
    for words in ("XMEAS-07", "XMEAS-09", "最小", "平均"):
        expect(table).to_contain_text(words)
    assert person.barriers() == []
    page.get_by_role("button", name="移除 XMEAS-09").click()
    expect(table).not_to_contain_text("XMEAS-09")


def test_the_trend_is_read_with_the_keyboard(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/status")
    trend = at_point(person, "XMEAS-07").page.get_by_role("slider", name=re.compile("读数"))
    trend.focus()
    reading = re.compile(r"^\d{4}-\d\d-\d\d .*XMEAS-07 .*kPa$")
    for key in ("ArrowLeft", "Home", "PageDown"):
        trend.press(key)
        expect(trend).to_have_attribute("aria-valuetext", reading)


def test_an_export_is_saved_as_parquet(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/status")
    at_point(person, "XMEAS-07").page.locator("canvas").wait_for()
    with person.page.expect_download() as saving:
        person.page.get_by_role("button", name="导出 Parquet").click()
    assert saving.value.suggested_filename.endswith(".parquet")
    assert saving.value.path().read_bytes()[:4] == b"PAR1"


def test_a_quantity_without_a_unit_is_shown_without_one(visit: Visit) -> None:
    person = visit("pingluo")
    person.go("/status")
    at_point(person, "TI-101")
    expect(person.page.locator("output")).to_have_text(re.compile(r"^[\d.]+$"))
    expect(person.main()).to_contain_text("单位未注明")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["desk", "phone"])
def test_the_page_is_without_barriers_and_fits_the_window(
    visit: Visit, theme: str, size: tuple[int, int]
) -> None:
    person = visit("zhiban", theme=theme, size=size)
    person.go("/status")
    at_point(person, "XMEAS-01").page.locator("canvas").wait_for()
    assert person.barriers() == []
    assert person.sideways_px() <= 0
    main = person.page.evaluate(
        "() => { const m = document.querySelector('#screen > *'); return m.scrollWidth - m.clientWidth }"
    )
    assert main <= 0
