"""Kernels compiled ahead by a process that ends, and the engine loaded when somebody may ask it."""

import logging
import threading
from pathlib import Path

import pytest

from anlan.domains.command.incidents import ahead
from anlan.server.compiling import compile_apart, once_in_background


def test_what_cannot_be_compiled_ahead_is_logged_and_tried_again_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        compile_apart("no such work")
    assert "were not compiled ahead" in caplog.text
    assert not list(tmp_path.iterdir())


def test_what_has_been_compiled_for_this_program_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "no such work.compiled").touch()
    with caplog.at_level(logging.WARNING):
        compile_apart("no such work")
    assert caplog.text == ""


def test_the_engine_is_loaded_once_however_many_alarms_are_opened() -> None:
    done, loaded = threading.Event(), []

    def engine() -> None:
        loaded.append(threading.current_thread().name)
        done.set()

    ahead.use(once_in_background(engine))
    try:
        for _ in range(5):
            ahead.expect_a_question()
        assert done.wait(60)
    finally:
        ahead.use(None)
    ahead.expect_a_question()
    assert loaded == ["engine"]
