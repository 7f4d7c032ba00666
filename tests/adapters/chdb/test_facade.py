"""The embedded history as its official client, a stranger and a second owner see it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import clickhouse_connect
import httpx
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from anlan.adapters.chdb import facade as facade_module
from anlan.adapters.chdb.engine import HistoryInUse
from anlan.adapters.chdb.facade import Facade

PASSWORD = "s3cret"


@pytest.fixture(scope="module")
def facade(tmp_path_factory):
    with Facade(tmp_path_factory.mktemp("history") / "chdb", "127.0.0.1", 0, "anlan", PASSWORD) as running:
        yield running


@pytest.fixture
def client(facade):
    made = clickhouse_connect.get_client(dsn=facade.url, dedicated_pool=True)
    yield made
    made.close()


@pytest.fixture
def table(client):
    client.command("CREATE TABLE t (a UInt32, name String) ENGINE = MergeTree ORDER BY a")
    yield "t"
    client.command("DROP TABLE t")


def test_the_official_client_writes_and_reads(client, table):
    client.insert(table, [[1, "安澜"], [2, "a'b\n\\"]], column_names=["a", "name"])
    summary = client.insert_arrow(table, pa.table({"a": pa.array([3], pa.uint32()), "name": ["third"]}))
    assert summary.written_rows == 1
    assert client.query("SELECT * FROM t ORDER BY a").result_rows == [
        (1, "安澜"), (2, "a'b\n\\"), (3, "third"),
    ]  # fmt: skip
    assert client.query_arrow("SELECT a FROM t ORDER BY a").to_pydict() == {"a": [1, 2, 3]}
    bound = client.query("SELECT name FROM t WHERE name = {n:String}", parameters={"n": "a'b\n\\"})
    assert bound.row_count == 1


@pytest.mark.parametrize("packing", [False, "lz4", "gzip"])
def test_inserts_may_travel_packed(facade, client, table, packing):
    packed = clickhouse_connect.get_client(dsn=facade.url, compress=packing, dedicated_pool=True)
    packed.insert(table, [[n, "x" * 50] for n in range(5000)], column_names=["a", "name"])
    packed.close()
    assert client.command("SELECT count(), sum(a) FROM t") == ["5000", str(sum(range(5000)))]


def test_a_setting_or_database_of_one_request_does_not_reach_the_next(client):
    read = "SELECT getSetting('max_threads'), currentDatabase()"
    assert client.query(read, settings={"max_threads": 1, "database": "system"}).result_rows == [
        (1, "system")
    ]
    assert client.query(read).result_rows == [(2, "anlan")]


def test_many_threads_share_one_client(facade, table):
    client = clickhouse_connect.get_client(dsn=facade.url, autogenerate_session_id=False, dedicated_pool=True)

    def write_and_count(number):
        client.insert(table, [[number, "x"]], column_names=["a", "name"])
        return client.query("SELECT sum(number) FROM numbers(100000)").first_row[0]

    with ThreadPoolExecutor(16) as threads:
        sums = set(threads.map(write_and_count, range(48)))
    assert sums == {4999950000}
    assert client.command("SELECT count() FROM t") == 48
    client.close()


def test_an_error_carries_clickhouse_code_and_leaves_the_connection_usable(client):
    with pytest.raises(DatabaseError) as refused:
        client.query("SELECT * FROM nowhere")
    assert refused.value.code == 60
    with pytest.raises(DatabaseError) as refused:
        client.query("SELECT 1", settings={"no_such_setting": 1})
    assert refused.value.code == 115
    assert client.command("SELECT 1") == 1


def test_an_insert_of_damaged_rows_stores_nothing(facade, client, table):
    answer = httpx.post(facade.url, params={"query": "INSERT INTO t FORMAT Arrow"}, content=b"rubbish")
    assert answer.status_code == 500
    assert int(answer.headers["X-ClickHouse-Exception-Code"]) > 0
    assert client.command("SELECT count() FROM t") == 0


def test_strangers_are_refused(facade):
    stranger = facade.url.replace(f"anlan:{PASSWORD}@", "")
    assert httpx.get(stranger + "?query=SELECT+1").status_code == 403
    assert httpx.post(stranger, content="SELECT 1", auth=("anlan", "wrong")).status_code == 403
    assert httpx.get(stranger.rsplit("/", 1)[0] + "/ping").text == "Ok.\n"


def test_an_oversized_body_is_refused_before_it_is_read(facade, monkeypatch):
    monkeypatch.setattr(facade_module, "MAX_BODY_BYTES", 1000)
    assert httpx.post(facade.url, content=b"x" * 1001).status_code == 413

    def chunks():
        yield b"x" * 600
        yield b"x" * 600

    assert httpx.post(facade.url, content=chunks()).status_code == 413


def test_a_path_has_one_owner_and_the_error_names_it(facade, tmp_path):
    second = Facade(facade._path, "127.0.0.1", 0, "anlan", PASSWORD)
    with pytest.raises(HistoryInUse) as refused:
        second.start()
    assert refused.value.facts["pid"] == str(os.getpid())


@pytest.mark.parametrize(
    ("host", "user", "password"),
    [
        ("0.0.0.0", "anlan", "x"),  # noqa: S104
        ("192.0.2.1", "anlan", "x"),
        ("127.0.0.1", "anlan", ""),
        ("127.0.0.1", "", "x"),
    ],
)
def test_it_serves_this_machine_only_and_never_without_credentials(tmp_path, host, user, password):
    with pytest.raises(ValueError, match="history"):
        Facade(tmp_path, host, 0, user, password)


def test_the_process_of_the_history_does_without_pyarrow():
    """Some 25 MB that only answers as Arrow tables would need."""
    wanted = (
        "import anlan.adapters.chdb.facade, anlan.adapters.clickhouse.historian, anlan.stream.historian, sys"
    )
    asked = f"{wanted}; print('chdb' in sys.modules, 'pyarrow' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "False"]
