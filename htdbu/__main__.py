"""`python -m htdbu` is the command line."""

from __future__ import annotations

from htdbu.cli import process

if __name__ == "__main__":
    process()
