"""The proof, in Python's unbounded integers, that the compiled search of a block never leaves 64 bits.

Everything that the search computes is a value of a node, a sum or product on the way there, a quotient's bound carried
back to its numerator, or a price. Each is bounded here over the boxes of the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.normal import Bool, FloorDiv, Int, Intervals, Linear, Normal, RoundDiv, Table, Var, operands
from htdbu.solver.compiled.layout import BIG
from htdbu.solver.components import Component
from htdbu.solver.derive import derived_order
from htdbu.solver.objective import MADE_NULL, Prices
from htdbu.solver.ranges import Ranges

_NUMBERS = get_args(Int)


def fits(component: Component, bounds: Bounds, boxes: Mapping[int, Ranges], conditions: Iterable[Bool]) -> bool:
    """Whether a block can be searched in 64-bit integers.

    Args:
        bounds: the ranges of its terms.
        boxes: what each column that is not derived may hold.
        conditions: all that is judged of a row.
    """
    nodes = [*conditions, *component.definitions.values(), *map(Var, boxes)]
    step = max(Prices(component).step.values(), default=0)
    return dearest(component, boxes) < BIG and all(magnitude(bounds, node, step) < BIG for node in _numbers(nodes))


def bounds_of(component: Component, boxes: Mapping[int, Ranges]) -> Bounds:
    """The ranges of terms over a block's boxes; a derived column has the range of its definition."""
    known: dict[int, Intervals] = dict(boxes)
    for i in derived_order(component.program):
        if i in component.definitions:
            known[i] = (Bounds(known).range(component.definitions[i]),)
    return Bounds(known)


def magnitude(bounds: Bounds, node: Int, dearest_step: int) -> int:
    """The greatest number that is met when a node is computed, or narrowed from its result."""
    found = 2 * bounds.largest(node)
    if isinstance(node, FloorDiv | RoundDiv):
        low, high = bounds.range(node)
        found = max(found, (2 * max(abs(low), abs(high)) + 3) * max(1, *bounds.range(node.denominator)))
    if isinstance(node, Linear):
        found = max(found, dearest_step * max(abs(c) for c, _ in node.terms))
    if isinstance(node, Table):
        found = max([found, *(abs(part) for key in node.rows for part in key)])
    return found


def dearest(component: Component, boxes: Mapping[int, Ranges]) -> int:
    """More than any repair of a row of the block may cost."""
    prices = Prices(component)
    total = sum(prices.soft)
    for i in component.mutable:
        width = boxes[i][-1][1] - boxes[i][0][0]
        total += max(MADE_NULL * prices.changed[i], prices.changed[i] + prices.step[i] * width, prices.half(i))
    return 2 * total


def _numbers(nodes: Iterable[Normal]) -> Iterator[Int]:
    """Every number that some nodes compute, within conditions too."""
    todo = list(nodes)
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, _NUMBERS):
            yield node
        todo.extend(operands(node))
