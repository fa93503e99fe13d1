"""What commands are given: rule files and tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from htdbu.cli.reading import Table, read_table
from htdbu.errors import CompileError

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


def read_frame(path: str | None, delimiter: str | None) -> DataFrame | None:
    """The rows of a data file, or None where no file is named."""
    return None if path is None else read_table(path, delimiter).frame


__all__ = ["Table", "load_program", "read_frame", "read_table", "sound"]
