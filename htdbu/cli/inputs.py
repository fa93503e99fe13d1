"""What commands are given: rule files and tables."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.reading import Table, read_table
from htdbu.errors import CompileError, DataError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.compiler.compile import Compilation
    from htdbu.compiler.program import Program


def load_program(path: str, params: Mapping[str, str]) -> Program:
    """Compile a rule file, or read its JSON form; the findings of a broken one are shown on standard error.

    Raises:
        CompileError: the rules have errors.
        DataError: the file cannot be read.
        UsageError: a param that the file does not declare, or a value of another type.
    """
    from htdbu.compiler.compile import compile_file

    return sound(path, compile_file(path, params))


def sound(path: str, compilation: Compilation) -> Program:
    """The program of a rule file that was compiled; the findings of a broken one are shown on standard error.

    Raises:
        CompileError: the rules have errors.
    """
    from htdbu.compiler.diagnostics.colors import wants_color
    from htdbu.compiler.diagnostics.render import render_human

    errors = compilation.errors
    if errors:
        color = wants_color(sys.stderr, os.environ)
        click.echo(render_human(errors, compilation.sources, color) + "\n", err=True)
        number = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        raise CompileError(f"{path} has {number}", hint=f"htdbu explain {errors[0].code} tells more")
    return compilation.program


def read_synthesis(path: str | None) -> dict[str, Any] | None:
    """What `synthesize --format json` said, from a file; None where no file is named.

    Raises:
        DataError: the file cannot be read, or holds something else.
    """
    if path is None:
        return None
    from htdbu.generators import SynthesisReport

    way_out = "write it with: htdbu synthesize RULES REAL -n N -o OUT --format json > FILE"
    try:
        told = json.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}", "check the path") from error
    except ValueError as error:
        raise DataError(f"{path}: is no JSON", way_out) from error
    required = [each.name for each in fields(SynthesisReport) if each.default is each.default_factory is MISSING]
    missing = [name for name in required if not isinstance(told, dict) or name not in told]
    if missing:
        raise DataError(f"{path}: is no report of a synthesis, as it says nothing of {missing[0]!r}", way_out)
    return dict(told)


def read_pools(pools: Mapping[str, str]) -> dict[str, DataFrame]:
    """The texts of pools, by name, from their files."""
    return {name: read_table(path, None).frame for name, path in pools.items()}


def read_frame(path: str | None, delimiter: str | None) -> DataFrame | None:
    """The rows of a data file, or None where no file is named."""
    return None if path is None else read_table(path, delimiter).frame


__all__ = ["Table", "load_program", "read_frame", "read_pools", "read_synthesis", "read_table", "sound"]
