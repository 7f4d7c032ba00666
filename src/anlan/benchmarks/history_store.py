"""The embedded history in a process of its own, so that its memory can be told from the measurement's."""

import sys
import threading
from pathlib import Path

from anlan.adapters.chdb.facade import Facade


def main() -> None:
    """Serve the history at the path that is the first argument until killed; the address is the first line."""
    facade = Facade(Path(sys.argv[1]), "127.0.0.1", 0, "anlan", "bench")
    facade.start()
    sys.stdout.write(facade.url + "\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
