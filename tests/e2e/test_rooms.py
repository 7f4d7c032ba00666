"""The rooms: from an alarm to its incident and whom it reaches, the map, an enterprise, a table of standards."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.rooms import LeakingPlant
from tests.e2e.screens import raw_keys, wrong_language
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

DRAWN_MS = 60_000
GROUND = {"dark": (8, 16, 24), "light": (244, 246, 249)}
RED = {"dark": (255, 77, 94), "light": (200, 16, 46)}


def drawn(person: Visitor) -> dict[str, int]:
    """How many features of each source stand on the map, once all its tiles are there."""
    person.page.wait_for_selector("[data-map][data-drawn]", timeout=DRAWN_MS)
    said = person.page.locator("[data-map]").get_attribute("data-drawn") or ""
    return {name: int(count) for name, count in (one.rsplit(":", 1) for one in said.split() if ":" in one)}


_SHARE = """async ([png, [red, green, blue], tolerance]) => {
  const picture = new Image();
  picture.src = 'data:image/png;base64,' + png;
  await picture.decode();
  const paper = new OffscreenCanvas(picture.width, picture.height);
  const pen = paper.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4)
    if (Math.max(Math.abs(data[at] - red), Math.abs(data[at + 1] - green), Math.abs(data[at + 2] - blue)) <= tolerance)
      found += 1;
  return found / (data.length / 4);
}"""


def share(person: Visitor, of: Locator, colour: tuple[int, int, int], tolerance: int) -> float:
    """The share of the pixels of *of*, as the browser shows it, that are close to *colour*."""
    png = base64.b64encode(of.screenshot()).decode()
    return float(person.page.evaluate(_SHARE, [png, colour, tolerance]))


def is_webgl2(person: Visitor) -> bool:
    return bool(
        person.page.evaluate(
            "() => document.querySelector('[data-map] canvas').getContext('webgl2') instanceof WebGL2RenderingContext"
        )
    )


def test_from_an_alarm_to_its_incident_its_footprint_the_people_inside_and_what_each_number_rests_on(
    visit: Visit, plant: LeakingPlant
) -> None:
    officer = visit("zhiban")
    officer.go(f"/alarms/{plant.alarm_id}")
    panel = officer.page.locator("#alarm-panel")
    expect(panel).to_contain_text(plant.tag)
    officer.page.keyboard.press("i")
    form = panel.get_by_role("form", name="接报立案")
    form.get_by_label("事件类型").select_option(label="有毒物质泄漏")
    form.get_by_label("情况说明").fill("现场闻到氨味")
    officer.page.keyboard.press("Control+Enter")
    expect(officer.page).to_have_url(re.compile(r"/incidents/[0-9a-f-]{36}$"))
    main = officer.main()
    expect(main.get_by_role("heading", level=1)).to_contain_text("液氨罐区氨浓度")
    expect(main).to_contain_text("已接报")
    expect(main.get_by_role("list", name="时限")).to_contain_text(re.compile("剩余 2[0-9]分"))
    expect(main).to_contain_text("现场闻到氨味")

    release = main.get_by_role("form", name="泄漏情况")
    expect(release.get_by_label("物质 CAS 号")).to_have_value("7664-41-7")
    expect(release).to_contain_text("合成气象")
    release.get_by_label("泄漏速率").fill("4")
    release.get_by_role("button", name="计算影响范围").click()
    zones = main.get_by_role("row").filter(has_text="AEGL")
    expect(zones).to_have_count(3, timeout=60_000)
    expect(zones.first).to_contain_text("AEGL-3")
    reach = zones.first.get_by_role("button").first
    metres = float(re.sub(r"[^\d.]", "", reach.inner_text().removesuffix("m")))
    assert 50 < metres < 5000

    assert is_webgl2(officer)
    found = drawn(officer)
    assert found["zones"] >= 3 and found["release"] == 1 and found["major_hazards"] >= 1, found
    red = share(officer, officer.page.locator("[data-map]"), RED["dark"], 40)
    assert red > 5e-5, "no red outline of AEGL-3"

    expect(main).to_contain_text("第七次全国人口普查")
    people = zones.last.get_by_role("button").last
    expect(people).to_contain_text("–")
    reach.click()
    drawer = officer.page.get_by_role("dialog", name="计算依据")
    expect(drawer).to_contain_text("烟羽")
    expect(drawer).to_contain_text("4 kg/s")
    expect(drawer).to_contain_text(re.compile("[0-9a-f]{64}"))
    expect(drawer).to_contain_text("以 10 分钟平均浓度对照 60 分钟 AEGL")
    assert officer.barriers() == []
    officer.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    people.click()
    expect(drawer).to_contain_text("影响范围内人数")
    officer.page.keyboard.press("Escape")

    main.get_by_role("button", name="开始处置").click()
    main.get_by_label("记录").fill("已通知宁东消防站")
    officer.page.keyboard.press("Control+Enter")
    expect(main).to_contain_text("按时完成")
    expect(main).to_contain_text("处置中")
    expect(main).to_contain_text("已通知宁东消防站")

    officer.go(f"/alarms/{plant.alarm_id}")
    expect(panel.get_by_role("link", name=re.compile("已立案"))).to_be_visible()
    expect(panel.get_by_role("button", name="接报立案")).to_have_count(0)


def test_totals_of_casualties_start_from_what_stands(visit: Visit, incident: str) -> None:
    """The action says totals anew: a form of zeros would bring three dead back to life."""
    officer = visit("zhiban")
    for dead, alive in (("3", None), (None, "2")):
        officer.go(f"/incidents/{incident}")
        officer.main().get_by_role("button", name="更新伤亡与损失").first.click()
        form = officer.main().get_by_role("form", name="更新伤亡与损失")
        if dead:
            form.get_by_label("死亡").fill(dead)
        else:
            expect(form.get_by_label("死亡")).to_have_value("3")
            form.get_by_label("轻伤").fill(str(alive))
        form.get_by_role("button", name="更新伤亡与损失").click()
        expect(form).to_have_count(0)
    expect(officer.main()).to_contain_text("死亡 3 人")
    expect(officer.main()).to_contain_text("轻伤 2 人")
    expect(officer.main()).to_contain_text("较大")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_map_draws_the_region_and_leads_to_what_stands_on_it(
    visit: Visit, plant: LeakingPlant, incident: str, theme: str
) -> None:
    person = visit("zhiban", theme=theme)
    person.go(f"/map?c={plant.lon},{plant.lat}&z=12")
    assert is_webgl2(person)
    found = drawn(person)
    assert found["counties"] >= 1 and found["major_hazards"] >= 1 and found["incidents"] >= 1, found
    ground = share(person, person.page.locator("[data-map]"), GROUND[theme], 2)
    assert ground < 0.98, "nothing is drawn"
    panel = person.main().get_by_role("complementary", name="图层")
    for said in ("来源：", "数据时间", "合成"):
        expect(panel).to_contain_text(said)
    panel.get_by_label("重大危险源").uncheck()
    expect(person.page).to_have_url(re.compile("layers="))
    person.page.wait_for_function(
        "() => !(document.querySelector('[data-drawn]')?.dataset.drawn ?? 'major_hazards').includes('major_hazards')",
        timeout=DRAWN_MS,
    )
    box = person.page.locator("[data-map] canvas").bounding_box()
    covered = panel.bounding_box()
    assert box is not None and covered is not None
    # the camera's own centre lies in the middle of what the panel leaves free
    person.page.mouse.click(
        covered["x"] + covered["width"] + (box["x"] + box["width"] - covered["x"] - covered["width"]) / 2,
        box["y"] + box["height"] / 2,
    )
    here = person.main().get_by_role("complementary", name="所点位置")
    expect(here).to_contain_text("WGS-84")
    expect(here).to_contain_text("周边 5 km")
    assert person.barriers() == []
    here.get_by_role("link", name="液氨罐区泄漏").first.click()
    expect(person.page).to_have_url(re.compile("/incidents/"))


def test_a_browser_that_cannot_draw_is_told_so_in_words(visit: Visit) -> None:
    person = visit("zhiban")
    person.context.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
           HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
             return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);
           };"""
    )
    person.go("/map")
    expect(person.main().get_by_role("alert")).to_contain_text("WebGL 2")
    expect(person.main().get_by_role("complementary", name="图层")).to_be_visible()


