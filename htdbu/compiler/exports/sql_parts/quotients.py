"""Bounds of a quotient as bounds of its parts, which are exact in every dialect."""

from __future__ import annotations

from htdbu.compiler.bounds import LIMIT, Bounds
from htdbu.compiler.lowering.build import disjunction, linear, within
from htdbu.compiler.normal import And, Bool, Const, FloorDiv, Int, Intervals, RoundDiv, Within


def without_quotient(term: FloorDiv | RoundDiv, intervals: Intervals, bounds: Bounds) -> Bool | None:
    """Bounds of a quotient as bounds of its parts: `floor(n / d) >= k` is `n >= k * d`."""
    n, d = term.numerator, term.denominator
    if isinstance(d, Const) and d.value is not None:
        return within(n, [_undivided(term, low, high, d.value) for low, high in intervals])
    parts: list[Bool] = []
    for low, high in intervals:
        if low is None and high is None:
            return None
        ends: list[Bool] = []
        twice = 1 if isinstance(term, FloorDiv) else 2
        if low is not None:
            edge, open_end = (low, 0) if twice == 1 else (2 * low - 1, low % 2)
            ends.append(within(linear(((twice, n), (-edge, d))), ((open_end, None),)))
        if high is not None:
            edge, open_end = (high + 1, 1) if twice == 1 else (2 * high + 1, high % 2)
            ends.append(within(linear(((twice, n), (-edge, d))), ((None, -open_end),)))
        parts.append(ends[0] if len(ends) == 1 else And(tuple(ends)))
    fits = all(bounds.largest(t) < LIMIT for part in parts for t in _terms(part))
    return disjunction(parts) if parts and fits else None


def _undivided(
    term: FloorDiv | RoundDiv, low: int | None, high: int | None, divisor: int
) -> tuple[int | None, int | None]:
    """The numerators for which a quotient by a constant lies in a range; halves are rounded to even."""
    if isinstance(term, FloorDiv):
        return None if low is None else low * divisor, None if high is None else (high + 1) * divisor - 1
    start = None if low is None else -(-((2 * low - 1) * divisor + low % 2) // 2)
    end = None if high is None else ((2 * high + 1) * divisor - high % 2) // 2
    return start, end


def _terms(node: Bool) -> list[Int]:
    if isinstance(node, And):
        return [term for part in node.args for term in _terms(part)]
    return [node.term] if isinstance(node, Within) else []
