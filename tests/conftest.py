"""A real PostgreSQL for the tests, met as the application role, with real commits.

One server per test process (and so per xdist worker), started when the first
test asks for `db`. Migrations run once, as the owner, into a template; each
test that asks for `db` gets a fresh copy of it.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from tempfile import mkdtemp

import django
import psycopg
import pytest
from hypothesis import settings

from anlan.server.supervisor.compiled import SHARED, compiled_folder
from anlan.server.supervisor.postgres import APP_ROLE, OWNER_ROLE, EmbeddedPostgres

# Engines compile on their first call: a deadline for an example would measure the compiler. CI says of a commit what
# it says of it again; new examples are looked for where somebody looks at them.
settings.register_profile("anlan", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("anlan")

TEST_DATABASE = "anlan_test"
_TEMPLATE = "anlan_template"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", type=int, default=3, help="how often each process is killed (tests/faults)")


def _scratch() -> str:
    """Where the tests' database lies: in memory where there is room, since a copy of it is a thousand small files."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3:
        return str(memory)
    return "/tmp"  # noqa: S108


def pytest_configure(config: pytest.Config) -> None:
    folder = Path(mkdtemp(prefix="anlan-tests-", dir=_scratch()))
    folder.chmod(0o711)
    config.stash[_FOLDER] = folder
    server = EmbeddedPostgres(folder / "data", folder / "run", durable=False)
    config.stash[_SERVER] = server
    # each kernel is compiled once for all tests, and for all systems that they start
    os.environ.setdefault(SHARED, str(Path(__file__).resolve().parents[1] / ".compiled"))
    os.environ["NUMBA_CACHE_DIR"] = str(compiled_folder(Path(os.environ[SHARED])))
    os.environ.update(
        ANLAN_DATA=str(folder / "data"),
        ANLAN_RUN=str(folder / "run"),
        ANLAN_SECRET_KEY="tests only: sessions",
        ANLAN_SCOPE_SECRET="tests only: scope tokens",
        DATABASE_URL=server.url(APP_ROLE, TEST_DATABASE),
        DATABASE_OWNER_URL=server.url(OWNER_ROLE, TEST_DATABASE),
        DJANGO_SETTINGS_MODULE="anlan.server.settings",
    )
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FOLDER in config.stash:
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What needs root is told as not run on a person's machine without it; in CI that is a failure."""
    report = yield
    if report.skipped and item.get_closest_marker("root") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"left out in CI: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have proven with figures (the property ``proof``), whether they passed or failed."""
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    proofs = [str(told) for report in reports for name, told in report.user_properties if name == "proof"]
    if proofs:
        terminalreporter.section("proofs")
        for proof in proofs:
            terminalreporter.write_line(proof)


_FOLDER = pytest.StashKey[Path]()
_SERVER = pytest.StashKey[EmbeddedPostgres]()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    """The running server, with the migrated template database."""
    from django.core.management import call_command

    server = request.config.stash[_SERVER]
    with server:
        _admin(server, f"CREATE DATABASE {TEST_DATABASE} OWNER {OWNER_ROLE}")
        call_command("migrate", database="owner", verbosity=0)
        _disconnect()
        _admin(server, f"ALTER DATABASE {TEST_DATABASE} RENAME TO {_TEMPLATE}")
        yield server


@pytest.fixture
def db(postgres: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """A fresh, migrated database behind Django's `default` connection."""
    from anlan.platform.identity.principals import forget_cached_principals

    _admin(
        postgres,
        f"CREATE DATABASE {TEST_DATABASE} TEMPLATE {_TEMPLATE} OWNER {OWNER_ROLE} STRATEGY file_copy",
    )
    forget_cached_principals()
    yield postgres
    _disconnect()
    _admin(postgres, f"DROP DATABASE {TEST_DATABASE} WITH (FORCE)")


@pytest.fixture
def owner(db: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    """A connection as the tables' owner: who tampers, and who must be bound all the same."""
    with psycopg.connect(db.url(OWNER_ROLE, TEST_DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(db: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    """A connection that no rule binds: to see what is really stored."""
    with psycopg.connect(db.admin_url, dbname=TEST_DATABASE, autocommit=True) as connection:
        yield connection


@pytest.fixture
def application(db: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    """A bare connection as the application role: what an injected statement would have."""
    with psycopg.connect(db.url(APP_ROLE, TEST_DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def signed_in(db: EmbeddedPostgres) -> Callable[..., "object"]:
    """``signed_in(role, region)`` or ``signed_in(role, zone=...)``: the principal of a new user with that grant."""
    from tests.people import new_principal

    return new_principal


def _admin(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(statement)


def _disconnect() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close_pool()
