"""A value that is always one of its operands: `abs(x)` of what is never negative, one side of a `max`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.compiler.expressions import Call, Case, Constant, call, children
from htdbu.compiler.types import BoolType

_MANY = ("min", "max", "sum", "coalesce", "count")


def _operand(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if not isinstance(expr, Call | Case):
        return
    kind = known.type(expr)
    if isinstance(kind, BoolType) and isinstance(expr, Call):
        return
    for part in dict.fromkeys(children(expr)):
        other = known.type(part)
        fits = type(other) is type(kind) or (isinstance(part, Constant) and not isinstance(other, BoolType))
        if fits and part != Constant(type="null", value=None):
            yield part, Why("`{}` is as good as `{}` here", (part, expr))
    if isinstance(expr, Call) and expr.function in _MANY and len(expr.args) > 2:
        for i, part in enumerate(expr.args):
            rest = call(expr.function, *expr.args[:i], *expr.args[i + 1 :])
            yield rest, Why("`{}` adds nothing to `{}`", (part, expr))


REWRITE = everywhere(_operand)
