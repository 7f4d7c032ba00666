"""The demonstration's generated passwords."""

import secrets

import pytest

from anlan.demo.load import new_password
from anlan.platform.accounts.passwords import require_good_password


def test_a_generated_password_obeys_the_rules_even_when_chance_gives_letters_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _: "abcdefghijklmnop")
    require_good_password(new_password(), "zhiban")
