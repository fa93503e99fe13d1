"""`not` drawn inwards, where it vanishes: `not (a < b)` is `a >= b`, and both are unknown together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import dual, is_call, is_linked, negated
from htdbu.compiler.expressions import call


def _without_not(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if is_call(expr, "not"):
        inner = expr.args[0]
        for other in (negated(inner), dual(inner)):
            if other != expr:
                yield other, Why("`not` can be drawn inwards")
    if is_call(expr, "and", "or") and not is_linked(expr):
        yield call("not", dual(expr)), Why("what is common can be negated once")
    if is_call(expr, "iff"):
        one, other = expr.args
        yield call("iff", negated(one), negated(other)), Why("both sides can be negated")


REWRITE = everywhere(_without_not)
