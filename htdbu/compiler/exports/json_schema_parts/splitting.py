"""A choice inside a term, taken apart: the cases that there are, and what the term is in each."""

from __future__ import annotations

from collections.abc import Callable

from htdbu.compiler.lowering.build import conjunction, linear, within
from htdbu.compiler.normal import Bool, Choose, Coalesce, Const, Int, IsNull, Linear, Not, Table

Case = tuple[Bool, Int]
"""When, and what the term then is; cases exclude each other."""


def split(term: Int) -> list[Case] | None:
    """The cases of the first choice in a term or in the summands of a term; None where there is none."""
    if isinstance(term, Choose | Coalesce | Table):
        return _cases(term)
    if not isinstance(term, Linear):
        return None
    for k, (_, part) in enumerate(term.terms):
        if isinstance(part, Choose | Coalesce | Table):
            rebuild = _rebuild(term, k)
            return [(case, rebuild(chosen)) for case, chosen in _cases(part)]
    return None


def _rebuild(whole: Linear, k: int) -> Callable[[Int], Int]:
    """The sum with another term in one place."""

    def put(part: Int) -> Int:
        terms = [(c, part if i == k else t) for i, (c, t) in enumerate(whole.terms)]
        return linear(terms, whole.constant)

    return put


def _cases(term: Choose | Coalesce | Table) -> list[Case]:
    match term:
        case Choose(condition=condition, then=a, otherwise=b):
            return [(condition, a), (Not(condition), b)]
        case Coalesce(args=args):
            found: list[Case] = []
            for k, arg in enumerate(args):
                earlier = [IsNull(other) for other in args[:k]]
                known = [Not(IsNull(arg))] if k + 1 < len(args) else []
                found.append((conjunction([*earlier, *known]), arg))
            return found
        case Table(keys=keys, rows=rows):
            return [
                (conjunction(within(key, ((code, code),)) for key, code in zip(keys, codes, strict=True)), Const(value))
                for codes, value in rows.items()
            ]
