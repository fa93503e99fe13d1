"""Rule files by path, or `-` for standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from htdbu.errors import DataError, UsageError

if TYPE_CHECKING:
    from htdbu.compiler.compile import Compilation
    from htdbu.grammar.source import Source

STANDARD_INPUT = "<stdin>"
"""What findings call a text that has no file."""


def read_rules(paths: Sequence[str]) -> list[Source]:
    """Read rule files; `-` is standard input, whose imports are looked for from the working directory.

    Raises:
        DataError: one cannot be read.
        UsageError: standard input is named twice.
    """
    from htdbu.compiler.compile import read_source

    if paths.count("-") > 1:
        raise UsageError("- stands for standard input, which is read once", "leave one of them out")
    return [standard_input(STANDARD_INPUT) if path == "-" else read_source(path) for path in paths]


def standard_input(name: str) -> Source:
    """What standard input holds, as rules of that name.

    Raises:
        DataError: it is not UTF-8.
    """
    from htdbu.grammar.source import Source

    try:
        return Source(name, sys.stdin.buffer.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError("standard input is not UTF-8 text", "a rule file is plain text in UTF-8") from None


def compile_rules(source: Source, params: Mapping[str, object]) -> Compilation:
    """Compile rules that were read, in the rule language or, from a `.json` file, in the JSON form.

    Raises:
        UsageError: see `compile_source`.
    """
    from htdbu.compiler.compile import compile_json, compile_source

    return (compile_json if Path(source.name).suffix == ".json" else compile_source)(source, params)
