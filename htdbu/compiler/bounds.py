"""How far every term of the normal form can go, in exact Python integers, over the boxes of the columns.

This is the proof that numpy and CP-SAT cannot overflow, and what tells whether a divisor can be 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htdbu.compiler.normal import (
    Abs,
    Calendar,
    Choose,
    Coalesce,
    Const,
    Count,
    Extreme,
    FloorDiv,
    Indicator,
    Int,
    Intervals,
    Linear,
    Product,
    RoundDiv,
    Table,
    Var,
)

Range = tuple[int, int]
TEXT_CODES: Range = (0, 2**40)
LIMIT = 2**62
"""No term, and no sum of the absolute values of a term's parts, may reach this."""


class Bounds:
    """Ranges of terms over given column boxes; `largest` is the worst magnitude met inside a term."""

    def __init__(self, boxes: Sequence[Intervals] | Mapping[int, Intervals]) -> None:
        self.boxes = boxes
        self._memo: dict[int, tuple[Int, Range, int]] = {}

    def range(self, node: Int) -> Range:
        """The least and greatest value that a term can take where it is known."""
        return self._visit(node)[0]

    def largest(self, node: Int) -> int:
        """The greatest magnitude of a term and of everything that is computed on the way to it."""
        return self._visit(node)[1]

    def _visit(self, node: Int) -> tuple[Range, int]:
        found = self._memo.get(id(node))
        if found is None:
            bounds, peak = self._compute(node)
            found = (node, bounds, max(peak, abs(bounds[0]), abs(bounds[1])))
            self._memo[id(node)] = found
        return found[1], found[2]

    def _compute(self, node: Int) -> tuple[Range, int]:
        match node:
            case Var(column=i):
                return box_range(self.boxes[i]), 0
            case Const(value=value):
                return (value or 0, value or 0), 0
            case Linear():
                return self._linear(node)
            case Product(left=a, right=b):
                (ra, pa), (rb, pb) = self._visit(a), self._visit(b)
                corners = [x * y for x in ra for y in rb]
                return (min(corners), max(corners)), max(pa, pb)
            case FloorDiv(numerator=a, denominator=b) | RoundDiv(numerator=a, denominator=b):
                return self._quotient(a, b)
            case Abs(argument=a):
                (low, high), peak = self._visit(a)
                return (0 if low <= 0 <= high else min(abs(low), abs(high)), max(abs(low), abs(high))), peak
            case Extreme(which=which, args=args):
                ranges, peak = self._all(args)
                pick = min if which == "min" else max
                return (pick(r[0] for r in ranges), pick(r[1] for r in ranges)), peak
            case Choose(then=a, otherwise=b):
                ranges, peak = self._all((a, b))
                return hull(ranges), peak
            case Coalesce(args=args):
                ranges, peak = self._all(args)
                return hull(ranges), peak
            case Count(conditions=conditions):
                return (0, len(conditions)), 0
            case Indicator():
                return (0, 1), 0
            case Calendar(part=part, argument=a):
                return self._calendar(part, a)
            case Table(rows=rows):
                return (min(rows.values(), default=0), max(rows.values(), default=0)), 0
        raise AssertionError(node)

    def _all(self, nodes: Sequence[Int]) -> tuple[list[Range], int]:
        visited = [self._visit(node) for node in nodes]
        return [bounds for bounds, _ in visited], max(peak for _, peak in visited)

    def _linear(self, node: Linear) -> tuple[Range, int]:
        low = high = node.constant
        total, peak = abs(node.constant), 0
        for coefficient, term in node.terms:
            (a, b), inner = self._visit(term)
            ends = (coefficient * a, coefficient * b)
            low, high = low + min(ends), high + max(ends)
            total += max(abs(ends[0]), abs(ends[1]))
            peak = max(peak, inner)
        return (low, high), max(peak, total)

    def _quotient(self, a: Int, b: Int) -> tuple[Range, int]:
        (ra, pa), (rb, pb) = self._visit(a), self._visit(b)
        divisors = (max(rb[0], 1), max(rb[1], 1))
        corners = [x // d for x in ra for d in divisors] + [-(-x // d) for x in ra for d in divisors]
        doubled = 2 * max(abs(ra[0]), abs(ra[1])) + divisors[1]
        return (min(corners), max(corners)), max(pa, pb, doubled)

    def _calendar(self, part: str, argument: Int) -> tuple[Range, int]:
        (low, high), peak = self._visit(argument)
        if part != "year":
            return ((1, 12) if part == "month" else (1, 31)), peak
        # A Gregorian year has at least 365 days: a safe outer range.
        return (1970 + min(low, 0) // 365 - 1, 1970 + max(high, 0) // 365 + 1), peak


def box_range(box: Intervals) -> Range:
    """The hull of a box; texts, which have no box, range over their codes."""
    if not box:
        return TEXT_CODES
    low, high = box[0][0], box[-1][1]
    return (0 if low is None else low, 0 if high is None else high)


def hull(ranges: Sequence[Range]) -> Range:
    """The smallest range around all of them."""
    return min(r[0] for r in ranges), max(r[1] for r in ranges)
