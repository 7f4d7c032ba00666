"""Serves the history at PATH on PORT until it is killed: a process for tests to kill."""

import sys
import threading
from pathlib import Path

from anlan.adapters.chdb.facade import Facade

Facade(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]), "anlan", "s3cret").start()
print("serving", flush=True)  # noqa: T201 - the word the test waits for
threading.Event().wait()
