"""The table of functions, from the registry that the compiler uses."""

from __future__ import annotations

from htdbu.compiler.functions import functions
from htdbu.compiler.functions.model import Function


def function_table() -> str:
    """One line for every function that a file may write."""
    entries = [entry for entry in functions().values() if entry.written]
    rows = [_row(entry) for entry in sorted(entries, key=lambda entry: entry.name)]
    return "| function | arguments | value |\n|---|---|---|\n" + "".join(rows)


def _row(entry: Function) -> str:
    doc = entry.doc.replace("|", "\\|")
    return f"| `{entry.signature}` | {entry.arity().split(' argument')[0]} | {doc} |\n"
