"""`if` and `case` that say what a condition says, or whose branches say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import FALSE, TRUE, chain, negated
from htdbu.compiler.expressions import Case


def _choice(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if not isinstance(expr, Case):
        return
    if len(expr.branches) == 1:
        (arm,) = expr.branches
        values = (arm.value, expr.otherwise)
        if values == (TRUE, FALSE):
            yield arm.condition, Why("`if c then true else false` is `c`")
        if values == (FALSE, TRUE):
            yield negated(arm.condition), Why("`if c then false else true` is `not c`")
    if expr.branches[-1].value == expr.otherwise and len(expr.branches) > 1:
        yield _with(expr, expr.branches[:-1]), Why("the last branch says what `else` says")
    for i, (one, other) in enumerate(zip(expr.branches, expr.branches[1:], strict=False)):
        if one.value == other.value:
            both = one.model_copy(update={"condition": chain("or", (one.condition, other.condition))})
            yield _with(expr, (*expr.branches[:i], both, *expr.branches[i + 2 :])), Why("two branches say the same")
    for i in range(len(expr.branches)):
        kept = expr.branches[:i]
        if kept or i == 0:
            last = expr.branches[i].value
            shorter = _with(expr, kept, last) if kept else last
            yield shorter, Why("the branches after `{}` are never taken", (expr.branches[i].condition,))


def _with(case: Case, branches: tuple[Any, ...], otherwise: Any = None) -> Case:
    last = case.otherwise if otherwise is None else otherwise
    return case.model_copy(update={"branches": branches, "otherwise": last, "span": None})


REWRITE = everywhere(_choice)
