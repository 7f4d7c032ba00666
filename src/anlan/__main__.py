"""``python -m anlan``."""

import sys

from anlan.server.cli import main

if __name__ == "__main__":
    sys.exit(main())
