"""A ClickHouse HTTP server over the embedded engine: loopback only, with credentials."""

import json
import logging
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from time import monotonic_ns
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from anlan.adapters.chdb.engine import TOO_MANY_QUERIES, Answer, Engine, EngineError, Limits
from anlan.adapters.chdb.protocol import (
    BadRequest,
    Request,
    TooLarge,
    is_authorised,
    read_request,
    unpack,
)

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 128 << 20
MAX_CONNECTIONS = 64
IDLE_S = 75
_AUTHENTICATION_FAILED = 516
_CANNOT_READ = 27


class Facade:
    """Owns the history at *path* and serves it at ``http://host:port``.

    *port* 0 takes a free one; `url` tells which. *host* must be a loopback address.
    """

    def __init__(
        self,
        path: Path,
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        database: str = "anlan",
        limits: Limits | None = None,
    ) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError(
                f"{host} is not a loopback address: the embedded history serves this machine only"
            )
        if not user or not password:
            raise ValueError("the embedded history demands a user and a password")
        self._path, self._address = path, (host, port)
        self._user, self._password = user, password
        self._database = database
        self._limits = limits or Limits()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the engine and begin to answer. Raises `HistoryInUse` when the path has another owner."""
        engine = Engine(self._path, self._limits)
        try:
            engine.create_database(self._database)
            self._server = _Server(self._address, engine, self._user, self._password)
        except BaseException:
            engine.close()
            raise
        self._thread = threading.Thread(target=self._server.serve_forever, name="history-facade", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is running, then close the engine; safe to repeat."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        server.wait_until_idle()
        server.engine.close()

    @property
    def url(self) -> str:
        """Where a client finds the database, credentials included."""
        if self._server is None:
            raise RuntimeError("the façade is not started")
        host, port = self._server.server_address[:2]
        return f"http://{self._user}:{self._password}@{host!s}:{port}/{self._database}"

    def __enter__(self) -> "Facade":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], engine: Engine, user: str, password: str) -> None:
        super().__init__(address, _Handler)
        self.engine, self.user, self.password = engine, user, password
        self._connections = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._busy = 0
        self._idle = threading.Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._connections.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a client of the history went away", exc_info=True)

    def run(self, request: Request) -> Answer:
        """Run one statement, counted as in progress until it ends."""
        with self._idle:
            self._busy += 1
        try:
            if request.data is not None:
                return self.engine.insert(
                    request.statement,
                    request.data_format,
                    request.data,
                    database=request.database,
                    settings=request.settings,
                )
            return self.engine.query(
                request.statement,
                request.data_format,
                database=request.database,
                settings=request.settings,
                parameters=request.parameters,
            )
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def wait_until_idle(self, timeout_s: float = 30.0) -> None:
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, timeout_s)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    # Headers and body leave in one packet: two would meet the delayed ACK of the other side.
    wbufsize = -1
    connection: socket

    @property
    def _front(self) -> _Server:
        return cast(_Server, self.server)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/ping" or (parts.path == "/" and not parts.query and not self._has_body()):
            self._send(HTTPStatus.OK, b"Ok.\n", {})
            return
        self.do_POST()

    def do_POST(self) -> None:
        """Answer one statement, or say in ClickHouse's words why not."""
        headers = cast(Mapping[str, str], self.headers)
        if not is_authorised(headers, self._front.user, self._front.password):
            self._refuse(HTTPStatus.FORBIDDEN, _AUTHENTICATION_FAILED, "Authentication failed")
            return
        try:
            body = unpack(self._read_body(), self.headers.get("Content-Encoding"), MAX_BODY_BYTES)
            request = read_request(urlsplit(self.path).query, headers, body)
        except TooLarge:
            self._refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _CANNOT_READ, f"The body is over {MAX_BODY_BYTES} bytes"
            )
            return
        except BadRequest as error:
            self._refuse(HTTPStatus.BAD_REQUEST, _CANNOT_READ, str(error))
            return
        self._answer(request)

    def _answer(self, request: Request) -> None:
        begun_ns = monotonic_ns()
        query_id = request.query_id or str(uuid4())
        try:
            answer = self._front.run(request)
        except EngineError as error:
            busy = error.code == TOO_MANY_QUERIES
            status = HTTPStatus.SERVICE_UNAVAILABLE if busy else HTTPStatus.INTERNAL_SERVER_ERROR
            self._send_error(status, error.code, str(error), query_id)
            return
        summary = {
            "read_rows": str(answer.rows_read),
            "written_rows": str(answer.rows_written),
            "written_bytes": str(answer.bytes_written),
            "elapsed_ns": str(monotonic_ns() - begun_ns),
        }
        headers = {
            "X-ClickHouse-Query-Id": query_id,
            "X-ClickHouse-Format": request.result_format,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Summary": json.dumps(summary),
        }
        self._send(HTTPStatus.OK, answer.body, headers)

    def _refuse(self, status: HTTPStatus, code: int, message: str) -> None:
        """Answer before the body was read: the connection cannot be used again."""
        self.close_connection = True
        self._send_error(status, code, f"Code: {code}. DB::Exception: {message}.", str(uuid4()))

    def _send_error(self, status: HTTPStatus, code: int, message: str, query_id: str) -> None:
        headers = {"X-ClickHouse-Exception-Code": str(code), "X-ClickHouse-Query-Id": query_id}
        self._send(status, message.encode(), headers)

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _has_body(self) -> bool:
        return "Content-Length" in self.headers or "Transfer-Encoding" in self.headers

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise BadRequest("Content-Length is not a number")
        if int(length) > MAX_BODY_BYTES:
            raise TooLarge
        return self._read_exactly(int(length))

    def _read_chunks(self) -> bytes:
        collected = bytearray()
        while True:
            size_text = self.rfile.readline(64).split(b";")[0].strip()
            try:
                size = int(size_text, 16)
            except ValueError:
                raise BadRequest("a chunk has no size") from None
            if size < 0 or len(collected) + size > MAX_BODY_BYTES:
                raise TooLarge
            if size == 0:
                break
            collected += self._read_exactly(size)
            self.rfile.readline(4)
        while self.rfile.readline(1024).strip():
            pass
        return bytes(collected)

    def _read_exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size:
            raise BadRequest("the body ends too early")
        return data

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
