"""How much a call does, counted so that no other work on the machine changes the figure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(run: Callable[[], object]) -> int:
    """How many calls of functions, ours and built-in ones, are made while `run` runs."""
    counted = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counted


def growth(run: Callable[[int], object], size: int, times: int = 4) -> float:
    """How many times the work grows when the size does so `times`; about `times` where it grows with the size."""
    run(size)  # what is made only once is not counted
    return steps(lambda: run(times * size)) / steps(lambda: run(size))
