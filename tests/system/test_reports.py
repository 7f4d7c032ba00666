"""``anlan validate`` and ``anlan eval``: what they print, when they fail, what they write."""

import json
from pathlib import Path

import pytest

from anlan.science.signals import Readings, Rules, State, Transitions, step, validation
from anlan.server.cli import main, reports
from anlan.server.cli.reports import find_suites, run_suites

KEYS = {"case", "source", "certainty", "target", "ours", "unit", "tolerance", "gates", "pass"}


def test_the_alarm_step_agrees_with_every_moment_worked_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "signals", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["name"] == "signals" and len(said["cases"]) >= 15
    assert all(set(case) >= KEYS for case in said["cases"])
    assert all(case["pass"] and case["gates"] for case in said["cases"])


def test_a_step_that_is_late_by_one_sample_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def late(state: State, rules: Rules, readings: Readings) -> Transitions:
        """As ours, but blind to the first of the readings that cross."""
        above = readings.value >= 80.0
        quality = readings.quality.copy()
        quality[above & ~above[[0, *range(len(above) - 1)]]] = 2
        return step(
            state,
            rules,
            Readings(readings.point, readings.event_ms, readings.arrived_ms, readings.value, quality),
        )

    monkeypatch.setattr(validation, "step", late)
    assert main(["validate", "signals", "--json"]) == 1
    failed = [case for case in json.loads(capsys.readouterr().out)["cases"] if not case["pass"]]
    late_ramp = next(case for case in failed if "ramp of 1/s through 80" in case["case"])
    assert (late_ramp["ours"], late_ramp["target"]) == (86_000, 85_000)


def test_a_step_that_finds_nothing_fails_rather_than_crashes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def deaf(state: State, rules: Rules, readings: Readings) -> Transitions:
        return step(state, rules, Readings(*(column[:0] for column in vars(readings).values())))

    monkeypatch.setattr(validation, "step", deaf)
    assert main(["validate", "signals"]) == 1
    assert "FAIL on-delay of 5 s" in capsys.readouterr().out


def test_a_target_that_does_not_gate_is_shown_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "unsourced_suite.py").write_text(
        "from anlan.kernel.validation import Case, Certainty\n"
        "def cases():\n"
        "    yield Case('a known number', 'from memory', Certainty.UNSURE, 1.0, 9.0, 'm', 0.1, gates=False)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (report,) = run_suites({"unsourced": "unsourced_suite"}, "unsourced")
    assert report.passed
    assert report.as_json()["cases"][0]["pass"] is False


def test_validate_all_writes_every_suite_into_the_docs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setenv("ANLAN_CHECKOUT", str(tmp_path))
    every = find_suites("validation", ("science",))
    assert "signals" in every
    # the other suites have tests of their own, and some of them take minutes
    monkeypatch.setattr(reports, "find_suites", lambda *_: {"signals": every["signals"]})
    assert main(["validate", "all"]) == 0
    written = (tmp_path / "docs" / "validation.md").read_text()
    assert "## signals" in written
    assert "| on-delay of 5 s on a ramp of 1/s through 80: raised at | 85000 | 85000 | 0 | ms |" in written


@pytest.mark.parametrize("command", ["validate", "eval"])
def test_a_suite_that_nobody_knows_is_refused_with_the_names_there_are(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLAN_LANG", "en")
    assert main([command, "nosuch"]) == 1
    said = capsys.readouterr().err
    assert "no suite called nosuch" in said
    assert ("signals" in said) == (command == "validate")
