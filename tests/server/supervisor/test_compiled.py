"""Compiled kernels are of the program as it is, or of none."""

import os
from pathlib import Path

import pytest

from anlan.server.supervisor.compiled import SHARED, compiled_folder, keep_compiled_kernels, kernels_of


def test_a_change_in_any_file_has_a_folder_of_its_own_and_the_old_one_goes(tmp_path: Path) -> None:
    sources, kept = tmp_path / "science", tmp_path / "numba"
    (sources / "flood").mkdir(parents=True)
    for name in ("flux.py", "solver.py"):
        (sources / "flood" / name).write_text("x = 1\n")
    first = compiled_folder(kept, sources)
    first.mkdir(parents=True)
    (first / "solver.nbi").write_text("compiled")
    assert compiled_folder(kept, sources) == first and (first / "solver.nbi").exists()
    (sources / "flood" / "flux.py").write_text("x = 22\n")
    second = compiled_folder(kept, sources)
    assert second != first and not first.exists()


def test_files_of_before_such_folders_go_too(tmp_path: Path) -> None:
    old = tmp_path / "numba" / "flood_0123"
    old.mkdir(parents=True)
    compiled_folder(tmp_path / "numba")
    assert not old.exists()


def test_systems_share_the_folder_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SHARED, str(tmp_path / "shared"))
    assert kernels_of(tmp_path / "one") == kernels_of(tmp_path / "other")
    monkeypatch.delenv(SHARED)
    assert kernels_of(tmp_path / "one").is_relative_to(tmp_path / "one")


def test_a_command_without_a_system_forgets_kernels_of_other_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade would else compute with the physics of before: numba does not look at what a kernel calls."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "kept for us by monkeypatch")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    keep_compiled_kernels()
    kept = Path(os.environ["NUMBA_CACHE_DIR"])
    assert kept.is_dir() and kept.is_relative_to(tmp_path / "anlan")
    (old := kept.parent / "0123456789abcdef").mkdir()
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    keep_compiled_kernels()
    assert Path(os.environ["NUMBA_CACHE_DIR"]) == kept and not old.exists()


def test_a_home_that_cannot_be_written_stops_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    keep_compiled_kernels()
    assert "NUMBA_CACHE_DIR" not in os.environ
