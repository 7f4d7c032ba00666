"""How a request of ClickHouse's HTTP protocol is read."""

import gzip
import zlib
from base64 import b64encode

import lz4.frame
import pytest

from anlan.adapters.chdb.protocol import BadRequest, TooLarge, is_authorised, read_request, unpack


def test_rows_may_follow_the_insert_in_the_body_byte_for_byte():
    rows = bytes(range(256))
    request = read_request("", {}, b"INSERT INTO `anlan`.readings (`point`, `time`) FORMAT Native\n" + rows)
    assert request.statement == "INSERT INTO `anlan`.readings (`point`, `time`)"
    assert (request.data_format, request.data) == ("Native", rows)


def test_rows_may_stand_alone_when_the_insert_is_in_the_url():
    request = read_request("query=INSERT+INTO+t+SETTINGS+a%3D1+FORMAT+Arrow&database=anlan", {}, b"ARROW1")
    assert request.statement == "INSERT INTO t SETTINGS a=1"
    assert (request.data_format, request.data, request.database) == ("Arrow", b"ARROW1", "anlan")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t VALUES ('a FORMAT Native\n')",
        "INSERT INTO t SELECT 1 FORMAT Null\n",
        "SELECT 'INSERT INTO t FORMAT Native\n'",
    ],
)
def test_a_statement_that_only_mentions_a_format_is_not_split(statement):
    request = read_request("", {}, statement.encode())
    assert (request.statement, request.data) == (statement, None)


def test_bound_parameters_and_settings_are_told_apart_from_transport():
    request = read_request("param_point=7&max_threads=1&session_id=x&query_id=q&compress=1", {}, b"SELECT 1")
    assert request.parameters == {"point": "7"}
    assert request.settings == {"max_threads": "1"}
    assert request.query_id == "q"


def test_a_form_carries_statement_and_parameters():
    body = (
        b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT {a:String}\r\n'
        b'--x\r\nContent-Disposition: form-data; name="param_a"\r\n\r\n\xe5\xae\x89\r\n--x--\r\n'
    )
    request = read_request("", {"Content-Type": "multipart/form-data; boundary=x"}, body)
    assert (request.statement, request.parameters) == ("SELECT {a:String}", {"a": "安"})


def test_a_statement_that_is_not_text_is_refused():
    with pytest.raises(BadRequest):
        read_request("", {}, b"SELECT \xff")


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("lz4", lz4.frame.compress)]
)
def test_packed_bodies_are_unpacked_but_never_beyond_the_bound(encoding, pack):
    assert unpack(pack(b"reading" * 100), encoding, 1000) == b"reading" * 100
    with pytest.raises(TooLarge):
        unpack(pack(bytes(10_000_000)), encoding, 1000)
    with pytest.raises(BadRequest):
        unpack(b"not packed at all", encoding, 1000)


def test_an_unknown_packing_is_refused():
    with pytest.raises(BadRequest):
        unpack(b"", "br", 1000)


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Authorization": "Basic " + b64encode(b"anlan:secret").decode()}, True),
        ({"X-ClickHouse-User": "anlan", "X-ClickHouse-Key": "secret"}, True),
        ({"Authorization": "Basic " + b64encode(b"anlan:other").decode()}, False),
        ({"Authorization": "Basic %%%"}, False),
        ({"X-ClickHouse-User": "anlan"}, False),
        ({}, False),
    ],
)
def test_only_the_owner_of_the_credentials_gets_in(headers, allowed):
    assert is_authorised(headers, "anlan", "secret") is allowed
