"""H-TDBU: synthetic tables that keep the texture of real rows and obey stated rules.

Importing this loads nothing heavy; each name below loads its part when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from htdbu import datasets, generators, providers, testing
    from htdbu.api import Program, compile, compile_text, draft, evaluate, synthesize, tune
    from htdbu.errors import CompileError, DataError, HtdbuError, InfeasibleError, OutputError, UsageError

__version__ = "0.1.0"

_HOMES = {
    "Program": "api",
    "compile": "api",
    "compile_text": "api",
    "draft": "api",
    "evaluate": "api",
    "synthesize": "api",
    "tune": "api",
    "CompileError": "errors",
    "DataError": "errors",
    "HtdbuError": "errors",
    "InfeasibleError": "errors",
    "OutputError": "errors",
    "UsageError": "errors",
}
_PARTS = ("datasets", "generators", "providers", "testing")

__all__ = [
    "CompileError",
    "DataError",
    "HtdbuError",
    "InfeasibleError",
    "OutputError",
    "Program",
    "UsageError",
    "compile",
    "compile_text",
    "datasets",
    "draft",
    "evaluate",
    "generators",
    "providers",
    "synthesize",
    "testing",
    "tune",
]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"htdbu.{name}")
    if name in _HOMES:
        return getattr(import_module(f"htdbu.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'htdbu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
