"""The engine, loaded ahead of the question: who opens an alarm may ask in a moment what it may come to.

How is said by the composition root of the process that serves people. Others load the engine when they compute.
"""

from collections.abc import Callable

_load: Callable[[], None] | None = None


def use(load: Callable[[], None] | None) -> None:
    """Have *load*, which must return at once, begin to load the engine in this process; None: nobody does."""
    global _load
    _load = load


def expect_a_question() -> None:
    """Begin to load the engine, where that has been arranged: somebody looks at what it may be asked about."""
    if _load is not None:
        _load()
