"""`python -m htdbu` is the command line."""

from __future__ import annotations

import sys

from htdbu.cli import main

if __name__ == "__main__":
    sys.exit(main())
