"""Compilation to machine code, kept on disk between runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import njit, types
from numba.extending import intrinsic

from htdbu.solver.compiled.layout import Numbers

__all__ = ["Numbers", "compiled", "fingerprint", "pointer", "program"]

_njit: Any = njit
_intrinsic: Any = intrinsic
_types: Any = types
# Without reference counts: no part makes or keeps an array, and counting took most of the time.
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}

Function = TypeVar("Function", bound=Callable[..., Any])


def _pointer(_: Any, array: Any) -> tuple[Any, Any]:
    """Where the cells of an array lie."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, args[0]).data

    return _types.CPointer(array.dtype)(array), generate


def _itself(array: Numbers) -> Numbers:
    """What stands in for `pointer` where nothing is compiled."""
    return array


_COMPILES = _njit(_itself) is not _itself  # unless NUMBA_DISABLE_JIT is set, for debugging

pointer: Callable[[Numbers], Numbers] = _intrinsic(_pointer) if _COMPILES else _itself
"""An array as its parts should pass it to each other.

An array is seven numbers to a function that takes it, and an index of it may count from the end; a pointer is one
number, and indexing it is one instruction. No part counts from the end.
"""


def compiled(function: Function) -> Function:
    """A part of a machine program; it can only be called from other parts."""
    made: Function = _njit(function, **_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return made


def program(function: Function) -> Function:
    """A machine program, called from Python without Python's lock and kept on disk between runs.

    The code of its parts is built into it, so what is kept on disk serves as long as no file of this package changes.
    """
    made = _njit(function, **_OPTIONS, cache=True)
    if _COMPILES:
        stamped = made._cache._cache_file
        stamped._source_stamp = (fingerprint(), stamped._source_stamp)
    result: Function = made
    return result


@cache
def fingerprint() -> str:
    """A digest of all files of this package."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
