"""``anlan simulate``: from a file or a case to a folder, whole or not at all."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.kernel.errors import Conflict
from anlan.science.chemical import simulation
from anlan.science.simulators import simulator
from anlan.server.cli import main
from anlan.server.cli.simulate import new_folder

FILES = {"overpressure.png", "overpressure.tif", "preview.png", "summary.json", "zones.geojson"}


def simulate(*more: str) -> int:
    return main(["simulate", "chemical", *more])


def test_a_case_becomes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "run"
    assert simulate("--case", "ammonium_nitrate_store", "-o", str(target)) == 0
    assert {one.name for one in target.iterdir()} == FILES
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
    said = capsys.readouterr()
    assert "2,354 m" in said.out and "100%" in said.err


def test_a_file_gives_the_same_bytes_as_before_but_for_the_times(tmp_path: Path) -> None:
    params = tmp_path / "params.json"
    params.write_bytes(simulation.case_content("carbide_acetylene"))
    one, other = tmp_path / "one", tmp_path / "other"
    for target in (one, other):
        assert simulate(str(params), "-o", str(target)) == 0
    for name in FILES - {"summary.json"}:
        assert (one / name).read_bytes() == (other / name).read_bytes()
    first, second = (json.loads((folder / "summary.json").read_text()) for folder in (one, other))
    assert first.pop("times")["computed_at"] < second.pop("times")["computed_at"]
    assert first == second


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(asked: object, report: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation, "simulate", interrupted)
    assert simulate("--case", "ammonium_nitrate_store", "-o", str(tmp_path / "run")) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_file_is_refused_with_its_field_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.loads(simulation.case_content("carbide_acetylene"))
    said["weather"]["wind_speed"] = said["weather"].pop("wind_m_s")
    params = tmp_path / "params.json"
    params.write_text(json.dumps(said))
    monkeypatch.setenv("ANLAN_LANG", "zh")
    assert simulate(str(params), "-o", str(tmp_path / "run")) == 1
    assert "$.weather：没有字段 wind_speed" in capsys.readouterr().err
    params.write_text("{")
    assert simulate(str(params), "-o", str(tmp_path / "run")) == 1
    assert "不是有效的 JSON" in capsys.readouterr().err
    assert simulate(str(tmp_path / "none.json"), "-o", str(tmp_path / "run")) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["params.json"]


def test_a_folder_with_something_in_it_is_kept_unless_it_may_go(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    (target / "mine.txt").write_text("kept")
    arguments = ("--case", "ammonium_nitrate_store", "-o", str(target))
    assert simulate(*arguments) == 1
    assert {one.name for one in target.iterdir()} == {"mine.txt"}
    assert simulate(*arguments, "--overwrite") == 0
    assert {one.name for one in target.iterdir()} == FILES
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("folder", ["taken/run", "n" * 300, "taken"])
def test_a_folder_that_cannot_be_made_is_told_before_anything_is_computed(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_LANG", "en")
    (tmp_path / "taken").write_text("a file")
    assert simulate("--case", "carbide_acetylene", "-o", str(tmp_path / folder)) == 1
    said = capsys.readouterr().err
    assert "Name a folder that can be written" in said and "Traceback" not in said
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_a_failure_while_replacing_keeps_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    (target / "old.txt").write_text("kept")
    with pytest.raises(RuntimeError), new_folder(target, overwrite=True) as folder:
        (folder / "new.txt").write_text("half")
        raise RuntimeError
    assert [one.name for one in target.iterdir()] == ["old.txt"]
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(Conflict), new_folder(file, overwrite=True):
        pass


def test_cases_and_schema_are_told_without_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate("--list-cases", "--json") == 0
    assert json.loads(capsys.readouterr().out)["lpg_sphere_bleve"]["zh"]
    assert simulate("--list-cases") == 0
    assert "chlorine_cylinder" in capsys.readouterr().out
    assert simulate("--schema") == 0
    assert "VesselLeak" in json.loads(capsys.readouterr().out)["$defs"]
    assert simulate("--case", "methanol_pool", "--print-case") == 0
    assert json.loads(capsys.readouterr().out)["scenario"]["kind"] == "pool_fire"


def test_what_is_missing_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert simulate("-o", str(tmp_path / "run")) == 1
    assert "--list-cases" in capsys.readouterr().err
    assert simulate("--case", "nothing", "-o", str(tmp_path / "run")) == 1
    assert "methanol_pool" in capsys.readouterr().err
    assert simulate("--case", "methanol_pool") == 1
    assert "-o" in capsys.readouterr().err


def test_a_raster_is_looked_for_beside_the_file_of_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.science.slope.test_simulation import hill

    from anlan.science.slope.simulation import case_content

    said = json.loads(case_content("dry_hillside"))
    said["terrain"] = {"kind": "file", "file": "hill.tif"}
    params, target = tmp_path / "params.json", tmp_path / "run"
    params.write_text(json.dumps(said))
    assert main(["simulate", "slope", str(params), "-o", str(target)]) == 1
    assert "hill.tif" in capsys.readouterr().err and not target.exists()
    (tmp_path / "hill.tif").write_bytes(hill(0.9))
    assert main(["simulate", "slope", str(params), "-o", str(target)]) == 0
    assert {one.name for one in target.iterdir()} == {
        "preview.png",
        "safety_factor.png",
        "safety_factor.tif",
        "slope.png",
        "slope.tif",
        "summary.json",
        "zones.geojson",
    }


@pytest.mark.parametrize("hazard", ["chemical", "seismic", "slope", "flood", "wildfire", "cascade"])
def test_every_hazard_lists_its_cases_and_its_schema(hazard: str, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--list-cases", "--schema"):
        assert main(["simulate", hazard, option]) == 0
        assert capsys.readouterr().out


@pytest.mark.long
def test_ctrl_c_in_the_middle_of_a_run_leaves_no_half_result(tmp_path: Path) -> None:
    asked = tmp_path / "params.json"
    params = json.loads(simulator("flood").case_content("small_dam_breach"))
    params["terrain"] |= {
        "rows": 300,
        "columns": 750,
        "cell_m": 4.0,
    }  # minutes of work, not the blink of the case
    asked.write_text(json.dumps(params))
    command = [sys.executable, "-m", "anlan", "simulate", "flood", str(asked), "-o", str(tmp_path / "run")]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        env=os.environ | {"ANLAN_LANG": "en"},
        # as at a terminal: a shell's background job, which these tests may be, ignores Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"routing" in line:
                break
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert list(tmp_path.iterdir()) == [asked]


def test_a_result_is_written_in_other_formats_too(tmp_path: Path) -> None:
    target = tmp_path / "run"
    more = ("--export", "geopackage", "--export", "netcdf")
    assert simulate("--case", "ammonium_nitrate_store", "-o", str(target), *more) == 0
    assert {one.name for one in target.iterdir()} == FILES | {"result.gpkg", "result.nc"}


def test_a_pack_becomes_a_folder_for_each_scenario_and_says_what_state_its_data_are_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "pack"
    assert main(["simulate", "pack", "haiyuan_1920", "-o", str(target)]) == 0
    assert "ISC-GEM" in capsys.readouterr().out
    told = json.loads((target / "pack.json").read_text())
    for member in told["members"]:
        summary = json.loads((target / member["id"] / "summary.json").read_text())
        assert summary["input_hash"] == member["input_hash"]
    assert main(["simulate", "pack", "--list-cases", "--json"]) == 0
    assert "liupan_forest_fire" in json.loads(capsys.readouterr().out)
    assert main(["simulate", "pack", "unknown", "-o", str(tmp_path / "none")]) == 1
    assert main(["simulate", "pack", "haiyuan_1920"]) == 1
    assert "haiyuan_1920" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["pack"]
