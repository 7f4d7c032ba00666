"""Bringing in data from a file: seen on the map and row by row before anything is written."""

import json
import re
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import FilePayload, Locator, expect
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.screens import raw_keys, wrong_language
from tests.e2e.test_rooms import drawn
from tests.e2e.visitor import Visitor

from anlan.kernel.crs import wgs84_to_gcj02

pytestmark = pytest.mark.e2e

COUNTY = "640122"
MILLIMETRES = 1e-7
"""Degrees: seven decimals are what an import keeps."""


def outline(person: Visitor) -> BaseGeometry:
    """The county's outline as the map has it now."""
    features = person.api("/api/map/features/counties")["features"]
    return shape(next(one["geometry"] for one in features if one["properties"]["region"] == COUNTY))


def boundary_file(*rows: tuple[str, BaseGeometry]) -> FilePayload:
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"adcode": code}, "geometry": mapping(area)} for code, area in rows
    ]
    said = json.dumps({"type": "FeatureCollection", "features": features})
    return {"name": "区县.geojson", "mimeType": "application/geo+json", "buffer": said.encode()}


def in_gcj02(area: BaseGeometry) -> BaseGeometry:
    return shapely.transform(area, lambda xy: np.column_stack(wgs84_to_gcj02(xy[:, 0], xy[:, 1])))


def chosen(person: Visitor, file: FilePayload, system: str) -> Locator:
    """The form of an import, filled in by hand; previewed with the return key."""
    form = person.main().get_by_role("form", name="数据导入")
    form.get_by_role("radio", name="行政区划边界").check()
    form.get_by_label("文件").set_input_files(file)
    form.get_by_role("radio", name=system).check()
    form.get_by_label("数据来源").fill("浏览器测试")
    form.get_by_label("数据来源").press("Enter")
    return form


def test_boundaries_in_gcj02_land_where_they_are(visit: Visit) -> None:
    person = visit("kexin")
    person.go("/map")
    person.main().get_by_role("link", name="数据导入").click()
    expect(person.page).to_have_url(re.compile("/import$"))
    before = outline(person)
    shifted = in_gcj02(before)
    assert before.hausdorff_distance(shifted) > 1e-3, "GCJ-02 is hundreds of metres off"

    systems = person.main().get_by_role("group", name="坐标系").get_by_role("radio")
    expect(systems).to_have_count(3)
    assert [one.is_checked() for one in systems.all()] == [False] * 3
    chosen(person, boundary_file((COUNTY, shifted), ("999999", shifted)), "GCJ-02")
    found = person.main().get_by_role("region", name="预览结果")
    expect(found).to_be_focused()
    expect(found).to_contain_text("可导入 1 行")
    expect(found).to_contain_text("有错误 1 行")
    bad = found.get_by_role("region", name="有错误的行").locator("tbody tr")
    expect(bad).to_have_count(1)
    assert bad.locator("td").all_inner_texts() == ["2", "行政区划代码", "没有行政区划代码“999999”"]
    assert drawn(person)["import-rows"] >= 1
    assert wrong_language(person, "zh-CN") == [] and raw_keys(person) == set()
    assert person.barriers() == []
    assert outline(person).equals_exact(before, 0), "a preview writes nothing"

    found.get_by_role("button", name="确认导入 1 行").click()
    done = person.main().get_by_role("region", name="导入结果")
    expect(done).to_contain_text("已导入 1 行")
    assert outline(person).hausdorff_distance(before) < MILLIMETRES
    done.get_by_role("link", name="在一张图上查看").click()
    expect(person.page).to_have_url(re.compile("/map\\?c=106"))


def test_a_file_that_holds_no_places_is_refused_with_what_to_give(visit: Visit) -> None:
    person = visit("kexin")
    person.go("/import")
    file: FilePayload = {
        "name": "名单.csv",
        "mimeType": "text/csv",
        "buffer": "代码,名称\n640122,贺兰县\n".encode(),
    }
    with person.expecting(422):
        form = chosen(person, file, "WGS-84")
        expect(form.get_by_role("alert")).to_contain_text("表格缺少经度、纬度两列")
    expect(form.get_by_role("alert")).to_contain_text("GeoJSON")
    assert person.barriers() == []


def test_who_may_import_nothing_is_told_so(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/import")
    expect(person.main()).to_contain_text("您没有可导入的数据")
    expect(person.page.get_by_role("link", name="数据导入")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [((1440, 900), "dark"), (PHONE, "light")])
def test_the_import_in_english_and_on_a_phone(visit: Visit, size: tuple[int, int], theme: str) -> None:
    person = visit("kexin", language="en", theme=theme, size=size)
    person.go("/import?target=boundaries")
    expect(person.main().get_by_role("heading", name="Import data")).to_be_visible()
    assert person.main().get_by_role("radio", name="Boundaries of divisions").is_checked()
    assert wrong_language(person, "en") == [] and raw_keys(person) == set()
    assert person.sideways_px() <= 0
    assert person.barriers() == []
