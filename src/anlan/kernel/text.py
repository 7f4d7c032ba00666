"""Text in the two languages of the product, Chinese first."""

from enum import Enum
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


class LabelledEnum(str, Enum):
    """A string enumeration whose members carry a `Text` label.

    >>> class Answer(LabelledEnum):
    ...     YES = "yes", "是", "Yes"
    >>> Answer("yes").label.zh
    '是'
    """

    label: Text

    def __new__(cls, value: str, zh: str, en: str) -> "LabelledEnum":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh, en)
        return member

    def __str__(self) -> str:
        return str(self.value)
