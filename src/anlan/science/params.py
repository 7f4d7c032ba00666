"""Parameters from a file or a request: strict JSON, and an error that says which field is wrong, in both languages."""

import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.text import Text

Params = TypeVar("Params")

_AT = re.compile(r" - at (?:`key` in )?`(\$[^`]*)`$")
_TYPES = {
    "float": Text("数值", "a number"),
    "int": Text("整数", "a whole number"),
    "str": Text("文本", "text"),
    "bool": Text("true 或 false", "true or false"),
    "object": Text("对象", "an object"),
    "array": Text("数组", "a list"),
    "datetime": Text(
        "带时区的时刻（如 2026-01-01T08:00:00+08:00）", "a time with its zone (2026-01-01T08:00:00+08:00)"
    ),
    "null": Text("空值", "null"),
}
_ORDER = {
    ">": ("大于", "above"),
    ">=": ("不小于", "at least"),
    "<": ("小于", "below"),
    "<=": ("不大于", "at most"),
}


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """No field that is not known, none that is missing."""


class Name(Strict, frozen=True):
    """What a run is called, or what is to be known of it, in both languages."""

    zh: Annotated[str, Meta(min_length=1, max_length=400)]
    en: Annotated[str, Meta(min_length=1, max_length=400)]


def read_params(content: bytes, kind: type[Params]) -> Params:
    """*content* as *kind*, a `msgspec.Struct`. Raises `Invalid` with the field's path (``$.weather.wind_m_s``)."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as problem:
        raise _translated(str(problem)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Invalid(
            Text("参数不是有效的 JSON", "The parameters are not valid JSON"), facts={"problem": str(problem)}
        ) from None


def made_params(said: object, kind: type[Params]) -> Params:
    """As `read_params`, from plain JSON values."""
    try:
        return msgspec.convert(said, type=kind)
    except msgspec.ValidationError as problem:
        raise _translated(str(problem)) from None


def plain_params(params: msgspec.Struct) -> dict[str, Any]:
    """JSON values with every default filled in."""
    said: dict[str, Any] = msgspec.to_builtins(params)
    return said


def refused_at(path: str, words: Text, cause: Problem | None = None) -> Invalid:
    """The error for a field that is understood but cannot be right; what is known of its *cause* is kept."""
    own = cause is not None and cause.next_step != Invalid.next_step
    return Invalid(
        Text(f"参数 {path}：{words.zh}", f"Parameter {path}: {words.en}"),
        next_step=cause.next_step
        if cause and own
        else Text("请更正该字段后重新运行", "Correct the field and run again"),
        facts={**(cause.facts if cause else {}), "path": path},
    )


def _translated(message: str) -> Invalid:
    found = _AT.search(message)
    path = found.group(1) if found else "$"
    core = message[: found.start()] if found else message
    return refused_at(path, _words(core))


def _words(core: str) -> Text:
    for pattern, make in _MESSAGES:
        found = re.fullmatch(pattern, core)
        if found:
            words: Text = make(*found.groups())
            return words
    return Text(f"内容无效（{core}）", core)


def _type(name: str) -> Text:
    parts = [_TYPES.get(part.strip(), Text(part.strip(), part.strip())) for part in name.split("|")]
    parts = [part for part in parts if part.en != "null"] or parts
    return Text(" 或 ".join(part.zh for part in parts), " or ".join(part.en for part in parts))


def _wrong_type(wanted: str, got: str) -> Text:
    one, other = _type(wanted), _type(got)
    return Text(f"应为{one.zh}，实为{other.zh}", f"must be {one.en}, not {other.en}")


def _out_of_range(wanted: str, sign: str, bound: str) -> Text:
    zh, en = _ORDER[sign]
    return Text(f"应{zh} {float(bound):g}", f"must be {en} {float(bound):g}")


def _wrong_length(sign: str, bound: str) -> Text:
    zh, en = _ORDER[sign]
    return Text(f"长度应{zh} {bound}", f"must have a length of {en} {bound}")


def _unknown(value: str) -> Text:
    return Text(f"没有取值 {value}", f"{value} is not one of its values")


_MESSAGES: tuple[tuple[str, Any], ...] = (
    (
        r"Object missing required field `(.+)`",
        lambda name: Text(f"缺少字段 {name}", f"the field {name} is missing"),
    ),
    (
        r"Object contains unknown field `(.+)`",
        lambda name: Text(f"没有字段 {name}", f"there is no field {name}"),
    ),
    (r"Expected `(.+)`, got `(.+)`", _wrong_type),
    (r"Expected `(.+)` (>=|<=|>|<) (\S+)", _out_of_range),
    (r"Invalid (?:enum )?value '(.+)'", _unknown),
    (r"Invalid enum value (\S+)", _unknown),
    (
        r"Expected `datetime` with a timezone component",
        lambda: Text("时刻缺少时区", "the time has no time zone"),
    ),
    (
        r"Invalid RFC3339 encoded datetime",
        lambda: Text(f"应为{_TYPES['datetime'].zh}", f"must be {_TYPES['datetime'].en}"),
    ),
    (
        r"Expected `str` matching regex '(.+)'",
        lambda form: Text(f"格式应符合 {form}", f"must have the form {form}"),
    ),
    (r"Expected `(?:str|array|object)` of length (>=|<=) (\d+)", _wrong_length),
    (r"Number out of range", lambda: Text("数值过大", "the number is out of range")),
)
