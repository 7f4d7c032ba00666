"""Notices reach those whose place and duty it is, and nobody else."""

import pytest

from anlan.kernel.text import Text
from anlan.platform.commands import acting_as, service_principal
from anlan.platform.notices import NoticeSpec, Urgency

LINGWU, YANCHI = "640181", "640323"


def give(region, permission="notices.read", title="液氨罐区报警超时"):
    from anlan.platform.notices.services import give_notice

    with acting_as(service_principal("worker")):
        return give_notice(NoticeSpec(Text(title, "Overdue"), region, None, permission, Urgency.URGENT))


@pytest.fixture
def officer(db):
    """``officer(name, region)``: a browser of a county bureau."""
    from tests.server.conftest import browser_of, new_person

    return lambda name, region: browser_of(new_person(name, "local_bureau", region))


def test_a_county_hears_its_own_notices(officer):
    here, elsewhere = officer("lingwu", LINGWU), officer("yanchi", YANCHI)
    give(LINGWU)
    assert [one["title"]["zh"] for one in here.get("/api/notices").json()["items"]] == ["液氨罐区报警超时"]
    assert elsewhere.get("/api/notices").json()["items"] == []


def test_a_notice_for_another_duty_is_not_shown(officer):
    here = officer("lingwu", LINGWU)
    give(LINGWU, permission="identity.grant_roles")
    assert here.get("/api/notices").json()["items"] == []


def test_read_by_one_is_not_read_by_another(officer):
    one, other = officer("zhang", LINGWU), officer("li", LINGWU)
    notice = give(LINGWU)
    assert one.post(f"/api/notices/{notice}/read").status_code == 204
    assert one.post(f"/api/notices/{notice}/read").status_code == 204, "twice is once"
    assert one.get("/api/notices?unread=true").json()["items"] == []
    assert other.get("/api/notices").json()["unread"] == 1


def test_what_is_out_of_sight_cannot_be_marked(officer):
    notice = give(LINGWU)
    assert officer("yanchi", YANCHI).post(f"/api/notices/{notice}/read").status_code == 404
