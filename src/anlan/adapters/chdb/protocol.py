"""The part of ClickHouse's HTTP protocol that its official Python client speaks.

Pure: bytes and headers in, a `Request` out. No sockets, no engine.
"""

import binascii
import hmac
import re
import zlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import lz4.frame  # type: ignore[import-untyped]

DEFAULT_FORMAT = "TabSeparated"

# Consumed by a ClickHouse server's HTTP layer itself: not settings of the engine.
_TRANSPORT = frozenset(
    {
        "query", "database", "default_format", "user", "password", "quota_key", "role", "query_id",
        "session_id", "session_timeout", "session_check", "buffer_size", "wait_end_of_query", "compress",
        "decompress", "client_protocol_version", "enable_http_compression", "close_session",
        "send_progress_in_http_headers", "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close",
    }
)  # fmt: skip

_NAME = r"(?:`[^`]+`|\"[^\"]+\"|\w+)"
_INSERT = re.compile(
    rf"\s*(?P<head>INSERT\s+INTO\s+(?:TABLE\s+)?{_NAME}(?:\.{_NAME})?"
    r"\s*(?:\([^()]*\))?(?:\s+SETTINGS\s+[^()]+?)?)"
    r"\s+FORMAT\s+(?P<format>\w+)[ \t;]*(?:\r?\n|\Z)",
    re.IGNORECASE,
)
_FORMAT_AT_END = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
_STATEMENT_BYTES = 64 * 1024


class BadRequest(Exception):
    """The request cannot be read; the text says why."""


class TooLarge(Exception):
    """The body, or what it unpacks to, is over the bound."""


@dataclass(frozen=True)
class Request:
    """A statement with everything that travels beside it.

    *data* is present for an INSERT whose rows follow in *data_format*; the
    statement then ends before FORMAT.
    """

    statement: str
    data: bytes | None
    data_format: str
    database: str | None
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    query_id: str | None

    @property
    def result_format(self) -> str:
        """The format of the answer."""
        named = _FORMAT_AT_END.search(self.statement)
        return named.group(1) if named else self.data_format


def read_request(query_string: str, headers: Mapping[str, str], body: bytes) -> Request:
    """The request that the URL's *query_string*, *headers* and unpacked *body* make together."""
    arguments = dict(parse_qsl(query_string, keep_blank_values=True))
    content_type = headers.get("Content-Type", "")
    if content_type.startswith("multipart/form-data"):
        arguments |= _form_fields(content_type, body)
        body = b""
    default_format = arguments.get("default_format") or headers.get("X-ClickHouse-Format") or DEFAULT_FORMAT
    statement, data, data_format = _split(arguments.get("query", ""), body, default_format)
    return Request(
        statement=statement,
        data=data,
        data_format=data_format,
        database=arguments.get("database") or headers.get("X-ClickHouse-Database"),
        settings={
            name: value
            for name, value in arguments.items()
            if name not in _TRANSPORT and not name.startswith("param_")
        },
        parameters={
            name.removeprefix("param_"): value
            for name, value in arguments.items()
            if name.startswith("param_")
        },
        query_id=arguments.get("query_id"),
    )


def _split(query: str, body: bytes, default_format: str) -> tuple[str, bytes | None, str]:
    """Statement, data and format: an INSERT's rows stand in the body, after the statement or alone."""
    if query:
        insert = _INSERT.fullmatch(query)
        if insert and body:
            return insert["head"], body, insert["format"]
        return query + _text(body), None, default_format
    # Binary rows may follow the statement: read its beginning byte for byte.
    insert = _INSERT.match(body[:_STATEMENT_BYTES].decode("latin-1"))
    if insert and len(body) > insert.end():
        return _text(insert["head"].encode("latin-1")), body[insert.end() :], insert["format"]
    return _text(body), None, default_format


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("the statement is not UTF-8") from None


def _form_fields(content_type: str, body: bytes) -> dict[str, str]:
    """The plain fields of a multipart form; files (external tables) are refused."""
    parsed = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    fields: dict[str, str] = {}
    for part in parsed.iter_parts():
        if part.get_filename():
            raise BadRequest("external tables are not offered here")
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BadRequest("a form field has no name")
        fields[name] = _text(content)
    return fields


def unpack(body: bytes, encoding: str | None, limit: int) -> bytes:
    """*body* without its Content-Encoding, at most *limit* bytes.

    Raises `TooLarge` beyond the limit, `BadRequest` for damage or an unknown encoding.
    """
    if not encoding or encoding == "identity":
        return body
    try:
        if encoding in ("gzip", "deflate"):
            unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, limit + 1)
        elif encoding == "lz4":
            unpacked = lz4.frame.LZ4FrameDecompressor().decompress(body, limit + 1)
        else:
            raise BadRequest(f"Content-Encoding {encoding} is not offered: use lz4, gzip or deflate")
    except (zlib.error, RuntimeError, EOFError) as error:
        raise BadRequest(f"the {encoding} body is damaged: {error}") from None
    if len(unpacked) > limit:
        raise TooLarge
    return bytes(unpacked)


def is_authorised(headers: Mapping[str, str], user: str, password: str) -> bool:
    """Whether *headers* carry the credentials, by Basic or by ClickHouse's own two headers."""
    given = headers.get("X-ClickHouse-User", ""), headers.get("X-ClickHouse-Key", "")
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, key = b64decode(token, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        given = name, key
    same_user = hmac.compare_digest(given[0].encode(), user.encode())
    same_password = hmac.compare_digest(given[1].encode(), password.encode())
    return same_user and same_password