def test_an_enterprise_opens_up_s_and_r_down_to_the_row_of_the_table(
    visit: Visit, plant: LeakingPlant
) -> None:
    person = visit("weihua")
    person.go(f"/enterprises/{plant.enterprise_id}")
    hazard = person.main().get_by_role("article").filter(has_text="液氨")
    said = person.api(f"/api/major-hazards/{plant.hazard_id}")
    run = person.api(f"/api/runs/{said['run']}")["result"]
    assert sum(factor["q_over_q"] for factor in run["factors"]) == pytest.approx(said["s"])
    expect(hazard).to_contain_text(f"S = {said['s']:.2f}".rstrip("0").rstrip("."))
    expect(hazard.get_by_label("计算过程").get_by_role("row")).to_have_count(len(run["factors"]) + 1)
    expect(person.main()).to_contain_text("液氨罐区氨浓度")
    expect(person.main()).to_contain_text("420 ppm")
    expect(person.main().locator("canvas").first).to_be_visible()
    assert person.barriers() == []
    factor = run["factors"][0]
    hazard.get_by_role("link", name=f"表中“{factor['critical_row']}”").first.click()
    expect(person.page).to_have_url(re.compile("/standards/gb18218_named"))
    row = person.main().locator("tr[data-wanted=true]")
    expect(row).to_contain_text("氨")
    expect(row).to_contain_text(f"{factor['critical_t']:g}")


