"""The operators and functions of the language, one module a family; a new module here is found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from htdbu.compiler.functions.model import Function


@cache
def functions() -> dict[str, Function]:
    """Every function by the name that `Call.function` uses."""
    modules = sorted(info.name for info in iter_modules(__path__) if info.name != "model")
    entries = [entry for name in modules for entry in import_module(f"{__name__}.{name}").FUNCTIONS]
    return {entry.name: entry for entry in entries}


def written_names() -> list[str]:
    """The names that a file may write before `(`."""
    return sorted(name for name, entry in functions().items() if entry.written)
