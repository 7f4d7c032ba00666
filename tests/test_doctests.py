"""The examples in docstrings are true."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import anlan

SOURCE = Path(anlan.__file__).parent


def modules_with_examples() -> list[str]:
    """Found by reading, so that collecting the tests imports nothing."""
    files = sorted(path for path in SOURCE.rglob("*.py") if ">>> " in path.read_text())
    return [".".join(("anlan", *path.relative_to(SOURCE).with_suffix("").parts)) for path in files]


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_hold(name: str) -> None:
    result = doctest.testmod(import_module(name.removesuffix(".__init__")), optionflags=doctest.ELLIPSIS)
    assert result.attempted > 0
    assert result.failed == 0