def test_a_table_is_revised_seen_before_it_is_published_and_compared(visit: Visit) -> None:
    person = visit("weihua")
    table = "incident_clocks"
    person.go(f"/standards/{table}")
    in_force = person.api(f"/api/standards/{table}")
    row = in_force["rows"][0]
    column = next(one for one in in_force["columns"] if one["kind"] == "number")
    person.main().get_by_role("button", name="修订").click()
    cell = person.main().get_by_label(f"{row['key']} {column['title']['zh']}")
    form = person.main().get_by_role("form", name="发布新版本")
    publish = form.get_by_role("button", name="发布新版本")
    cell.fill("twenty")
    expect(form).to_contain_text("须填写数字")
    expect(publish).to_be_disabled()
    cell.fill(str(row["values"][column["name"]]))
    expect(form).to_contain_text("将要发布的修改：0 处")
    cell.fill("25")
    expect(form.get_by_role("listitem")).to_contain_text("25")
    assert person.barriers() == []
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    form.get_by_label("生效日期").fill(tomorrow.isoformat())
    form.get_by_label("来源").fill("应急值班制度（测试）")
    publish.click()
    expect(person.main()).to_contain_text("尚未生效")
    expect(person.main()).to_contain_text(tomorrow.isoformat())
    assert person.api(f"/api/standards/{table}")["number"] == in_force["number"], "it holds before its date"
    person.main().get_by_label("对比").select_option(str(in_force["number"]))
    compared = person.main().get_by_role("region", name="版本差异")
    expect(compared.get_by_role("listitem")).to_have_count(1)
    expect(compared.locator("ins")).to_have_text("25")


def test_notices_are_at_hand(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/alarms")
    said = person.api("/api/notices")
    person.page.get_by_role("button", name=re.compile(r"^通知：\d+ 条未读$")).click()
    listed = person.page.get_by_role("region", name="通知")
    expect(listed.get_by_role("listitem").nth(len(said["items"]) - 1)).to_be_visible()
    expect(listed).to_contain_text("截至")
    assert person.barriers() == []
    person.page.keyboard.press("Escape")
    expect(listed).to_have_count(0)


def _screens(plant: LeakingPlant, incident: str) -> tuple[str, ...]:
    return (
        "/map",
        f"/incidents/{incident}",
        f"/enterprises/{plant.enterprise_id}",
        "/standards/gb18218_alpha",
        "/notices",
    )


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "dark"), ("en", "light")])
def test_the_rooms_are_in_one_language_and_without_barriers(
    visit: Visit, plant: LeakingPlant, incident: str, language: str, theme: str
) -> None:
    person = visit("weihua", language=language, theme=theme)
    for path in _screens(plant, incident):
        person.go(path)
        expect(person.main().get_by_role("heading").first).to_be_visible()
        assert wrong_language(person, language) == [], path
        assert raw_keys(person) == set(), path
        assert _codes(person) == [], path
        assert person.barriers() == [], path


def test_the_rooms_fit_a_phone(visit: Visit, plant: LeakingPlant, incident: str) -> None:
    person = visit("weihua", size=PHONE)
    for path in _screens(plant, incident):
        person.go(path)
        assert person.sideways_px() <= 0, path
        assert person.barriers() == [], path


def _codes(person: Visitor) -> list[Any]:
    """Codes of enumerations that stand on the screen as they are."""
    meta = person.api("/api/meta")
    codes = {
        member["code"] for members in meta["enums"].values() for member in members if "_" in member["code"]
    }
    words = set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", person.main().inner_text()))
    return sorted(words & codes)
