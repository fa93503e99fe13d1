"""Implications in their plainest form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from htdbu.analyses.simplify.candidates import Candidates, Known, Part, Why, everywhere
from htdbu.analyses.simplify.shapes import chain, is_call, negated
from htdbu.compiler.expressions import call


def _implication(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if is_call(expr, "implies"):
        premise, conclusion = expr.args
        if is_call(conclusion, "implies"):
            nested = call("implies", chain("and", (premise, conclusion.args[0])), conclusion.args[1])
            yield nested, Why("two premises are one: `p => q => r` is `p and q => r`")
        if _is_denial(premise) and _is_denial(conclusion):
            yield call("implies", *conclusion.args, *premise.args), Why("`not p => not q` is `q => p`")
        if is_call(conclusion, "iff"):
            yield from _of_equivalence(premise, conclusion.args)
    if is_call(expr, "and") and len(expr.args) == 2 and all(is_call(part, "implies") for part in expr.args):
        (a, b), (c, d) = (part.args for part in expr.args)
        if (a, b) == (d, c):
            yield call("iff", a, b), Why("`p => q` both ways is `p <=> q`")


def _of_equivalence(premise: Any, sides: tuple[Any, ...]) -> Iterator[tuple[Any, Why]]:
    for one, other in (sides, sides[::-1]):
        if one == premise:
            yield call("implies", premise, other), Why("the premise is a side of the equivalence")


def _is_denial(expr: Any) -> bool:
    """Whether a `not` stands before a condition; `is not null` and `not in` are conditions of their own."""
    return is_call(expr, "not") and not is_call(expr.args[0], "is_null", "in")


def _of_denials(part: Part) -> Candidates:
    """`not p or q`, where it is a whole rule."""
    if part.origin in ("hard", "soft") and is_call(part.body, "or"):
        parts = part.body.args  # type: ignore[union-attr]
        for i, denial in enumerate(parts):
            if _is_denial(denial):
                body = call("implies", negated(denial), chain("or", (*parts[:i], *parts[i + 1 :])))
                yield replace(part, body=body), Why("`not p or q` is `p => q`")


def _rewrite(part: Part, known: Known) -> Candidates:
    yield from everywhere(_implication)(part, known)
    yield from _of_denials(part)


REWRITE = _rewrite
