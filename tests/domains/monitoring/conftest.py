"""The real store of history, for the apps that read from it."""

from collections.abc import Iterator

import pytest

from anlan.adapters.chdb.facade import Facade
from anlan.adapters.clickhouse import ClickHouseHistorian


@pytest.fixture(scope="module")
def facade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facade]:
    with Facade(tmp_path_factory.mktemp("history") / "chdb", "127.0.0.1", 0, "anlan", "s3cret") as made:
        yield made


@pytest.fixture
def store(facade: Facade) -> Iterator[ClickHouseHistorian]:
    """An empty store, in use while the test runs: each test's database numbers its points from one again."""
    from anlan.domains.monitoring.points import history

    made = ClickHouseHistorian(facade.url)
    made.prepare()
    with made._server() as client:
        client.command("TRUNCATE TABLE readings")
    history.use(made)
    yield made
    history.use(None)
