"""Stock that moves: recorded at the hazard, seen in S and R at once."""

import re

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.rooms import LeakingPlant
from tests.e2e.screens import raw_keys, wrong_language

pytestmark = pytest.mark.e2e


def record(hazard: Locator, quantity_t: str, kind: str) -> Locator:
    """The form, filled in by hand; its tank is known where there is but one."""
    hazard.get_by_role("button", name="登记出入库").first.click()
    form = hazard.get_by_role("form", name="登记出入库")
    tank = form.get_by_label("物质与设备")
    if tank.input_value() == "":
        tank.select_option(index=1)
    form.get_by_role("radio", name=kind).check()
    form.get_by_label("数量").fill(quantity_t)
    form.get_by_label("说明").fill("槽车装车（浏览器测试）")
    form.get_by_role("button", name="登记出入库").click()
    return form


def test_a_movement_changes_s_and_r_before_ones_eyes(visit: Visit, plant: LeakingPlant) -> None:
    person = visit("weihua")
    person.go(f"/enterprises/{plant.enterprise_id}")
    hazard = person.main().get_by_role("article").filter(has_text="液氨").first
    before = person.api(f"/api/major-hazards/{plant.hazard_id}")
    form = record(hazard, "1", "出库")
    expect(form).to_have_count(0)
    status = hazard.get_by_role("status").filter(has_text="已登记")
    expect(status).to_contain_text("→")
    after = person.api(f"/api/major-hazards/{plant.hazard_id}")
    assert after["live_s"] < before["live_s"] and after["live_r"] < before["live_r"]
    assert (after["s"], after["r"]) == (before["s"], before["r"])
    shown = f"{after['live_s']:.2f}".rstrip("0").rstrip(".")
    expect(status).to_contain_text(f"→ {shown}")
    expect(hazard.get_by_role("button", name=re.compile(f"^S {re.escape(shown)} ·"))).to_be_visible()

    row = hazard.get_by_role("region", name="出入库").locator("tbody tr").first
    for said in ("氨", "出库", "1 t", "weihua", "槽车装车", "合成"):
        expect(row).to_contain_text(said)
    assert wrong_language(person, "zh-CN") == [] and raw_keys(person) == set()
    assert person.barriers() == []


def test_more_than_there_is_cannot_go_out(visit: Visit, plant: LeakingPlant) -> None:
    person = visit("weihua", size=PHONE)
    person.go(f"/enterprises/{plant.enterprise_id}")
    hazard = person.main().get_by_role("article").filter(has_text="液氨").first
    with person.expecting(422):
        form = record(hazard, "1000000", "出库")
        expect(form.get_by_text("出库量超过现有存量").first).to_be_visible()
    assert person.sideways_px() <= 0
    assert person.barriers() == []


def test_who_only_watches_sees_the_movements_and_no_form(visit: Visit, plant: LeakingPlant) -> None:
    person = visit("zhiban", language="en")
    person.go(f"/enterprises/{plant.enterprise_id}")
    hazard = person.main().get_by_role("article").filter(has_text="液氨").first
    expect(hazard.get_by_role("heading", name="Stock movements")).to_be_visible()
    expect(hazard.get_by_role("button", name="Record a movement")).to_have_count(0)
    assert wrong_language(person, "en") == [] and raw_keys(person) == set()
