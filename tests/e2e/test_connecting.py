"""From nothing to a watched tank, on the screens alone: gateway, point, limit, a reading, an alarm, its return."""

import time

import httpx
import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

SOURCE, TAG, NAME = "gw-tank-e2e", "TI-7701", "七号罐温度"


def connect_gateway(person: Visitor) -> str:
    """Register the gateway; ``SOURCE:KEY`` as the screen shows it, once."""
    person.go("/gateways")
    person.page.get_by_role("link", name="新建").click()
    person.main().locator("input[name=source]").fill(SOURCE)
    person.main().locator("input[name=name]").fill("七号罐网关")
    enterprise = person.main().locator("select[name=enterprise_id]")
    enterprise.select_option(index=1)
    person.main().get_by_role("button", name="接入网关").click()
    shown = person.main().locator("output")
    expect(person.main().get_by_role("alert")).to_contain_text("只显示这一次")
    assert person.barriers() == []
    credentials = shown.inner_text()
    assert credentials.startswith(f"{SOURCE}:") and len(credentials) > len(SOURCE) + 16
    person.page.get_by_role("link", name="去网关页面").click()
    expect(person.main().get_by_role("heading", level=1)).to_have_text("七号罐网关")
    assert credentials.split(":")[1] not in person.page.content(), "the key is shown once"
    return credentials


def record_point(person: Visitor) -> None:
    person.go("/points/new")
    form = person.main()
    form.locator("input[name=name]").fill(NAME)
    form.locator("input[name=sampling_s]").fill("1")
    gateway = form.locator("select[name=gateway_id]")
    option = gateway.locator("option").filter(has_text=SOURCE)
    expect(option).to_have_count(1)
    gateway.select_option(value=option.get_attribute("value"))
    form.locator("input[name=tag]").fill(TAG)
    form.locator("select[name=kind]").select_option(label="温度")
    form.locator("input[name=unit]").fill("°C")
    person.page.get_by_role("button", name="保存").click()
    expect(form.get_by_role("heading", level=1)).to_contain_text(NAME)


def set_limit(person: Visitor) -> None:
    person.go("/limits/new")
    form = person.main()
    point = form.locator("select[name=point_id]")
    person.main().get_by_placeholder("筛选").first.fill(TAG)
    option = point.locator("option").filter(has_text=TAG)
    expect(option).to_have_count(1)
    point.select_option(value=option.get_attribute("value"))
    form.locator("select[name=kind]").select_option(label="高高报")
    form.locator("input[name=threshold]").fill("80")
    person.page.get_by_role("button", name="保存").click()
    expect(form.get_by_role("heading", level=1)).to_contain_text("高高报")


class Gateway:
    """The gateway as the plant runs it."""

    def __init__(self, origin: str, credentials: str) -> None:
        self._origin, self._credentials, self._sequence = origin, credentials, 0

    def send(self, value: float) -> httpx.Response:
        body = {
            "schema": 1,
            "source": SOURCE,
            "epoch": "first",
            "sequence": self._sequence,
            "points": [TAG],
            "units": ["°C"],
            "times_ms": [int(time.time() * 1000)],
            "values": [[value]],
            "quality": [[0]],
        }
        self._sequence += 1
        headers = {"Authorization": f"Bearer {self._credentials}"}
        return httpx.post(f"{self._origin}/ingest", json=body, headers=headers, timeout=10)

    def send_until_accepted(self, value: float) -> None:
        """What is new is known to the door within seconds; until then it refuses, and says so."""
        deadline = time.monotonic() + 30
        while (answer := self.send(value)).status_code != 200:
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.3)


def test_a_tank_is_connected_watched_and_its_alarm_seen(visit: Visit, origin: str) -> None:
    connector, division, officer = visit("kexin"), visit("weihua"), visit("zhiban", size=(1440, 3000))
    gateway = Gateway(origin, connect_gateway(connector))
    record_point(division)
    set_limit(division)
    officer.go("/alarms")
    gateway.send_until_accepted(21.5)
    row = officer.page.locator("[role=option]").filter(has_text=NAME)
    deadline = time.monotonic() + 30
    while not row.count() and time.monotonic() < deadline:
        gateway.send_until_accepted(91.25)
        officer.page.wait_for_timeout(500)
    expect(row).to_contain_text("91.25")
    expect(row).to_contain_text("一级报警")
    expect(row).not_to_contain_text("演练")
    gateway.send_until_accepted(40.0)
    expect(row).to_contain_text("已恢复")


def test_who_may_not_connect_gateways_finds_no_way_to_it(visit: Visit) -> None:
    person = visit("zhiban")
    person.go("/enterprises")
    expect(person.page.get_by_role("link", name="新建")).to_have_count(0)
    assert "网关" not in person.page.get_by_role("navigation", name="主菜单").inner_text()
