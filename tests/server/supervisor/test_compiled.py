"""Compiled kernels are of the program as it is, or of none."""

from pathlib import Path

import pytest

from anlan.server.supervisor.compiled import SHARED, compiled_folder, kernels_of


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
