"""The suite of rows as it is printed and written."""

import json

from anlan.science.cascade.validation import cases


def test_every_gating_row_passes_and_can_be_written() -> None:
    rows = list(cases())
    json.dumps([row.as_json() for row in rows], allow_nan=False)
    assert [row.case for row in rows if row.gates and not row.passed] == []
    assert len({row.case for row in rows}) == len(rows)
    assert all(row.source for row in rows)
