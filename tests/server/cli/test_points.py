"""A gateway's list of points out of a file: every fault of it named by its line, and nothing recorded with one."""

import pytest

from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.errors import Invalid
from anlan.server.cli.points import read_points

HEAD = "tag,name,unit,kind,sampling_s,range_low,range_high"


def listed(tmp_path, *rows: str, head: str = HEAD):
    file = tmp_path / "points.csv"
    file.write_text("\n".join([head, *rows]), "utf-8-sig")
    return read_points(file)


def test_a_list_from_a_spreadsheet_is_read(tmp_path) -> None:
    first, second = listed(tmp_path, "TI-1,罐温,°C,temperature,1,-50,250", "PI-1,,kPa,pressure,0.5,,")
    assert (first.tag, first.name, first.kind, first.range_high) == (
        "TI-1",
        "罐温",
        PointKind.TEMPERATURE,
        250.0,
    )
    assert (second.name, second.sampling_s, second.range_low) == ("PI-1", 0.5, None)


def test_every_fault_is_named_by_its_line(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ANLAN_LANG", "en")
    rows = ("TI-1,a,°C,temperature,1,,", "TI-1,a,°C,temperature,1,,", ",a,psi,heat,often,low,")
    with pytest.raises(Invalid) as refused:
        listed(tmp_path, *rows)
    told = [str(words) for words in refused.value.facts.values()]
    assert [words.partition(":")[0] for words in told] == ["line 3", *["line 4"] * 5]
    assert "unknown unit 'psi'" in told[2] and "sampling_s 'often' is no number" in told[4]


def test_a_file_without_the_columns_is_refused(tmp_path) -> None:
    with pytest.raises(Invalid) as refused:
        listed(tmp_path, "TI-1", head="tag")
    assert "name, unit, kind, sampling_s" in str(refused.value.facts)
