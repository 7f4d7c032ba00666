"""What the door refused reaches the screens: once, in its county, with a reason in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.domains.monitoring.plant import new_plant
from tests.people import LINGWU, YANCHI, as_service, new_principal
from tests.server.conftest import browser_of, new_person

from anlan.domains.monitoring.points.contracts import DeadLetterItem
from anlan.domains.monitoring.points.models import DeadLetter
from anlan.domains.monitoring.points.services import record_dead_letters
from anlan.domains.monitoring.points.states import DeadLetterReason
from anlan.kernel.errors import Forbidden
from anlan.platform.commands import acting_as, read_scope
from anlan.ports.refusals import Refusal, Reject

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def letter(key: str = "1", **changed: Any) -> DeadLetterItem:
    given = {"source": "tank-farm", "reason": "unknown_point", "tag": "P-9", "detail": "4 readings"}
    return DeadLetterItem(key, AT, **{**given, **changed})  # type: ignore[arg-type]


def record(*letters: DeadLetterItem) -> None:
    with as_service("relay"):
        record_dead_letters(letters)


def stored() -> list[DeadLetter]:
    with as_service("relay"), read_scope():
        return list(DeadLetter.objects.order_by("key"))


def test_every_code_of_the_door_has_its_words_on_the_screens() -> None:
    told = {reason.value: reason.label for reason in (*Reject, *Refusal)}
    known = {reason.value: reason.label for reason in DeadLetterReason}
    assert told.items() <= known.items()
    assert known.keys() - told.keys() == {"unreadable", "other"}


def test_a_letter_lies_in_its_gateway_s_place_and_a_stranger_s_with_the_whole_region(db: Any) -> None:
    new_plant("tank-farm", zone="ningdong")
    new_plant("pump-house", region=YANCHI)
    record(letter("1"), letter("2", source="pump-house"), letter("3", source="nobody"))
    assert [(one.region, one.zone) for one in stored()] == [
        (LINGWU, "ningdong"),
        (YANCHI, None),
        ("640000", None),
    ]
    with acting_as(new_principal("local_bureau", LINGWU)), read_scope():
        assert [one.source for one in DeadLetter.objects.all()] == ["tank-farm"]


def test_a_letter_taken_over_twice_is_stored_once(db: Any) -> None:
    record(letter("1"), letter("2"))
    record(letter("2"), letter("3"))
    assert [one.key for one in stored()] == ["1", "2", "3"]


def test_whatever_a_stranger_sent_can_be_stored(db: Any) -> None:
    record(
        letter("1", source="\x00" * 100, tag="\ud800", detail="x" * 9999, payload="\x00{" * 5000),
        letter("2", reason="a code of tomorrow", detail="more"),
    )
    strange, unknown = stored()
    assert (len(strange.source), len(strange.detail), len(strange.payload)) == (64, 500, 4000)
    assert (unknown.reason, unknown.detail) == ("other", "a code of tomorrow more")


def test_the_screens_show_filter_and_export_the_reason_in_words(db: Any) -> None:
    new_plant("tank-farm")
    record(letter("1"), letter("2", reason="wrong_key", payload="{}"))
    browser = browser_of(new_person("connector", "science_division", LINGWU))
    meta = browser.get("/api/meta").json()
    resource = next(one for one in meta["resources"] if one["name"] == "dead_letter")
    column = next(one for one in resource["columns"] if one["field"] == "reason")
    words = {one["code"]: (one["zh"], one["en"]) for one in meta["enums"][column["enum"]]}
    assert words["unknown_point"] == ("本网关没有此测点", "this gateway has no such point")
    shown = browser.get("/api/dead-letters", {"reason": "wrong_key"}).json()
    assert [one["reason"] for one in shown["items"]] == ["wrong_key"]
    detail = browser.get(f"/api/dead-letters/{shown['items'][0]['id']}").json()
    assert detail["payload"] == "{}"
    assert browser.get("/api/dead-letters", {"reason": "because"}).status_code == 422
    exported = browser.get("/api/dead-letters/export.csv").content.decode("utf-8-sig")
    assert "本网关没有此测点" in exported and "来源或密钥不正确" in exported


def test_only_the_relay_records_letters(db: Any) -> None:
    with acting_as(new_principal("science_division", "640000")), pytest.raises(Forbidden):
        record_dead_letters([letter()])
