"""An enterprise to change, and a look at what the audit says of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.people import LINGWU, as_service

Rows = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def enterprise(db: Any) -> UUID:
    from anlan.domains.monitoring.enterprises.credit_code import check_digit
    from anlan.domains.monitoring.enterprises.services import create_enterprise
    from anlan.domains.monitoring.enterprises.states import EnterpriseKind

    body = "91640181MA0000001"
    with as_service("demo"):
        made = create_enterprise(
            code=body + check_digit(body), name="宁东某化工", region=LINGWU, kind=EnterpriseKind.HAZCHEM
        )
    return made.id


@pytest.fixture
def rows(superuser: psycopg.Connection) -> Rows:
    """``rows(table_name=…)``: audit rows in order, as dictionaries."""

    def read(**wanted: Any) -> list[dict[str, Any]]:
        cursor = superuser.execute("SELECT * FROM audit_row ORDER BY id")
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [row for row in found if all(row[name] == value for name, value in wanted.items())]

    return read
