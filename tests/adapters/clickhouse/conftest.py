"""A history of its own for each test: the façade's database, emptied."""

import clickhouse_connect
import pytest

from anlan.adapters.chdb.facade import Facade
from anlan.adapters.clickhouse import ClickHouseHistorian


@pytest.fixture(scope="module")
def facade(tmp_path_factory):
    with Facade(tmp_path_factory.mktemp("history") / "chdb", "127.0.0.1", 0, "anlan", "s3cret") as running:
        yield running


@pytest.fixture
def client(facade):
    made = clickhouse_connect.get_client(dsn=facade.url, dedicated_pool=True)
    yield made
    made.close()


@pytest.fixture
def historian(facade, client):
    made = ClickHouseHistorian(facade.url)
    made.prepare()
    filled = "SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0"
    for (table,) in client.query(filled).result_rows:
        client.command("TRUNCATE TABLE {table:Identifier}", parameters={"table": table})
    return made
