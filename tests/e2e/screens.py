"""What a screen says, held against what the API meant: labels in place of codes, China's time, one language."""

import json
import re
from pathlib import Path
from typing import Any

from tests.e2e.visitor import Visitor

_WORDS = Path(__file__).resolve().parents[2] / "web" / "src" / "i18n" / "zh-CN.json"
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|—")
_NUMBER = re.compile(r"−?[\d,]*\.?\d+( \S+)?|—")
_AGE = re.compile(r"\d+.+|—")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3,}")
_LATIN_IN_CHINESE = {"English", "Ctrl", "Esc", "Enter", "CSV", "MQTT", "LEL", "vol", "ppm", "kPa", "MPa",
                     "AEGL", "CAS", "WGS", "GCJ", "CGCS", "GPS", "SHA", "ISC", "GEM", "NOAA", "min"}  # fmt: skip

_CHROME = """() => {
  const own = 'th, dt, label, legend, summary, h3, nav a, header button, main button, header a, footer';
  const seen = [...document.querySelectorAll(own)]
    .filter(one => one.lang !== 'en' && one.lang !== 'zh-CN' && !one.closest('[lang]:not(html)'))
    .filter(one => !one.querySelector('option') && !one.closest('header [aria-expanded]'))
    .map(one => one.innerText);
  const said = [...document.querySelectorAll('[placeholder], [title], [aria-label]')]
    .filter(one => !one.closest('tbody, [role=option], header [aria-expanded]'))
    .filter(one => !['TD', 'CANVAS'].includes(one.tagName) && one.getAttribute('role') !== 'img')
    .flatMap(one => [one.getAttribute('placeholder'), one.getAttribute('title')]);
  return [...seen, ...said].filter(Boolean);
}"""
"""The product's own words on the screen, without data: headings of columns, labels, buttons, menus."""


def keys_of_words() -> set[str]:
    """Every key of the screens' words: none of them may be seen as text."""

    def walk(tree: dict[str, Any], prefix: str) -> set[str]:
        found: set[str] = set()
        for name, value in tree.items():
            found |= walk(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name}
        return found

    return walk(json.loads(_WORDS.read_text()), "")


def raw_keys(person: Visitor) -> set[str]:
    """Keys of words that stand on the screen as they are."""
    text = person.page.locator("body").inner_text()
    return {word for word in re.findall(r"[\w.]+", text) if "." in word} & keys_of_words()


def wrong_language(person: Visitor, language: str) -> list[str]:
    """The product's own words on the screen that are not of *language*."""
    words = person.page.evaluate(_CHROME)
    if language == "en":
        return [said for said in words if _CHINESE.search(said)]
    return [said for said in words if set(_LATIN.findall(said)) - _LATIN_IN_CHINESE]


def unworded(meta: dict[str, Any], column: dict[str, Any], shown: str, language: str) -> str | None:
    """What is wrong with the text of a cell, or None: a code in place of a label, a time without its form."""
    key = "en" if language == "en" else "zh"
    kind = column["kind"]
    if kind in ("enum", "level"):
        allowed = {member[key] for member in meta["enums"][column["enum"]]} | {"—"}
    elif kind == "region":
        allowed = {place[key] for place in meta["regions"]} | {"—"}
    elif kind == "bool":
        allowed = {"Yes", "No"} if language == "en" else {"是", "否"}
    else:
        form = {"time": _TIME, "number": _NUMBER, "age": _AGE}.get(kind)
        bad = shown.strip() == "" or (form is not None and not form.fullmatch(shown))
        return f"{column['field']} ({kind}): {shown!r}" if bad else None
    return None if shown in allowed else f"{column['field']} ({kind}): {shown!r}"
