"""What a person at the terminal reads while things start: steps with their seconds."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text


def prefers_chinese() -> bool:
    """Whether ``ANLAN_LANG``, or else the locale, asks for Chinese."""
    for name in ("ANLAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("zh")
    return False


def say(text: Text) -> str:
    """*text* in the reader's language."""
    return text.zh if prefers_chinese() else text.en


class Console:
    """Prints steps as they begin and end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def line(self, text: Text) -> None:
        print(say(text), file=self._stream, flush=True)

    @contextmanager
    def step(self, text: Text) -> Iterator[None]:
        """Print *text* now, and the seconds it took once it is over."""
        began = time.monotonic()
        print(f"  {say(text)} … ", end="", file=self._stream, flush=True)
        try:
            yield
        except (asyncio.CancelledError, KeyboardInterrupt):
            print(say(Text("已中断", "interrupted")), file=self._stream, flush=True)
            raise
        except BaseException:
            print(say(Text("失败", "failed")), file=self._stream, flush=True)
            raise
        print(f"{time.monotonic() - began:.1f} s", file=self._stream, flush=True)

    def problem(self, problem: Problem) -> None:
        """What is wrong, the figures, and what to do."""
        print(f"✗ {say(problem.title)}", file=self._stream)
        for fact in problem.facts.values():
            print("  " + str(fact).rstrip().replace("\n", "\n  "), file=self._stream)
        if say(problem.next_step):
            print(f"→ {say(problem.next_step)}", file=self._stream)
        self._stream.flush()
