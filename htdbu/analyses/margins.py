"""How far rows are from breaking a rule: 0 at the edge, 1 as far as the columns reach, negative beyond it.

Conditions are given the quantitative meaning of Fainekos and Pappas ("Robustness of temporal logic specifications",
FATES 2006): an atom is worth its distance to the edge of its intervals, relative to how far its term can go; `and` is
the least of its parts, `or` the greatest, `not` the opposite. Unknown is nan.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.normal import And, Bool, Intervals, Not, Or, Within
from htdbu.solver.evaluate import Evaluator

Margins = NDArray[np.float64]


class MarginEvaluator:
    """Margins over the rows of a table."""

    def __init__(self, evaluator: Evaluator, boxes: Sequence[Intervals]) -> None:
        self._evaluator = evaluator
        self._bounds = Bounds(boxes)

    def margin(self, node: Bool) -> Margins:
        """How clearly a condition is true in every row; negative where it is false."""
        match node:
            case Within():
                return self._within(node)
            case And(args=args):
                return self._kleene(node, [self.margin(arg) for arg in args], np.minimum)
            case Or(args=args):
                return self._kleene(node, [self.margin(arg) for arg in args], np.maximum)
            case Not(argument=argument):
                return -self.margin(argument)
        true, false = self._evaluator.truth(node)
        return np.where(true, 1.0, np.where(false, -1.0, np.nan))

    def _kleene(self, node: Bool, parts: list[Margins], least: np.ufunc) -> Margins:
        """The parts joined; those that are unknown leave the others to decide where Kleene's logic does."""
        known = np.fmin if least is np.minimum else np.fmax
        true, false = self._evaluator.truth(node)
        joined: Margins = np.where(true | false, reduce(known, parts), np.nan)
        return joined

    def _within(self, node: Within) -> Margins:
        values, known = self._evaluator.value(node.term)
        numbers = values.astype(float)
        low, high = self._bounds.range(node.term)
        ends = [(-np.inf if a is None else float(a), np.inf if b is None else float(b)) for a, b in node.intervals]
        outside = reduce(
            np.minimum, (np.maximum(a - numbers, numbers - b) for a, b in ends), np.full(len(numbers), np.inf)
        )
        inside = reduce(
            np.maximum, (np.minimum(numbers - a, b - numbers) + 1 for a, b in ends), np.full(len(numbers), -np.inf)
        )
        steps = np.where(outside > 0, -outside, inside)
        margin: Margins = np.where(known, np.clip(steps / max(high - low, 1), -1.0, 1.0), np.nan)
        return margin
