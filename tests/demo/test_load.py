"""The demonstration is loaded once, whatever failed on the way, and says of everything what it is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from anlan.demo import load as loading
from anlan.demo.load import ORIGIN, PEOPLE, PLANTS, RATE, load
from anlan.demo.sources import (
    MACHINE,
    TENNESSEE_EASTMAN,
    _run,
    machine_statistics,
    tennessee_eastman_statistics,
)
from anlan.domains.monitoring.points.registry import DatabasePointRegistry
from anlan.platform.accounts.services import sign_in

COUNTED = (
    "enterprises_enterprise",
    "enterprises_processunit",
    "points_gateway",
    "points_point",
    "points_limit",
    "threads_timeline",
    "identity_organisation",
    "identity_user",
    "identity_grant",
)
WHOLE = (2, 2, 2, 23, 94, 2, 3, 5, 5)


def counts(superuser: psycopg.Connection) -> tuple[int, ...]:
    asked = ", ".join(f"(SELECT count(*) FROM {table})" for table in COUNTED)  # noqa: S608
    return tuple(superuser.execute(f"SELECT {asked}").fetchone() or ())  # type: ignore[call-overload]


def logins(data: Path) -> dict[str, str]:
    """Password by account, from the file that its owner alone reads."""
    lines = (data / "demo" / "logins.txt").read_text().splitlines()
    return {line.split()[0]: line.split()[1] for line in lines}


def test_loading_makes_plants_points_limits_and_people_and_again_makes_none(
    db: Any, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    load(tmp_path)
    assert counts(superuser) == WHOLE
    load(tmp_path)
    assert counts(superuser) == WHOLE
    assert logins(tmp_path).keys() == {person.username for person in PEOPLE}


def test_keys_and_passwords_of_the_last_load_open_and_lie_in_private_files(db: Any, tmp_path: Path) -> None:
    import hashlib

    load(tmp_path)
    load(tmp_path)
    for number, (name, password) in enumerate(logins(tmp_path).items()):
        assert sign_in(name, password, f"10.0.0.{number}").username == name
    keys = json.loads((tmp_path / "demo" / "gateways.json").read_text())
    known = {one.source: one.key_sha256 for one in DatabasePointRegistry().gateways()}
    assert known == {source: hashlib.sha256(key.encode()).digest() for source, key in keys.items()}
    for path in (tmp_path / "demo").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "demo").stat().st_mode & 0o077 == 0


STEPS = (
    "create_enterprise",
    "create_process_unit",
    "create_timeline",
    "register_gateway",
    "create_points",
    "set_limits",
    "create_organisation",
    "create_user",
    "grant_role",
    "write_private",
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "after"),
    [(step, False) for step in STEPS] + [(step, True) for step in ("create_timeline", "create_user")],
)
def test_a_load_cut_off_at_any_step_is_made_whole_by_the_next(
    db: Any,
    superuser: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
) -> None:
    """Cut off before the second call of the step, or right after it."""
    calls: list[int] = []
    real = getattr(loading, step)

    def cut(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) < 2:
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise ConnectionError("cut off")

    monkeypatch.setattr(loading, step, cut)
    with pytest.raises(ConnectionError):
        load(tmp_path)
    assert not (tmp_path / "demo" / "loaded").exists(), "the next start must try again"
    monkeypatch.setattr(loading, step, real)
    load(tmp_path)
    assert counts(superuser) == WHOLE
    assert (tmp_path / "demo" / "loaded").exists()
    assert sign_in("zhiban", logins(tmp_path)["zhiban"], "10.0.0.1").username == "zhiban"


def test_everything_says_what_it_is(db: Any, superuser: psycopg.Connection, tmp_path: Path) -> None:
    """A fictitious enterprise, a simulator's output, a real record: three different things."""
    load(tmp_path)
    enterprises = superuser.execute("SELECT name, synthetic, source FROM enterprises_enterprise").fetchall()
    assert all(synthetic and "虚构" in source and "演示" in name for name, synthetic, source in enterprises)
    points = superuser.execute(
        "SELECT g.source, bool_and(p.simulated), bool_or(p.simulated), bool_or(p.synthetic), min(p.source)"
        " FROM points_point p JOIN points_gateway g ON g.id = p.gateway_id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    (nab, *real, nab_source), (tep, *simulated, tep_source) = points
    assert (nab, real, tep, simulated) == ("demo-nab", [False] * 3, "demo-tep", [True, True, False])
    assert "真实数据" in nab_source and "单位未注明" in nab_source
    assert "模拟器" in tep_source and "非真实装置" in tep_source
    assert superuser.execute(
        "SELECT bool_and(exercise AND timeline IS NOT NULL) FROM points_gateway"
    ).fetchone() == (True,)
    notes = [note for (note,) in superuser.execute("SELECT DISTINCT note FROM points_limit")]
    assert all(note.startswith("演示取值") for note in notes)


def test_plants_run_on_timelines_of_their_own_at_sixty_times(
    db: Any, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    load(tmp_path)
    timelines = superuser.execute("SELECT rate, exercise, origin FROM threads_timeline").fetchall()
    assert timelines == [(RATE, True, ORIGIN)] * 2 and RATE == 60.0
    intervals = superuser.execute(
        "SELECT g.source, min(sampling_s), max(sampling_s) FROM points_point p"
        " JOIN points_gateway g ON g.id = p.gateway_id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert intervals == [("demo-nab", 5.0, 5.0), ("demo-tep", 3.0, 3.0)]


def test_limits_stand_at_four_and_six_deviations_of_the_run_without_a_fault(
    db: Any, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    load(tmp_path)
    fault_free = _run(0)
    statistics = tennessee_eastman_statistics()
    assert len(statistics) == 22 and statistics[0].samples == len(fault_free)
    pressure = fault_free[:, 6]
    mean, deviation = float(np.mean(pressure)), float(np.std(pressure, ddof=1))
    stored = dict(
        superuser.execute(
            "SELECT l.kind, l.threshold FROM points_limit l JOIN points_point p ON p.id = l.point_id"
            " WHERE p.tag = 'XMEAS-07' AND l.kind <> 'no_data'"
        ).fetchall()
    )
    for kind, multiple in (("LL", -6), ("L", -4), ("H", 4), ("HH", 6)):
        assert stored[kind] == pytest.approx(mean + multiple * deviation, rel=1e-4)
    assert np.all(fault_free > [one.mean - 6 * one.deviation for one in statistics]), "no false level-1 alarm"
    assert np.all(fault_free < [one.mean + 6 * one.deviation for one in statistics])
    assert machine_statistics()[0].samples == 7 * 288


def test_the_measurements_are_the_simulator_s_22_and_the_machine_s_one() -> None:
    assert [one.tag for one in TENNESSEE_EASTMAN] == [f"XMEAS-{number:02d}" for number in range(1, 23)]
    assert len(MACHINE) == 1 and MACHINE[0].unit == ""
    assert {plant.source for plant in PLANTS} == {"demo-tep", "demo-nab"}
