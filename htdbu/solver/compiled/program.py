"""The compiled search as one machine program: whether it is at hand, and its one signature."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

from numba import boolean, int8, int64, void

from htdbu.solver.compiled.search import prime, solve_rows

LINE, CELLS = int64[::1], int64[:, ::1]
SIGNATURES: tuple[tuple[Any, Any], ...] = (
    (prime, void(LINE, LINE)),
    (solve_rows, void(LINE, LINE, int8[:, ::1], CELLS, int64, LINE, LINE, CELLS, boolean[:, ::1], LINE)),
)
_ONE_AT_A_TIME = Lock()
"""Numba's registries are no place for two threads, such as those that repair two pieces of a table."""


@cache
def is_at_hand() -> bool:
    """Whether an earlier run left the machine code on disk, so that nobody waits for the compiler."""
    with _ONE_AT_A_TIME:
        if all(function.overloads for function, _ in SIGNATURES):
            return True
        return all(
            function._cache.load_overload(signature, function.targetctx) is not None
            for function, signature in SIGNATURES
        )


@cache
def load() -> None:
    """Have the machine code, from disk or from the compiler, which takes tens of seconds."""
    with _ONE_AT_A_TIME:
        for function, signature in SIGNATURES:
            function.compile(signature)
