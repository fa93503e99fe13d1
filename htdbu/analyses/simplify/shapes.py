"""Small tools for expressions: conditions told apart, negated, and tidied up once a part of them is settled."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from htdbu.analyses.simplify.names import with_children
from htdbu.compiler.expressions import Call, Case, Constant, Expr, call, children

TRUE, FALSE = (Constant(type="bool", value=value) for value in (True, False))
OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
_CHAINS = ("and", "or")


def is_call(expr: Any, *functions: str) -> bool:
    """Whether an expression is a call of one of some functions."""
    return isinstance(expr, Call) and expr.function in functions


def chain(function: str, parts: Iterable[Expr]) -> Expr:
    """A conjunction or disjunction of any number of conditions."""
    found = tuple(parts)
    if not found:
        return TRUE if function == "and" else FALSE
    return found[0] if len(found) == 1 else call(function, *found)


def negated(expr: Any) -> Expr:
    """What is true where a condition is false, false where it is true, and unknown where it is unknown."""
    if isinstance(expr, Constant) and expr.type == "bool" and expr.param is None:
        return FALSE if expr.value else TRUE
    if isinstance(expr, Call):
        if expr.function == "not":
            return expr.args[0]
        if expr.function in OPPOSITE:
            return call(OPPOSITE[expr.function], *expr.args)
        if expr.function == "implies":
            return chain("and", (expr.args[0], negated(expr.args[1])))
    return call("not", expr)


def dual(expr: Any) -> Expr:
    """The negation of a conjunction or disjunction, of its parts one by one; else as `negated`."""
    if isinstance(expr, Call) and expr.function in _CHAINS:
        return chain("or" if expr.function == "and" else "and", map(dual, expr.args))
    return negated(expr)


def tidy(expr: Any) -> Any:
    """The same with chains of one kind flattened, and without `true` and `false` where they decide or mean nothing.

    Ranges and chained comparisons, which are conjunctions, stay together.
    """
    parts = [tidy(part) for part in children(expr)]
    if any(new is not old for new, old in zip(parts, children(expr), strict=True)):
        expr = with_children(expr, parts)
    if isinstance(expr, Case):
        return _case(expr)
    if not isinstance(expr, Call):
        return expr
    match expr.function:
        case "and" | "or":
            return _chain(expr)
        case "not" if _is_settled(expr.args[0]):
            return negated(expr.args[0])
        case "implies":
            return _implication(expr)
        case "iff":
            return _equivalence(expr)
    return expr


def _is_settled(expr: Any) -> bool:
    return expr in (TRUE, FALSE)


def _chain(expr: Call) -> Expr:
    decides, neutral = (FALSE, TRUE) if expr.function == "and" else (TRUE, FALSE)
    parts: list[Expr] = []
    for part in expr.args:
        inner = part.args if isinstance(part, Call) and part.function == expr.function and not is_linked(part) else ()
        parts += [each for each in inner or (part,) if each != neutral]
    if decides in parts:
        return decides
    return expr if parts == list(expr.args) and len(parts) > 1 else chain(expr.function, parts)


def is_linked(expr: Any) -> bool:
    """Whether a conjunction reads as one comparison: `x in 1..5`, `a <= b <= c`."""
    if not (isinstance(expr, Call) and expr.function == "and" and all(is_call(part, *OPPOSITE) for part in expr.args)):
        return False
    links = [part for part in expr.args if isinstance(part, Call)]
    is_range = [link.function for link in links] == ["ge", "le"] and links[0].args[0] == links[1].args[0]
    ways = ({"lt", "le"}, {"gt", "ge"})
    is_chain = all(a.args[1] == b.args[0] for a, b in pairwise(links))
    return is_range or (is_chain and any({link.function for link in links} <= way for way in ways))


def _implication(expr: Call) -> Expr:
    premise, conclusion = expr.args
    if premise == TRUE or conclusion == TRUE:
        return conclusion
    if premise == FALSE:
        return TRUE
    return negated(premise) if conclusion == FALSE else expr


def _equivalence(expr: Call) -> Expr:
    for one, other in (expr.args, expr.args[::-1]):
        if _is_settled(one):
            return other if one == TRUE else negated(other)
    return expr


def _case(case: Case) -> Expr:
    branches = [arm for arm in case.branches if arm.condition != FALSE]
    last = next((i for i, arm in enumerate(branches) if arm.condition == TRUE), None)
    otherwise = case.otherwise if last is None else branches[last].value
    branches = branches[:last]
    if not branches:
        return otherwise
    if len(branches) == len(case.branches) and last is None:
        return case
    return case.model_copy(update={"branches": tuple(branches), "otherwise": otherwise, "span": None})
