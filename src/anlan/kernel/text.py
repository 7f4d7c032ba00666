"""Text in the two languages of the product, Chinese first."""

from enum import StrEnum
from typing import NamedTuple, Self


class Text(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


NO_WORDS = Text("", "")


class LabelledEnum(StrEnum):
    """A string enumeration whose members carry a `Text` label.

    >>> class Answer(LabelledEnum):
    ...     YES = "yes", "是", "Yes"
    >>> Answer("yes").label.zh
    '是'
    """

    label: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        # the defaults are for ``Answer("yes")``, which type checkers read as this call
        if not (zh and en):
            raise TypeError(f"{cls.__name__}.{value} needs a label in both languages")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh, en)
        return member
