"""Another county's people: nothing of what is not theirs is on any of their screens."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e

PLANT = "田纳西"
SCREENS = ("/alarms", "/alarms/table", "/enterprises", "/process-units", "/points", "/limits", "/gateways",
           "/dead-letters", "/alarm-events")  # fmt: skip


def test_a_county_sees_its_own_and_no_other_plant(visit: Visit, refused_reading: str) -> None:
    person = visit("pingluo")
    person.go("/enterprises")
    expect(person.main()).to_contain_text("NAB 机组")
    for screen in SCREENS:
        person.go(screen)
        words = person.page.locator("body").inner_text()
        assert PLANT not in words and "XMEAS" not in words and refused_reading not in words, screen
    person.go("/points?q=XMEAS")
    expect(person.main()).to_contain_text("没有记录")


def test_an_address_passed_on_opens_nothing_in_another_county(visit: Visit) -> None:
    insider, outsider = visit("ningdong"), visit("pingluo")
    insider.go("/points")
    outsider.go("/points")
    for plural, screen in (("points", "points"), ("enterprises", "enterprises"), ("gateways", "gateways")):
        row = insider.api(f"/api/{plural}?size=1")["items"][0]
        with outsider.expecting(404):
            outsider.page.goto(f"{outsider.origin}/{screen}/{row['id']}")
            alert = outsider.main().get_by_role("alert")
            expect(alert).to_be_visible()
            expect(alert).not_to_contain_text(PLANT)


def test_nobody_hears_of_another_countys_alarms(visit: Visit) -> None:
    insider, outsider = visit("ningdong"), visit("pingluo")
    outsider.go("/alarms")
    insider.go("/alarms")
    expect(insider.page.locator("[role=option]").filter(has_text=PLANT).first).to_be_visible(timeout=150_000)
    assert PLANT not in outsider.page.locator("body").inner_text()
