"""All kinds of findings and all output styles, found by looking into their folders: a new file is all it takes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from htdbu.compiler.diagnostics import kinds, outputs
from htdbu.compiler.diagnostics.model import Kind
from htdbu.compiler.diagnostics.report import Output


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of the codes."""
    found = (module.KIND for module in _modules(kinds))
    return {kind.code: kind for kind in found}


def codes() -> list[str]:
    """All codes, ascending."""
    return list(all_kinds())


@cache
def all_outputs() -> dict[str, Output]:
    """Every output style by its name; that for people first, then that for programs."""
    found = [module.OUTPUT for module in _modules(outputs)]
    found.sort(key=lambda output: (output.name != "human", output.name != "json", output.name))
    return {output.name: output for output in found}


def _modules(package: ModuleType) -> list[ModuleType]:
    names = sorted(info.name for info in iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}") for name in names]
