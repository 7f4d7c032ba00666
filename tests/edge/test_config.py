"""A configuration is run as it stands, or every fault of it is named with its place, in both languages."""

from pathlib import Path

import pytest

from anlan.edge.core.config import BadConfig, read_config, warnings
from anlan.edge.core.spool import WhenFull

GOOD = """
source = "plant-7"
door = "https://anlan.example/ingest"

[spool]
folder = "kept"
max_age_h = 96
when_full = "refuse"

[[opcua]]
name = "DCS"
url = "opc.tcp://10.0.0.5:4840"
  [[opcua.points]]
  node = "ns=2;s=TI-101"
  tag = "TI-101"
  unit = "°C"

[[modbus]]
name = "PLC"
host = "10.0.0.20"
  [[modbus.points]]
  register = 0
  type = "float32"
  order = "CDAB"
  tag = "PI-101"
  unit = "kPa"
  device_unit = "MPa"
  range = [0, 1600]

[[hj212]]
name = "air"
port = 8212
  [[hj212.devices]]
  mn = "010000A8900016F000169DC0"
    [[hj212.devices.points]]
    factor = "w01018-Rtd"
    tag = "COD"
    unit = "mg/L"

[[sl651]]
name = "rivers"
port = 8651
  [[sl651.stations]]
  address = "0012345678"
    [[sl651.stations.points]]
    element = "39"
    tag = "stage"
    unit = "m"
"""
KEYS = {"ANLAN_GATEWAY_KEY": "secret"}


def config(folder: Path, text: str = GOOD, **environment: str):
    file = folder / "collect.toml"
    file.write_text(text)
    return read_config(file, {**KEYS, **environment})


def faults(folder: Path, text: str, **environment: str) -> dict[str, str]:
    with pytest.raises(BadConfig) as refused:
        config(folder, text, **environment)
    return {place: str(words) for place, words in refused.value.facts.items()}


def test_a_sound_file_says_where_everything_is(tmp_path) -> None:
    found = config(tmp_path)
    assert {point.tag for _, point in found.points()} == {"TI-101", "PI-101", "COD", "stage"}
    assert found.spool.folder == str(tmp_path / "kept")
    assert found.spool.bounds.max_age_ms == 96 * 3_600_000
    assert found.spool.bounds.when_full is WhenFull.REFUSE
    assert [listener.listen for listener in (*found.hj212, *found.sl651)] == ["127.0.0.1"] * 2


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ('source = "plant-7"\n', "", "", "source is missing"),
        ("max_age_h = 96", "max_age_h = 24", "spool.max_age_h", "must be float >= 72"),
        ("max_age_h = 96", "max_age = 96", "spool", "there is no setting called max_age"),
        ("register = 0", "register = 70000", "modbus[0].points[0].register", "must be int <= 65535"),
        ('type = "float32"', 'type = "float"', "modbus[0].points[0].type", "none of the choices"),
        ('order = "CDAB"', 'table = "coil"', "modbus[0].points[0].type", "coils and discrete inputs are of type bit"),
        ('host = "10.0.0.20"', "", "modbus[0]", "needs host or serial"),
        ("range = [0, 1600]", "range = [1600, 0]", "modbus[0].points[0].range", "must be [low, high]"),
        ("range = [0, 1600]", "scale = 0", "modbus[0].points[0].scale", "leaves nothing"),
        ('device_unit = "MPa"', 'device_unit = "°C"', "modbus[0].points[0].device_unit", "°C cannot become kPa"),
        ('device_unit = "MPa"', 'device_unit = "psi"', "modbus[0].points[0].device_unit", "unknown unit psi"),
        ('tag = "COD"', 'tag = "TI-101"', 'tag = "TI-101"', "occurs 2 times"),
        ('name = "rivers"', 'name = "air"', 'name = "air"', "occurs 2 times"),
        ("port = 8651", "port = 8212", 'port = "127.0.0.1:8212"', "occurs 2 times"),
        ('node = "ns=2;s=TI-101"', 'node = "TI-101"', "opcua[0].points[0].node", "must be str matching regex"),
        ('url = "opc', 'security = "Basic256Sha256:Sign"\nurl = "opc', "opcua[0].server_certificate", "is needed"),
        ('url = "opc', 'user = "me"\nurl = "opc', "opcua[0].password_env", "goes with user"),
        ('address = "0012345678"', 'address = "12"', "sl651[0].stations[0].address", "must be str matching regex"),
        ('mn = "', 'password_env = "PW_AIR"\nmn = "', "hj212[0].devices[0].password_env", "PW_AIR is not set"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(tmp_path, before: str, after: str, place: str, words: str) -> None:
    assert before in GOOD
    found = faults(tmp_path, GOOD.replace(before, after))
    assert place in found, found
    zh, _, en = found[place].partition(" / ")
    assert words in en and zh != en


def test_all_faults_are_told_at_once(tmp_path) -> None:
    spoilt = GOOD.replace("range = [0, 1600]", "range = [9, 0]").replace('tag = "COD"', 'tag = "stage"')
    assert len(faults(tmp_path, spoilt, ANLAN_GATEWAY_KEY="")) == 3


def test_a_file_that_is_no_toml_and_one_that_is_not_there(tmp_path) -> None:
    assert "cannot be read" in next(iter(faults(tmp_path, "source = ").values()))
    with pytest.raises(BadConfig):
        read_config(tmp_path / "nowhere.toml", KEYS)


def test_a_file_without_any_source_collects_nothing(tmp_path) -> None:
    assert "no source is declared" in faults(tmp_path, 'source = "a"\ndoor = "https://a/ingest"')[""]


def test_what_lies_open_is_pointed_out(tmp_path) -> None:
    open_text = GOOD.replace("port = 8212", 'port = 8212\nlisten = "0.0.0.0"').replace("https://", "http://")
    assert {place for place, _ in warnings(config(tmp_path, open_text))} == {
        "door",
        "hj212[0].listen",
        "opcua[0].security",
    }
