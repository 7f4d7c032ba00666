"""What people type into forms, good and bad, and what the screen answers."""

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e


def field(person: Visitor, label: str) -> Locator:
    return person.main().get_by_label(label)


def save(person: Visitor) -> None:
    person.page.get_by_role("button", name="保存").click()


def limit_of(person: Visitor, tag: str, kind: str) -> str:
    point = next(row for row in person.api(f"/api/points?q={tag}")["items"] if row["tag"] == tag)
    limits = person.api(f"/api/limits?point_id={point['id']}")["items"]
    return str(next(limit for limit in limits if limit["kind"] == kind)["id"])


def test_a_changed_limit_is_kept_and_shown_with_its_point(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/status")
    limit = limit_of(person, "XMEAS-15", "H")
    person.go(f"/limits/{limit}/edit")
    expect(person.main().locator("form header")).to_contain_text("汽提塔液位")
    field(person, "依据").fill("换班后复核")
    save(person)
    expect(person.page).to_have_url(f"{person.origin}/limits/{limit}")
    expect(person.main().locator("dl").first).to_contain_text("换班后复核")


@pytest.mark.parametrize("threshold", ["1e400", "-1e9", "99999999999999999999"])
def test_an_absurd_limit_is_refused_at_its_field(visit: Visit, threshold: str) -> None:
    """A high limit below the low one, or beyond any number, alarms for ever or never."""
    person = visit("weihua")
    person.go("/status")
    limit = limit_of(person, "XMEAS-15", "H")
    before = person.api(f"/api/limits/{limit}")["threshold"]
    person.go(f"/limits/{limit}/edit")
    with person.expecting(409, 422, 400):
        field(person, "限值").first.fill(threshold)
        save(person)
        complaint = person.main().locator("[role=alert], :invalid").first
        expect(complaint).to_be_attached()
    assert person.api(f"/api/limits/{limit}")["threshold"] == before


def test_a_wrong_credit_code_is_told_at_its_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/enterprises/new")
    field(person, "企业名称").fill("银川某某化工有限公司")
    field(person, "行业类别").select_option(index=1)
    field(person, "统一社会信用代码").fill("91640100MA00000000")
    field(person, "行政区划").select_option(label="灵武市")
    with person.expecting(422, 409):
        save(person)
        expect(person.main().locator("[aria-invalid=true]")).to_have_attribute("name", "code")
    expect(field(person, "企业名称")).to_have_value("银川某某化工有限公司")
    assert person.barriers() == []


def test_an_empty_form_is_not_sent_and_a_long_name_is_cut_at_its_bound(visit: Visit) -> None:
    person = visit("weihua")
    person.go("/enterprises/new")
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.method))
    save(person)
    expect(field(person, "企业名称")).to_be_focused()
    assert "POST" not in sent
    field(person, "企业名称").press_sequentially("长" * 205, delay=0)
    assert len(field(person, "企业名称").input_value()) <= 200


def test_a_new_enterprise_is_on_its_list_at_once_and_a_long_name_breaks_no_screen(visit: Visit) -> None:
    person = visit("weihua")
    name = "宁夏" + "某某精细化工与新材料综合利用" * 6 + "有限公司"
    person.go("/enterprises/new")
    field(person, "企业名称").fill(name)
    field(person, "行业类别").select_option(index=1)
    field(person, "统一社会信用代码").fill("91640181MA75X0000" + check_digit("91640181MA75X0000"))
    field(person, "行政区划").select_option(label="灵武市")
    save(person)
    expect(person.main().get_by_role("heading", level=1)).to_have_text(name)
    assert person.sideways_px() <= 0
    person.go("/enterprises?q=新材料综合利用")
    expect(person.page.locator("tbody tr")).to_have_count(1)
    assert person.sideways_px() <= 0


def test_two_people_who_change_the_same_object_learn_of_it(visit: Visit) -> None:
    first, second = visit("weihua"), visit("ningdong")
    first.go("/status")
    limit = limit_of(first, "XMEAS-17", "L")
    for person in (first, second):
        person.go(f"/limits/{limit}/edit")
        field(person, "依据").fill(f"{person.page.url[-3:]} 复核")
    save(first)
    expect(first.page).to_have_url(f"{first.origin}/limits/{limit}")
    with second.expecting(409):
        field(second, "依据").fill("晚一步")
        save(second)
        expect(second.main().get_by_role("alert")).to_be_visible()
    expect(field(second, "依据")).to_have_value("晚一步")


def check_digit(body: str) -> str:
    from anlan.domains.monitoring.enterprises.credit_code import check_digit as digit

    return digit(body)
