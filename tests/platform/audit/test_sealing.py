"""The chain over audit rows: sealed in commit-safe order, and every way of tampering with it named."""

import argparse
import json
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.people import LINGWU, as_service, new_principal
from tests.platform.audit.conftest import Rows

from anlan.kernel.errors import Forbidden
from anlan.platform.audit.sealing import seal_once
from anlan.platform.audit.verification import Fault, Head, Report, verify
from anlan.platform.commands import acting_as, read_scope


def verified(*kept: Head) -> Report:
    with as_service("console"), read_scope():
        return verify(kept)


def faults(report: Report) -> set[tuple[Fault, int, int]]:
    return {(finding.fault, finding.position, finding.row) for finding in report.findings}


@pytest.fixture
def sealed(enterprise: UUID, superuser: psycopg.Connection) -> list[int]:
    """A chain of six rows and more; the ids of its rows in order."""
    from anlan.domains.monitoring.enterprises.services import update_enterprise

    with as_service("demo"):
        for version in range(1, 6):
            update_enterprise(enterprise, version=version, changes={"name": f"第{version}次改名"})
    assert seal_once() > 5
    assert seal_once() == 0
    return [row for (row,) in superuser.execute('SELECT "row" FROM audit_seal ORDER BY position')]


def test_a_whole_chain_is_found_whole_and_its_head_can_be_kept_elsewhere(sealed: list[int]) -> None:
    report = verified()
    assert report.intact and report.unsealed == []
    assert report.sealed == report.head.position == len(sealed)
    assert verified(report.head).intact


def test_rows_that_no_sealer_has_reached_are_named(sealed: list[int], enterprise: UUID, rows: Rows) -> None:
    from anlan.domains.monitoring.enterprises.services import update_enterprise

    with as_service("demo"):
        update_enterprise(enterprise, version=6, changes={"name": "又改名"})
    report = verified()
    assert report.intact
    assert report.unsealed == [rows()[-1]["id"]] and report.overdue == []
    seal_once()
    assert verified().unsealed == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('UPDATE audit_row SET after = \'{"name": "没改过"}\' WHERE id = %(row)s', {(Fault.ALTERED, 3, 2)}),
        ("UPDATE audit_row SET principal = 'service:relay' WHERE id = %(row)s", {(Fault.ALTERED, 3, 2)}),
        (
            "UPDATE audit_row SET at = at + interval '1 microsecond' WHERE id = %(row)s",
            {(Fault.ALTERED, 3, 2)},
        ),
        ("UPDATE audit_row SET zone = 'ningdong' WHERE id = %(row)s", {(Fault.ALTERED, 3, 2)}),
        ("DELETE FROM audit_row WHERE id = %(row)s", {(Fault.ROW_MISSING, 3, 2)}),
        (
            'DELETE FROM audit_seal WHERE "row" = %(row)s',
            {(Fault.LINK_MISSING, 3, None), (Fault.ALTERED, 4, 3), (Fault.SLIPPED_IN, 0, 2)},
        ),
        (
            "UPDATE audit_seal SET sha256 = sha256('guess') WHERE \"row\" = %(row)s",
            {(Fault.ALTERED, 3, 2), (Fault.ALTERED, 4, 3)},
        ),
    ],
)
def test_tampering_is_named_by_place_and_row(
    sealed: list[int], superuser: psycopg.Connection, change: str, expected: set[Any]
) -> None:
    """*expected* holds positions and, by their place in the chain, the rows."""
    superuser.execute(change, {"row": sealed[2]})  # type: ignore[call-overload]
    named = {(fault, place, 0 if index is None else sealed[index]) for fault, place, index in expected}
    assert faults(verified()) == named


def test_two_rows_that_changed_places_are_named(sealed: list[int], superuser: psycopg.Connection) -> None:
    """Even when every link was computed anew afterwards."""
    superuser.execute('UPDATE audit_seal SET "row" = -1 WHERE position = 3')
    superuser.execute('UPDATE audit_seal SET "row" = %s, xid = x.xid FROM audit_row x'
                      ' WHERE position = 4 AND x.id = %s', [sealed[2], sealed[2]])  # fmt: skip
    superuser.execute('UPDATE audit_seal SET "row" = %s, xid = x.xid FROM audit_row x'
                      ' WHERE position = 3 AND x.id = %s', [sealed[3], sealed[3]])  # fmt: skip
    link_anew(superuser)
    assert {(fault, place) for fault, place, _ in faults(verified())} == {(Fault.REORDERED, 4)}


