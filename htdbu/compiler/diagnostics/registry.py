"""All kinds of findings, found by looking into the `kinds` folder: a new file there is all it takes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from htdbu.compiler.diagnostics import kinds
from htdbu.compiler.diagnostics.model import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of the codes."""
    modules = sorted(info.name for info in iter_modules(kinds.__path__))
    found = (import_module(f"{kinds.__name__}.{name}").KIND for name in modules)
    return {kind.code: kind for kind in found}


def codes() -> list[str]:
    """All codes, ascending."""
    return list(all_kinds())
