"""What a password must be, and checking one in the same time whether or not the account exists."""

from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

MIN_LENGTH = 10
MIN_CLASSES = 3
MAX_LENGTH = 256


def require_good_password(password: str, username: str) -> None:
    """Raises `Invalid` saying which rule *password* breaks."""
    if len(password) < MIN_LENGTH:
        raise _refused(f"密码至少 {MIN_LENGTH} 位", f"The password needs at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH or "\x00" in password:
        raise _refused(
            "密码过长或含有无法使用的字符", "The password is too long or holds an unusable character"
        )
    if _classes(password) < MIN_CLASSES:
        raise _refused(
            "密码须包含大写字母、小写字母、数字和其他字符中的三种",
            "The password needs three of: capital letters, small letters, digits, other characters",
        )
    if password.lower().strip() in CommonPasswordValidator().passwords:
        raise _refused("密码过于常见", "The password is too common")
    if username.lower() in password.lower():
        raise _refused("密码不能包含用户名", "The password must not contain the user name")


def _classes(password: str) -> int:
    """How many of the four kinds of characters occur (GB/T 22239-2019, 8.1.4.1: 复杂度要求)."""
    return len({_class_of(one) for one in password})


def _class_of(character: str) -> str:
    """A Chinese character is neither capital nor small: it counts with the other ones."""
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "capital"
    return "small" if character.islower() else "other"


def matches(password: str, encoded: str | None) -> bool:
    """Whether *password* is the one *encoded*; None (no such account) takes as long and is false."""
    return check_password(password, encoded or _nobody()) and encoded is not None


@cache
def _nobody() -> str:
    return make_password("no account has this")


def _refused(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en), facts={"field": "password"})
