"""Other programs, each in an environment of its own, that answer one line at a time.

``.peers/NAME`` is made from ``requirements/peers/NAME.lock``; the script of a peer imports nothing of ours.
"""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anlan


def peer_python(name: str) -> Path | None:
    """The interpreter of the peer's environment; None when it has not been made."""
    python = Path(anlan.__file__).parents[2] / ".peers" / name / "bin" / "python"
    return python if python.exists() else None


def how_to_make(name: str) -> str:
    """What the note of a figure says when the peer is missing."""
    return (
        f"peer not run: make .peers/{name} with uv venv and uv pip install --require-hashes "
        f"-r requirements/peers/{name}.lock"
    )


class Peer:
    """A running peer: each request is a line of JSON, each answer another."""

    def __init__(self, python: Path, script: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own script in the environment made from the lock
            [str(python), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=60)
        if self._process.stdout:
            self._process.stdout.close()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send *request*, wait for the answer. Raises `RuntimeError` when the peer has died."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the peer ended with status {self._process.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found
