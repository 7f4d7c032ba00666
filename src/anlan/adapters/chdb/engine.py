"""chDB as a library: one owner per data path, one connection per request."""

import fcntl
import json
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from anlan.kernel.errors import Problem
from anlan.kernel.text import Text


@contextmanager
def _unseen(module: str) -> Iterator[None]:
    """Let what is imported within not find *module*, unless it has been loaded already."""
    hidden = module not in sys.modules
    if hidden:
        sys.modules[module] = None  # type: ignore[assignment]  # documented: the import of it fails
    try:
        yield
    finally:
        if hidden:
            del sys.modules[module]


# chDB takes pyarrow in where it finds it: some 25 MB for answers as Arrow tables, which nobody asks for here.
with _unseen("pyarrow"):
    import chdb
    from chdb import ChdbError

_MEBIBYTE = 1 << 20
_CODE = re.compile(r"Code: (\d+)\.")
_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

TOO_MANY_QUERIES = 202
UNKNOWN_SETTING = 115


class HistoryInUse(Problem):
    """Another process owns the history's data path."""

    code = "history_in_use"
    status = 409
    title = Text("历史库目录正被另一进程使用", "Another process is using the history's data folder")
    next_step = Text(
        "请先停止另一实例，或指定其他数据目录", "Stop the other instance or choose another data folder"
    )


class EngineError(Exception):
    """The engine refused or failed; ``code`` is ClickHouse's number, 0 when it gave none."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        found = _CODE.search(message)
        self.code = int(found.group(1)) if found else 0


@dataclass(frozen=True)
class Limits:
    """Bounds that keep the engine small on a 2-core machine; sizes in bytes."""

    memory: int = 1536 * _MEBIBYTE
    query_memory: int = 768 * _MEBIBYTE
    result: int = 256 * _MEBIBYTE
    mark_cache: int = 64 * _MEBIBYTE
    threads: int = 2
    concurrent_queries: int = 8
    queue_wait_s: float = 30.0


@dataclass(frozen=True)
class Answer:
    """What a statement gave back: encoded result, and how much was read or written."""

    body: bytes
    rows_read: int = 0
    rows_written: int = 0
    bytes_written: int = 0


@dataclass
class Engine:
    """The only owner of the chDB data at *path*.

    Each statement runs on a connection of its own (opening one takes 0.1 ms),
    so settings and the current database of one request never reach another.
    """

    path: Path
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._slots = threading.BoundedSemaphore(self.limits.concurrent_queries)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self.path.with_name(self.path.name + ".lock"))
        try:
            self._keeper = chdb.connect(_server_string(self.path, self.limits))
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Shut the engine down and give the path free."""
        self._keeper.close()
        self._lock.close()

    def create_database(self, name: str) -> None:
        """Make sure that database *name* exists."""
        self.query(f"CREATE DATABASE IF NOT EXISTS {quote_identifier(name)}", "TabSeparated")

    def query(
        self,
        statement: str,
        default_format: str,
        *,
        database: str | None = None,
        settings: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run *statement*; the result is in the format it names, else in *default_format*."""
        with self._connection(database, settings) as connection, _engine_errors():
            result = connection.query(statement, default_format, params=dict(parameters or {}))
            return Answer(result.bytes() or b"", rows_read=result.rows_read())

    def insert(
        self,
        head: str,
        data_format: str,
        data: bytes,
        *,
        database: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Answer:
        """Insert *data*, encoded in *data_format*, by the statement *head* (without FORMAT).

        chDB 26.9 returns from a streamed insert as if all were well when the part
        could not be written (a full or failing disk), so the engine's own count of
        errors is asked before and after. Somebody else's error in between refuses
        an insert that was stored: whoever sends it again must not be hurt by that.
        """
        with self._connection(database, settings) as connection, _engine_errors():
            before = _errors(connection)
            with connection.send_insert(head, data_format) as stream:
                stream.append(data)
                done = stream.finish()
            for code, (count, message) in _errors(connection).items():
                if count > before.get(code, (0, ""))[0]:
                    raise EngineError(f"Code: {code}. DB::Exception: {message}")
            return Answer(b"", rows_written=done.rows_written, bytes_written=done.bytes_written)

    @contextmanager
    def _connection(self, database: str | None, settings: Mapping[str, str] | None) -> Iterator[Any]:
        if not self._slots.acquire(timeout=self.limits.queue_wait_s):
            raise EngineError(
                f"Code: {TOO_MANY_QUERIES}. DB::Exception: Too many simultaneous queries. "
                f"Maximum: {self.limits.concurrent_queries}. (TOO_MANY_SIMULTANEOUS_QUERIES)"
            )
        try:
            with _engine_errors():
                connection = chdb.connect(str(self.path))
            try:
                with _engine_errors():
                    for statement in _session_statements(self.limits, database, settings or {}):
                        connection.query(statement)
                yield connection
            finally:
                connection.close()
        finally:
            self._slots.release()


def quote_identifier(name: str) -> str:
    """*name* as a ClickHouse identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _quote_string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _session_statements(limits: Limits, database: str | None, settings: Mapping[str, str]) -> Iterator[str]:
    own = {
        "max_threads": limits.threads,
        "max_memory_usage": limits.query_memory,
        "max_result_bytes": limits.result,
        "session_timezone": "UTC",
        # Compiling a statement that has come three times takes longer than all of its answers of a day.
        "compile_expressions": 0,
        "compile_aggregate_expressions": 0,
        "compile_sort_description": 0,
        # what a min-max index leaves is known before reading begins: half the price of a question that
        # finds nothing, as "which readings are new" mostly does
        "use_skip_indexes_on_data_read": 0,
    }
    values = {name: str(value) for name, value in own.items()} | dict(settings)
    for name in values:
        if not _SETTING_NAME.fullmatch(name):
            raise EngineError(
                f"Code: {UNKNOWN_SETTING}. DB::Exception: Unknown setting {name!r}. (UNKNOWN_SETTING)"
            )
    yield "SET " + ", ".join(f"{name} = {_quote_string(value)}" for name, value in values.items())
    if database:
        yield f"USE {quote_identifier(database)}"


def _errors(connection: Any) -> dict[int, tuple[int, str]]:
    """How often each of the engine's errors has occurred since it was opened, and its last message."""
    rows = connection.query("SELECT code, value, last_error_message FROM system.errors", "JSONCompactEachRow")
    return {
        code: (int(count), message) for code, count, message in map(json.loads, rows.bytes().splitlines())
    }


def _server_string(path: Path, limits: Limits) -> str:
    options = {
        "max_server_memory_usage": limits.memory,
        "mark_cache_size": limits.mark_cache,
        "index_mark_cache_size": 8 * _MEBIBYTE,
    }
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in options.items())


def _take_lock(lock_path: Path) -> IO[str]:
    """Hold *lock_path* for this process; the file names the owner's pid for the error text."""
    handle = lock_path.open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        owner = handle.read().strip()
        handle.close()
        raise HistoryInUse(facts={"pid": owner, "path": lock_path.stem}) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except (ChdbError, RuntimeError) as error:
        raise EngineError(str(error)) from None
