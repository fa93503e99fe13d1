"""What a program can be written out as. Every plain module of this folder is one export: a new file is all it takes.

A module `json_schema.py` holds `EXPORT = Export("json-schema", …)`: the name is the file's, with hyphens, so that the
command line knows all names without loading a module. Folders and modules that begin with `_` are helpers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from htdbu.errors import UsageError

if TYPE_CHECKING:
    from htdbu.compiler.program import Program

Omitted = Callable[[str, str], None]
"""Called with the name of a rule (or column, or target) that an export leaves out, and why."""


def ignore(name: str, reason: str) -> None:
    """An `Omitted` that tells nobody."""


@dataclass(frozen=True)
class Export:
    """One form that a program can be written out as.

    Attributes:
        name: what `--emit` calls it.
        suffix: the usual ending of its files, with the dot.
        summary: what it is, in one line.
        render: its text, given the program and options: `omitted` (an `Omitted`), and `dialect` where it has any.
            Unknown options are ignored. The text ends with a newline.
        dialects: the values of `dialect`, the default one first.
        package: the optional package that it needs, as it is imported.
        extra: the extra of htdbu that installs that package.
    """

    name: str
    suffix: str
    summary: str
    render: Callable[..., str]
    dialects: tuple[str, ...] = ()
    package: str | None = None
    extra: str | None = None


@cache
def names() -> tuple[str, ...]:
    """The names of all exports, ascending, without loading any."""
    found = (info.name for info in iter_modules(__path__) if not info.ispkg and not info.name.startswith("_"))
    return tuple(sorted(name.replace("_", "-") for name in found))


@cache
def load(name: str) -> Export:
    """The export of that name.

    Raises:
        UsageError: where there is none.
    """
    if name not in names():
        raise UsageError(f"there is no export `{name}`", f"one of {', '.join(names())}")
    export: Export = import_module(f"{__name__}.{name.replace('-', '_')}").EXPORT
    return export


def render(name: str, program: Program, *, dialect: str | None = None, omitted: Omitted = ignore) -> str:
    """A program in one of its other forms.

    Args:
        name: the export's.
        program: a program without errors.
        dialect: which of the export's dialects; its first by default.
        omitted: told of everything that the form cannot say exactly and leaves out.

    Raises:
        UsageError: where there is no such export or dialect, or the package it needs is not installed.
    """
    check_export(name, dialect)
    export = load(name)
    options: dict[str, Any] = {"omitted": omitted}
    if export.dialects:
        options["dialect"] = dialect or export.dialects[0]
    return export.render(program, **options)


def check_export(name: str | None, dialect: str | None) -> None:
    """Refuse a call that cannot be carried out, before anything is read.

    Raises:
        UsageError: where there is no such export or dialect, or the package it needs is not installed.
    """
    if name is None:
        raise UsageError("--dialect says how --emit sql writes", "add --emit sql, or leave --dialect out")
    export = load(name)
    if dialect is not None and not export.dialects:
        raise UsageError(f"`{name}` has no dialects", "leave --dialect out")
    if dialect is not None and dialect not in export.dialects:
        raise UsageError(f"`{name}` has no dialect `{dialect}`", f"one of {', '.join(export.dialects)}")
    if export.package is not None and find_spec(export.package) is None:
        raise UsageError(
            f"`{name}` needs the package {export.package}, which is not installed",
            f"pip install 'htdbu[{export.extra}]'" if export.extra else f"pip install {export.package}",
        )
