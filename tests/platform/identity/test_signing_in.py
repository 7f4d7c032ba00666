"""Signing in: no word of which accounts exist, five tries and no more, sessions that end on the server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests.people import LINGWU, PASSWORD, as_service, grant, new_user

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Invalid, Problem, TooManyAttempts
from anlan.platform.accounts.services import WrongCredentials, change_password, set_password, sign_in

START = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
HOME = "10.0.0.1"
WRONG = "wrong"


def attempt(name: str, password: str = WRONG, *, source: str = HOME, minute: float = 0) -> str:
    """The outcome of a try at *minute* after the start: ``in``, or the problem's code."""
    with use_clock(FixedClock(START + timedelta(minutes=minute))):
        try:
            sign_in(name, password, source)
        except Problem as problem:
            return problem.code
    return "in"


def test_the_right_password_opens_whatever_the_case_and_spaces_of_the_name(db: Any) -> None:
    new_user(username="zhang")
    assert attempt(" Zhang ", PASSWORD) == "in"


def test_passwords_are_kept_as_argon2_and_nothing_else(db: Any, superuser: psycopg.Connection) -> None:
    new_user()
    for (stored,) in superuser.execute("SELECT password FROM identity_user"):
        assert stored.startswith("argon2$argon2id$")


def test_wrong_password_unknown_account_and_closed_account_read_alike(db: Any) -> None:
    from anlan.platform.accounts.services import set_active

    new_user(username="known")
    closed = new_user(username="closed")
    with as_service("demo"):
        set_active(closed, False)
    said = []
    for name, password in (
        ("known", "wrong"),
        ("unknown", "wrong"),
        ("closed", PASSWORD),
        ("", ""),
        ("x\x00", "x"),
    ):
        with pytest.raises(WrongCredentials) as refused:
            sign_in(name, password, f"10.0.0.{len(said) + 1}")
        said.append((refused.value.title, refused.value.next_step, refused.value.facts))
    assert all(words == said[0] for words in said)


def test_an_unknown_account_costs_a_password_check_too(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time of the answer would tell."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    checked: list[str] = []
    verify = Argon2PasswordHasher.verify

    def counting(self: Any, password: str, encoded: str) -> bool:
        checked.append(encoded)
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting)
    attempt("nobody")
    assert len(checked) == 1


@pytest.mark.parametrize("name", ["known", "unknown"])
def test_the_sixth_try_is_refused_even_with_the_right_password_and_alike_for_all(db: Any, name: str) -> None:
    new_user(username="known")
    outcomes = [attempt(name, source=f"10.0.1.{number}") for number in range(5)]
    assert outcomes == ["wrong_credentials"] * 5
    assert attempt(name, PASSWORD, source="10.0.1.99") == "too_many_attempts"


def test_a_source_that_tries_many_accounts_is_locked_too(db: Any) -> None:
    new_user(username="zhang")
    assert [attempt(f"guess-{number}") for number in range(5)] == ["wrong_credentials"] * 5
    assert attempt("zhang", PASSWORD) == "too_many_attempts"
    assert attempt("zhang", PASSWORD, source="10.0.0.2") == "in"


def test_the_lock_falls_after_a_quarter_of_an_hour_and_not_before(db: Any) -> None:
    new_user(username="zhang")
    for second in range(5):
        attempt("zhang", minute=second / 60)
    assert attempt("zhang", PASSWORD, minute=14.9) == "too_many_attempts"
    assert attempt("zhang", PASSWORD, minute=15.2) == "in"


def test_tries_while_locked_do_not_prolong_the_lock(db: Any) -> None:
    """Else anybody could keep a duty officer out for a whole night."""
    new_user(username="zhang")
    for _ in range(5):
        attempt("zhang")
    for minute in range(1, 15):
        attempt("zhang", minute=minute)
    assert attempt("zhang", PASSWORD, minute=15.1) == "in"


def test_success_clears_the_account_s_count(db: Any) -> None:
    new_user(username="zhang")
    for number in range(4):
        attempt("zhang", source=f"10.0.2.{number}")
    assert attempt("zhang", PASSWORD, source="10.0.3.1", minute=1) == "in"
    outcomes = [attempt("zhang", source=f"10.0.4.{number}", minute=2) for number in range(4)]
    assert outcomes == ["wrong_credentials"] * 4


