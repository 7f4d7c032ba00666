"""The tables, on one machine and on a cluster, word for word."""

from pathlib import Path

import pytest

from anlan.adapters.clickhouse import Layout, statements
from anlan.adapters.clickhouse.schema import expiry, insert_settings, upgrades
from anlan.ports.history import Resolution, Retention

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("cluster", [None, "ningxia"])
def test_the_tables_are_those_on_record(cluster):
    record = GOLDEN / ("cluster.sql" if cluster else "embedded.sql")
    layout = Layout("anlan", cluster)
    rules = expiry(layout, Retention({Resolution.READING: 90, Resolution.MINUTE: 730, Resolution.DAY: 0}))
    made = [*statements(layout), *upgrades(layout), *(statement for _, statement in rules.values())]
    assert ";\n\n".join(made) + ";\n" == record.read_text("utf-8")


def test_clickhouse_itself_can_read_the_cluster_tables(client):
    layout = Layout("anlan", "ningxia")
    for statement in (*statements(layout), *upgrades(layout)):
        assert str(client.command("EXPLAIN AST " + statement)).startswith(("CreateQuery", "AlterQuery"))


def test_a_cluster_answers_an_insert_only_when_a_majority_has_it():
    settings = insert_settings(Layout("anlan", "ningxia"))
    assert settings["insert_quorum"] == "auto"
    assert settings["distributed_foreground_insert"] == 1


@pytest.mark.parametrize("name", ["a'b", "a b", "1a", "", "a;DROP"])
def test_names_that_could_leave_their_quotes_are_refused(name):
    with pytest.raises(ValueError, match="plain name"):
        Layout("anlan", name)
    with pytest.raises(ValueError, match="plain name"):
        Layout(name)
