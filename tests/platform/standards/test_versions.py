"""Tables of standards: an edit makes a new version, and what was computed before stays as it was."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from anlan.kernel.clock import FixedClock, use_clock
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.text import Text
from anlan.kernel.validation import Certainty
from anlan.platform.commands import acting_as, read_scope, service_principal, transaction_as

TABLE = "test_critical_quantities"


@pytest.fixture
def table(db):
    """A table of two rows, in force since 2019-03-01."""
    from anlan.platform.standards.declaration import StandardTable, TableColumn, TableRow
    from anlan.platform.standards.models import Table
    from anlan.platform.standards.services import store_version

    declared = StandardTable(
        code=TABLE,
        title=Text("临界量", "Critical quantities"),
        basis="GB 18218-2018",
        columns=(
            TableColumn("critical_t", Text("临界量", "critical quantity"), unit="t"),
            TableColumn("name", Text("名称", "name"), kind="text", required=False),
        ),
        effective_from=date(2019, 3, 1),
        first=lambda: [
            TableRow("7664-41-7", {"critical_t": 10.0, "name": "氨"}, "表1 序号1", Certainty.SURE),
            TableRow("7782-50-5", {"critical_t": 5.0, "name": "氯"}, "表1", Certainty.PROBABLE),
        ],
    )
    with transaction_as(service_principal("console")):
        made = Table.objects.create(
            code=TABLE,
            zh="临界量",
            en="Critical quantities",
            basis=declared.basis,
            columns=[
                {
                    "name": c.name,
                    "title": c.title._asdict(),
                    "kind": c.kind,
                    "unit": c.unit,
                    "required": c.required,
                }
                for c in declared.columns
            ],
        )
        store_version(made, 1, declared.effective_from, list(declared.first()), source=declared.basis)


def publish(changes, *, effective_from=date(2026, 12, 1), based_on=1, by="console"):
    from anlan.platform.standards.services import publish_version

    with acting_as(service_principal(by)):
        return publish_version(
            TABLE, based_on=based_on, effective_from=effective_from, changes=changes, source="修订单 2026-1"
        )


def ammonia_at(moment):
    from anlan.platform.standards.queries import table_in_force

    with acting_as(service_principal("console")), read_scope():
        version = table_in_force(TABLE, moment)
        return version.number, version.number_of("7664-41-7", "critical_t")


def change(value, key="7664-41-7"):
    from anlan.platform.standards.services import RowChange

    return RowChange(key, {"critical_t": value})


def test_an_edit_holds_from_its_day_on_and_not_before(table):
    publish([change(8.0)])
    assert ammonia_at(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == (1, 10.0)
    assert ammonia_at(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == (2, 8.0), "midnight in China"


def test_before_its_first_day_a_table_is_not_in_force(table):
    with pytest.raises(NotFound, match=r"2019-02-28"):
        ammonia_at(datetime(2019, 2, 28, tzinfo=UTC))


def test_the_difference_names_rows_and_columns(table):
    from anlan.platform.standards.queries import version_differences
    from anlan.platform.standards.services import RowChange

    publish(
        [
            change(8.0),
            RowChange("7782-50-5", remove=True),
            RowChange("75-44-5", {"critical_t": 0.3, "name": "光气"}, clause="表1", certainty=Certainty.SURE),
        ]
    )
    with acting_as(service_principal("console")), read_scope():
        found = {one.key: one for one in version_differences(TABLE, 1, 2)}
    assert found["7664-41-7"].columns == ("critical_t",)
    assert found["7664-41-7"].after.values["name"] == "氨", "what was not named stays"
    assert found["7782-50-5"].after is None and found["75-44-5"].before is None


def test_nobody_publishes_over_an_edition_that_he_has_not_seen(table):
    publish([change(8.0)])
    with pytest.raises(Conflict, match="newer version"):
        publish([change(9.0)], based_on=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (lambda: [change("eight")], "changes.0.values.critical_t"),
        (lambda: [change(None)], "changes.0.values.critical_t"),
        (lambda: [_column("weight", 1.0)], "changes.0.values.weight"),
        (lambda: [_removal("no-such-row")], "changes.0.key"),
    ],
)
def test_a_wrong_edit_is_refused_at_its_field_and_nothing_changes(table, changes, field):
    with pytest.raises(Invalid) as refused:
        publish(changes())
    assert [name for name, _ in refused.value.errors] == [field]
    assert ammonia_at(datetime(2027, 1, 1, tzinfo=UTC)) == (1, 10.0)


def _column(name, value):
    from anlan.platform.standards.services import RowChange

    return RowChange("7664-41-7", {name: value})


def _removal(key):
    from anlan.platform.standards.services import RowChange

    return RowChange(key, remove=True)


def test_an_edit_that_changes_nothing_is_refused(table):
    with pytest.raises(Conflict, match="Nothing would change"):
        publish([change(10.0)])


def test_who_may_only_read_cannot_publish(table):
    with pytest.raises(Forbidden):
        publish([change(8.0)], by="evaluator")


def test_a_published_row_cannot_be_changed_by_the_application(table, application: psycopg.Connection):
    """Not even by a statement that slipped in."""
    for statement in (
        "UPDATE standards_row SET values = '{}'",
        "DELETE FROM standards_row",
        "UPDATE standards_version SET number = 7",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)


def test_a_service_records_the_version_that_it_used(table):
    from anlan.platform.commands.models import Command
    from anlan.platform.standards.queries import table_in_force

    publish([change(8.0)], effective_from=date(2026, 1, 1))
    with acting_as(service_principal("console")), read_scope():
        command = Command.objects.get(verb="standards.publish")
        assert command.versions == {TABLE: 2}
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    with use_clock(FixedClock(moment)), acting_as(service_principal("console")), read_scope():
        assert table_in_force(TABLE).number == 2, "the clock in force decides"


def test_a_row_that_is_not_sure_asks_for_confirmation(table):
    from anlan.platform.standards.queries import table_version

    with acting_as(service_principal("console")), read_scope():
        version = table_version(TABLE, 1)
    assert not version.row("7664-41-7").needs_confirmation
    assert version.row("7782-50-5").needs_confirmation
    with pytest.raises(NotFound) as missing:
        version.row("50-00-0")
    assert missing.value.facts == {"table": TABLE, "version": 1, "key": "50-00-0"}