def test_twenty_tries_at_once_are_no_more_than_five(db: Any) -> None:
    from django.db import connection

    new_user(username="zhang")

    def work(_: int) -> str:
        try:
            return attempt("zhang")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(work, range(20)))
    assert sorted(outcomes) == ["too_many_attempts"] * 15 + ["wrong_credentials"] * 5


def test_changing_one_s_password_needs_the_old_one_and_counts_like_signing_in(db: Any) -> None:
    new_user(username="zhang")
    with pytest.raises(WrongCredentials):
        change_password("zhang", "wrong", "Another-Helan-77!", HOME)
    with pytest.raises(Invalid):
        change_password("zhang", PASSWORD, "short", HOME)
    change_password("zhang", PASSWORD, "Another-Helan-77!", HOME)
    assert attempt("zhang", "Another-Helan-77!", source="10.0.0.9") == "in"
    for _ in range(5):
        try:
            change_password("zhang", "wrong", "Another-Helan-78!", HOME)
        except (WrongCredentials, TooManyAttempts):
            continue
    with pytest.raises(TooManyAttempts):
        change_password("zhang", "Another-Helan-77!", "Another-Helan-78!", HOME)


# -- passwords ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Kurz-1!", "at least 10"),
        ("lowercaseonly", "three of"),
        ("lowercase123456", "three of"),
        ("ONLYCAPITALS99", "three of"),
        ("Password123", "too common"),
        ("Zhang-Helan-77!", "user name"),
        ("Xx1!" * 100, "too long"),
        ("Helan-Shan\x00-77", "unusable"),
    ],
)
def test_a_weak_password_is_refused_with_the_rule_that_it_breaks(db: Any, password: str, rule: str) -> None:
    user = new_user(username="zhang")
    with as_service("demo"), pytest.raises(Invalid) as refused:
        set_password(user, password)
    assert rule in refused.value.title.en and refused.value.title.zh
    assert refused.value.facts == {"field": "password"}


@pytest.mark.parametrize("password", ["Helan-Shan-3556!", "贺兰山下Abc123", "correct Horse 9 battery"])
def test_a_good_password_is_accepted(db: Any, password: str) -> None:
    user = new_user(username="zhang")
    with as_service("demo"):
        set_password(user, password)
    assert attempt("zhang", password) == "in"


# -- sessions ----------------------------------------------------------------------------------------


@pytest.fixture
def browsers(db: Any) -> Any:
    """Two browsers of the same officer, and the account's id."""
    from tests.server.conftest import Person, browser_of

    user = new_user(username="zhang")
    grant(user, "local_bureau", LINGWU)
    person = Person(user, "zhang")
    return user, browser_of(person), browser_of(person)


def status(browser: Any) -> int:
    return int(browser.get("/api/alarms").status_code)


def test_signing_out_ends_that_session_on_the_server_and_no_other(browsers: Any) -> None:
    _, desk, phone = browsers
    stolen = desk.cookies["anlan"].value
    assert desk.delete("/api/session").status_code == 204
    desk.cookies["anlan"] = stolen
    assert (status(desk), status(phone)) == (401, 200)


def test_a_changed_password_ends_every_session(browsers: Any) -> None:
    user, desk, phone = browsers
    with as_service("demo"):
        set_password(user, "Another-Helan-77!")
    assert (status(desk), status(phone)) == (401, 401)


def test_a_session_ends_by_the_server_s_clock_whatever_the_cookie_says(
    browsers: Any, superuser: psycopg.Connection
) -> None:
    _, desk, phone = browsers
    superuser.execute(
        "UPDATE django_session SET expire_date = now() - interval '1 second' WHERE session_key = %s",
        [desk.cookies["anlan"].value],
    )
    assert (status(desk), status(phone)) == (401, 200)


def test_a_role_taken_away_is_gone_with_the_next_request(browsers: Any) -> None:
    from anlan.platform.accounts.services import revoke_grant
    from anlan.platform.identity.models import Grant

    user, desk, _ = browsers
    assert status(desk) == 200
    with as_service("demo"):
        revoke_grant(Grant.objects.get(user_id=user).id)
    assert status(desk) == 403
