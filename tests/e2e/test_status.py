"""System status: every process, in words, with figures that move."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PROCESSES = (
    "数据接入",
    "报警引擎",
    "历史库",
    "事件转发",
    "后台任务",
    "入口",
    "业务服务",
    "数据库",
    "消息服务",
    "进程母体",
    "演示回放",
)


def test_every_process_is_shown_well_with_its_figures(visit: Visit) -> None:
    person = visit("kexin")
    person.go("/status")
    expect(person.main().get_by_role("status")).to_have_text("全部正常")
    cards = person.main().locator("section")
    expect(cards).to_have_count(len(PROCESSES))
    for name in PROCESSES:
        card = cards.filter(has=person.page.get_by_role("heading", name=name, exact=True))
        expect(card).to_contain_text("正常")
        card.locator("summary").click()
    raw = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", person.main().inner_text())
    assert raw == [], "figures without words"
    names = person.main().locator("dt").all_inner_texts()
    assert [name for name in names if not re.search(r"[\u4e00-\u9fff]", name)] == []


def test_the_figures_move(visit: Visit) -> None:
    person = visit("kexin")
    person.go("/status")
    card = person.main().locator("section").filter(has=person.page.get_by_role("heading", name="数据接入"))
    card.locator("summary").click()
    figure = card.locator("dl > div").filter(has_text="本次运行读数").locator("dd")
    before = figure.inner_text()
    expect(figure).not_to_have_text(before)