def test_a_row_slipped_in_behind_the_chain_is_named(
    sealed: list[int], superuser: psycopg.Connection, rows: Rows
) -> None:
    first = rows()[0]
    (slipped,) = superuser.execute(
        "INSERT INTO audit_row (xid, at, table_name, operation, database_role)"
        " VALUES (%s, now(), 'alarms_alarm', 'delete', 'anlan_app') RETURNING id",
        [first["xid"]],
    ).fetchone()
    assert faults(verified()) == {(Fault.SLIPPED_IN, 0, slipped)}


def test_an_end_cut_off_and_a_chain_computed_anew_are_caught_by_a_head_kept_elsewhere(
    sealed: list[int], superuser: psycopg.Connection
) -> None:
    kept = verified().head
    superuser.execute("DELETE FROM audit_row WHERE id = %s", [sealed[-1]])
    superuser.execute("DELETE FROM audit_seal WHERE position = %s", [kept.position])
    assert verified().intact, "inside the database nothing shows it"
    assert faults(verified(kept)) == {(Fault.HEAD_DIFFERS, kept.position, 0)}
    superuser.execute("UPDATE audit_row SET principal = 'service:relay'")
    link_anew(superuser)
    now = verified().head
    assert verified().intact
    assert faults(verified(Head(now.position, "00" * 32))) == {
        (Fault.HEAD_DIFFERS, now.position, sealed[now.position - 1])
    }


def link_anew(superuser: psycopg.Connection) -> None:
    """What somebody with every right would do to hide a change."""
    superuser.execute(
        """DO $$ DECLARE s record; link bytea := ''; BEGIN
             FOR s IN SELECT a.position, r.* FROM audit_seal a JOIN audit_row r ON r.id = a."row" ORDER BY 1 LOOP
               SELECT audit.link(link, audit.canonical(r)) INTO link FROM audit_row r WHERE r.id = s.id;
               UPDATE audit_seal SET sha256 = link WHERE position = s.position;
             END LOOP; END $$"""
    )


# -- order of commits ------------------------------------------------------------------------------


def test_a_transaction_that_commits_late_is_neither_skipped_nor_slipped_in(
    enterprise: UUID, db: Any, rows: Rows
) -> None:
    """It got its number first: what came after it waits until it has ended."""
    seal_once()
    with psycopg.connect(db.admin_url, dbname="anlan_test") as slow:
        slow.execute("UPDATE enterprises_enterprise SET name = '慢事务'")
        with psycopg.connect(db.admin_url, dbname="anlan_test", autocommit=True) as quick:
            quick.execute("UPDATE identity_role SET zh = '快事务' WHERE code = 'team'")
        assert seal_once() == 0, "sealing the quick one now would leave the slow one behind the chain"
        late = rows(table_name="identity_role")[-1]["id"]
        assert verified().unsealed == [late]
        slow.commit()
    assert seal_once() == 2
    report = verified()
    assert report.intact and report.unsealed == []


def test_sealers_side_by_side_make_one_chain(sealed: list[int], superuser: psycopg.Connection) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    superuser.execute("UPDATE identity_role SET zh = zh || '。'")

    def work(_: int) -> int:
        try:
            return seal_once(3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(12))) == 27
    assert verified().intact


def test_the_chain_is_verified_only_by_those_who_see_all_of_it(sealed: list[int]) -> None:
    with acting_as(new_principal("audit_admin", LINGWU)), read_scope(), pytest.raises(Forbidden):
        verify()
    with acting_as(new_principal("audit_admin", "640000")), read_scope():
        assert verify().sealed == len(sealed)


# -- the command line --------------------------------------------------------------------------------


def command(*, head: tuple[str, ...] = (), as_json: bool = True) -> int:
    from anlan.server.cli.audit import run

    return run(argparse.Namespace(data=None, json=as_json, head=list(head)))


def test_the_command_s_exit_status_and_words(
    sealed: list[int], superuser: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == 0
    said = json.loads(capsys.readouterr().out)
    assert said["intact"] and said["head"]["position"] == len(sealed)
    kept = f"{said['head']['position']}:{said['head']['sha256']}"
    assert command(head=(kept,), as_json=False) == 0
    assert kept in capsys.readouterr().out
    superuser.execute("UPDATE identity_role SET zh = '待封存' WHERE code = 'team'")
    assert command() == 0
    superuser.execute("UPDATE audit_row SET at = at - interval '2 minutes' WHERE id > %s", [max(sealed)])
    capsys.readouterr()
    assert command() == 3, "nobody seals"
    assert len(json.loads(capsys.readouterr().out)["overdue"]) == 1
    assert command(head=(f"{len(sealed)}:{'00' * 32}",)) == 1
    superuser.execute("DELETE FROM audit_row WHERE id = %s", [sealed[1]])
    capsys.readouterr()
    assert command(as_json=False) == 1
    assert f"  2 {sealed[1]} " in capsys.readouterr().out
