"""The other end of the pipe: takes a work, does it, answers; ends when the pipe does."""

import signal
from multiprocessing.connection import Connection
from pickle import PicklingError
from typing import Any

from anlan.kernel.text import Text

STOP, REPORT, ANSWER, FAILURE = "stop", "report", "answer", "failure"


class Stopped(BaseException):
    """Raised out of the work's report when it is to stop; no work catches it by mistake."""


def serve(pipe: Connection) -> None:
    """Do one work after another until the other end is closed."""
    for told in (signal.SIGINT, signal.SIGTERM):  # whoever asked minds them, puts its work back and ends us
        signal.signal(told, signal.SIG_IGN)
    while True:
        try:
            number, work, arguments = pipe.recv()
            if number == STOP:  # the work that it meant was done before it came
                continue
            _answered(pipe, _done(pipe, number, work, arguments))
        except (EOFError, ConnectionError):
            return


def _answered(pipe: Connection, answer: tuple[str, Any]) -> None:
    try:
        pipe.send(answer)
    except (TypeError, AttributeError, PicklingError) as problem:
        kind = type(answer[1]).__name__
        pipe.send((FAILURE, RuntimeError(f"{kind} cannot be sent to another process: {problem}")))


def _done(pipe: Connection, number: int, work: Any, arguments: dict[str, Any]) -> tuple[str, Any]:
    def report(share: float, words: Text) -> None:
        pipe.send((REPORT, (share, words)))
        if pipe.poll() and pipe.recv()[1] == number:
            raise Stopped

    try:
        return ANSWER, work(report, **arguments)
    except Stopped:
        return ANSWER, None
    except (EOFError, ConnectionError):
        raise
    except Exception as problem:  # noqa: BLE001 - whatever it is, it belongs to whoever asked
        return FAILURE, problem
