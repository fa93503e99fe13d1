"""What several parts of a condition have in common, said once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import chain, is_call, is_linked
from htdbu.compiler.expressions import call


def _factored(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if not is_call(expr, "and", "or") or is_linked(expr):
        return
    for i, j in combinations(range(len(expr.args)), 2):
        for joined, why in _joined(expr.function, expr.args[i], expr.args[j]):
            rest = [joined if k == i else part for k, part in enumerate(expr.args) if k != j]
            yield chain(expr.function, rest), why


def _joined(word: str, one: Any, other: Any) -> Iterator[tuple[Any, Why]]:
    if one == other:
        yield one, Why("`{}` stands twice", (one,))
    inner = "or" if word == "and" else "and"
    if is_call(one, inner) and is_call(other, inner):
        common = [part for part in one.args if part in other.args]
        sides = [chain(inner, (part for part in side.args if part not in common)) for side in (one, other)]
        if common:
            yield chain(inner, (*common, chain(word, sides))), Why("`{}` is common to both", (common[0],))
    if word == "and" and is_call(one, "implies") and is_call(other, "implies"):
        (a, b), (c, d) = one.args, other.args
        if a == c:
            yield call("implies", a, chain("and", (b, d))), Why("both follow from `{}`", (a,))
        if b == d:
            yield call("implies", chain("or", (a, c)), b), Why("`{}` follows from both", (b,))


REWRITE = everywhere(_factored)
