"""A condition inside a rule that makes no difference, or the premise of one that always holds: `true`, or `false`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import FALSE, TRUE
from htdbu.compiler.types import BoolType


def _settled(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if expr in (TRUE, FALSE) or not isinstance(known.type(expr), BoolType):
        return
    for constant in (TRUE, FALSE):
        yield constant, Why("`{}` makes no difference", (expr,), (expr, constant == TRUE))


REWRITE = everywhere(_settled)
