"""Starts that are cut off, killed, refused: the next one cleans up and goes on, or says what to do."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.system.console import Terminal, anlan, shell, started

from anlan.server.supervisor.folders import data_folder
from anlan.server.supervisor.ports import free_port

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts and other users need root")


@pytest.mark.long
def test_two_systems_live_side_by_side_and_one_survives_kill_9(folder: Path) -> None:
    with started(folder / "first", "--no-demo") as first, started(folder / "second", "--no-demo") as second:
        for terminal in (first, second):
            terminal.wait_until_ready()
        assert first.port != second.port
        made = second.told["started_at"]
        second.kill()
        # at once, while what it left is still ending, and by another way to the same folder
        (folder / "alias").symlink_to(folder / "second")
        with started(folder / "alias", "--no-demo") as third:
            third.wait_until_ready()
            assert third.told["started_at"] != made
            assert third.wait_until_healthy()["processes"]["postgres"]["restarts"] == 0
            untouched = first.wait_until_healthy()["processes"].values()
            assert {process["restarts"] for process in untouched} == {0}
            assert third.press_ctrl_c() == 0
            assert third.words.rstrip().endswith("Stopped")
        assert third.left() == []


@pytest.mark.long
def test_a_set_up_killed_at_any_step_is_finished_by_the_next(folder: Path) -> None:
    data = folder / "data"
    for step in ("Database and broker", "Database migrations", "Demonstration data"):
        with started(data, "--setup") as cut_off:
            cut_off.wait_for_words(step)
            time.sleep(0.5)
            cut_off.kill()
    done = anlan("start", "--setup", "--data", str(data), timeout_s=240)
    assert done.returncode == 0, done.stderr
    assert "Set up" in done.stderr
    assert (data / "demo" / "loaded").exists()
    assert len((data / "demo" / "logins.txt").read_text().splitlines()) == 5
    assert anlan("status", "--data", str(data)).returncode == 3
    assert Terminal(data, folder / "none", cut_off.process).left() == []


def test_ctrl_c_while_it_starts_is_no_failure(folder: Path) -> None:
    with started(folder / "data", "--no-demo") as terminal:
        terminal.wait_for_words("Database and broker")
        assert terminal.press_ctrl_c() == 0
        assert "interrupted" in terminal.words and "failed" not in terminal.words
        assert terminal.left() == []


@as_root
@pytest.mark.root
def test_roots_checkout_in_a_private_home_keeps_its_data_where_the_database_may_go(folder: Path) -> None:
    private = folder / "home" / "anlan"
    private.mkdir(parents=True)
    (folder / "home").chmod(0o700)
    moved = data_folder(None, private)
    assert moved.parent == Path("/var/lib/anlan")
    assert moved != data_folder(None, folder / "home" / "another"), "two checkouts, two folders"
    (folder / "home").chmod(0o711)
    assert data_folder(None, private) == private / ".anlan"


@as_root
@pytest.mark.root
def test_a_small_disk_is_refused_in_figures_before_anything_is_made(folder: Path) -> None:
    with small_disk(folder / "disk", 64) as disk:
        refused = anlan("start", "--data", str(disk / "data"), "--port", str(free_port()))
        assert refused.returncode == 1
        assert "MB are free" in refused.stderr and "--data" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not (disk / "data" / "postgres").exists()


@as_root
@pytest.mark.root
def test_a_disk_without_a_byte_left_is_told_as_such(folder: Path) -> None:
    with small_disk(folder / "disk", 8) as disk:
        with (disk / "ballast").open("wb") as ballast, pytest.raises(OSError, match="No space"):
            while True:
                ballast.write(bytes(65536))
                ballast.flush()
        full = anlan("start", "--data", str(disk / "data"), "--port", str(free_port()))
    assert full.returncode == 1
    assert "disk" in full.stderr and "Traceback" not in full.stderr


@as_root
@pytest.mark.root
def test_a_folder_that_may_not_be_written_is_told_as_such(folder: Path) -> None:
    with small_disk(folder / "disk", 300) as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        refused = anlan("start", "--data", str(disk / "data"), "--port", str(free_port()))
    assert refused.returncode == 1
    assert f"{disk / 'data'} cannot be used" in refused.stderr and "--data" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_in_the_place_of_the_folder_is_told_as_such(folder: Path) -> None:
    (folder / "data").write_text("a file")
    refused = anlan("start", "--data", str(folder / "data"), "--port", str(free_port()))
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("--port", "70000"), {}, "70000"),
        (("--host", "192.0.2.1", "--port", "8600"), {}, "Cannot listen on 192.0.2.1:8600"),
        ((), {"DATABASE_URL": "postgresql://anlan_app@/anlan"}, "DATABASE_OWNER_URL and DATABASE_URL"),
        ((), {"ANLAN_MQTT_LISTEN": "everywhere"}, "Write HOST:PORT"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    refused = anlan("start", "--data", str(folder / "data"), *arguments, env=shell(**environment))
    assert refused.returncode != 0
    assert said in refused.stderr and "Traceback" not in refused.stderr
    assert not (folder / "data" / "postgres").exists()


def test_words_are_chinese_where_the_shell_is(folder: Path) -> None:
    (folder / "data").write_text("a file")
    refused = anlan("start", "--data", str(folder / "data"), env=shell(ANLAN_LANG="zh"))
    assert "无法使用" in refused.stderr


@contextmanager
def small_disk(mount: Path, mebibytes: int) -> Iterator[Path]:
    """A disk of its own that size, in memory."""
    mount.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0711", "tmpfs", str(mount)], check=True
    )
    try:
        yield mount
    finally:
        subprocess.run(["umount", str(mount)], check=True)
