"""Two bounds of one thing as a range, `x in 1..5`, or as a chain, `0 < x < y`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import MIRRORED, is_call, is_linked
from htdbu.compiler.expressions import Constant, call

_ORDERS = ("lt", "le", "gt", "ge")


def _range(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if not is_call(expr, "and"):
        return
    parts = expr.args
    for i, j in permutations(range(len(parts)), 2):
        joined = _joined(parts[i], parts[j])
        if joined is not None and joined != expr:
            rest = [joined if k == i else part for k, part in enumerate(parts) if k != j]
            yield rest[0] if len(rest) == 1 else call("and", *rest), Why("two bounds make one range")


def _joined(one: Any, other: Any) -> Any:
    """A range of two bounds of the same thing, the lower first; None where they are none."""
    if not (is_call(one, *_ORDERS) and is_call(other, *_ORDERS)):
        return None
    for lower in (one, _mirrored(one)):
        for upper in (other, _mirrored(other)):
            is_range = lower.function == "ge" and upper.function == "le" and lower.args[0] == upper.args[0]
            if is_range and not isinstance(lower.args[0], Constant):
                return call("and", lower, upper)
            linked = call("and", _mirrored(lower), upper)
            if lower.function in ("gt", "ge") and upper.function in ("lt", "le") and is_linked(linked):
                return linked if not isinstance(lower.args[0], Constant) else None
    return None


def _mirrored(link: Any) -> Any:
    return call(MIRRORED[link.function], *link.args[::-1])


REWRITE = everywhere(_range)
