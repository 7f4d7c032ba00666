"""Problems as ``application/problem+json`` (RFC 9457), in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from ninja import Schema
from pydantic_core import to_json

from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.text import Text

MEDIA_TYPE = "application/problem+json"


class Label(Schema):
    """Words in both languages."""

    zh: str
    en: str


class FieldError(Schema):
    """What is wrong with one field; *field* is its path in the input."""

    field: str
    message: Label


class ProblemOut(Schema):
    """Why a request was not done, and what the person can do about it."""

    type: str
    code: str
    status: int
    title: Label
    next_step: Label
    facts: dict[str, Any]
    errors: list[FieldError]


class InvalidFields(Invalid):
    """The input breaks rules at named fields."""

    def __init__(self, errors: Iterable[tuple[str, Text]]) -> None:
        super().__init__()
        self.errors = tuple(errors)


def problem_body(problem: Problem) -> bytes:
    """The JSON text of *problem*."""
    errors = problem.errors if isinstance(problem, InvalidFields) else ()
    return to_json(
        {
            "type": "about:blank",
            "code": problem.code,
            "status": problem.status,
            "title": problem.title._asdict(),
            "next_step": problem.next_step._asdict(),
            "facts": problem.facts,
            "errors": [{"field": field, "message": message._asdict()} for field, message in errors],
        },
        inf_nan_mode="null",
    )


def field_errors(reported: Iterable[Mapping[str, Any]]) -> list[tuple[str, Text]]:
    """Pydantic's errors as (path of the field, message)."""
    return [(_field_path(error["loc"]), _message(error)) for error in reported]


def _field_path(location: Iterable[str | int]) -> str:
    """``("body", "payload", "name")`` is the field ``name``: the first two are the framework's."""
    parts = [str(part) for part in location]
    if parts and parts[0] == "body":
        parts = parts[2:]
    elif parts and parts[0] in ("query", "path"):
        parts = parts[1:]
    return ".".join(parts)


def _message(error: Mapping[str, Any]) -> Text:
    template = _MESSAGES.get(str(error["type"]), Text("填写有误", "This is not valid"))
    context = {
        key: value for key, value in error.get("ctx", {}).items() if isinstance(value, str | int | float)
    }
    try:
        return Text(template.zh.format(**context), template.en.format(**context))
    except KeyError:
        return Text("填写有误", "This is not valid")


_NUMBER = Text("应为数字", "This must be a number")
_WHOLE = Text("应为整数", "This must be a whole number")
_TIME = Text(
    "应为日期时间（例如 2026-01-31T08:00:00Z）", "This must be a date and time, as 2026-01-31T08:00:00Z"
)
_IDENTIFIER = Text("编号格式不正确", "This is not an identifier")
_CHOICE = Text("不是可选的值", "This is not one of the choices")

_MESSAGES = {
    "missing": Text("必填", "This is required"),
    "string_type": Text("应为文字", "This must be text"),
    "string_too_short": Text("至少 {min_length} 个字符", "At least {min_length} characters"),
    "string_too_long": Text("最多 {max_length} 个字符", "At most {max_length} characters"),
    "string_pattern_mismatch": Text("格式不正确", "The format is not right"),
    "greater_than": Text("应大于 {gt}", "This must be greater than {gt}"),
    "greater_than_equal": Text("不能小于 {ge}", "This must be at least {ge}"),
    "less_than": Text("应小于 {lt}", "This must be less than {lt}"),
    "less_than_equal": Text("不能大于 {le}", "This must be at most {le}"),
    "finite_number": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_parsing": Text("应为是或否", "This must be yes or no"),
    "bool_type": Text("应为是或否", "This must be yes or no"),
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": Text("时间应带时区", "The time needs its zone"),
    "uuid_type": _IDENTIFIER,
    "uuid_parsing": _IDENTIFIER,
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "extra_forbidden": Text("没有此字段", "There is no such field"),
    "json_invalid": Text("不是有效的 JSON", "This is not valid JSON"),
}
