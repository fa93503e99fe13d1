"""Compilation to machine code, kept on disk between runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, which runs without Python's lock.

    Code of other functions is built into it, so what is kept on disk serves as long as no file of this package changes.
    """
    made = njit(function, nogil=True, error_model="numpy", cache=True, _nrt=False)
    if made is function:  # NUMBA_DISABLE_JIT, for debugging
        return function
    stamped = made._cache._cache_file
    stamped._source_stamp = (fingerprint(), stamped._source_stamp)
    return made  # type: ignore[no-any-return]


@cache
def fingerprint() -> str:
    """A digest of all files of this package."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
