"""The search without a compiler: the same functions, run by Python, for rows too few to wait for a compiler.

A row takes Python a hundred times as long as machine code, and still less than a call of a general solver.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from htdbu.solver.compiled.jit import Numbers, pointer


@cache
def interpreted(program: Callable[..., Any]) -> Callable[..., Any]:
    """A compiled function and all its parts as plain Python; flat arrays are lists to it, which Python reads faster."""
    return _Twins().of(program)


class _Twins:
    """Plain functions for compiled ones; each module's globals are copied once, with plain functions in them."""

    def __init__(self) -> None:
        self._globals: dict[int, dict[str, Any]] = {}

    def of(self, compiled: Any) -> Callable[..., Any]:
        """The plain function of a compiled one."""
        function = getattr(compiled, "py_func", compiled)
        return FunctionType(function.__code__, self._globals_of(function.__globals__), function.__name__)

    def _globals_of(self, names: dict[str, Any]) -> dict[str, Any]:
        found = self._globals.get(id(names))
        if found is None:
            found = self._globals[id(names)] = dict(names)
            for name, value in names.items():
                if value is pointer:
                    found[name] = _as_it_is
                elif hasattr(value, "py_func"):
                    found[name] = self.of(value)
        return found


def _as_it_is(line: Numbers) -> Numbers:
    return line
