"""Rules over several rows as constraints on two rows of one model, or on a row and a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from htdbu.compiler.normal import Var
from htdbu.solver.cpsat.lowering import Lowering
from htdbu.solver.cpsat.model import Form, Literal, Model, flat, replace
from htdbu.solver.outcomes import SeveralRows
from htdbu.solver.ranges import Ranges, clip, complement


def keep_apart(model: Model, rule: SeveralRows, one: Lowering, other: Lowering, when: Sequence[Literal] = ()) -> None:
    """Two rows do not break a rule between them, wherever all of `when` hold."""
    ways: list[Literal] = []
    for i in rule.columns:
        numbers = one.number(Var(i)), other.number(Var(i))
        ways.extend(~number.known for number in numbers)
        if i in rule.left:
            gap = model.combine(((1, numbers[0].form), (-1, numbers[1].form)))
            ways.append(differing(model, gap))
    if rule.right:
        agree = model.literal()
        for i in rule.right:
            model.equal(one.number(Var(i)).form, other.number(Var(i)).form, (agree,))
        ways.append(agree)
    model.clause(ways, when)


def differing(model: Model, gap: Form) -> Literal:
    """A literal that implies that a form is not 0."""
    result = model.literal()
    model.linear(gap, complement(((0, 0),), gap.low, gap.high), (result,))
    return result


class Barrier:
    """Keeps the rows of a model from contradicting one fact, which is set for every solve.

    Attributes:
        broken: the literal of a row's contradicting it all the same.
    """

    def __init__(self, model: Model, rule: SeveralRows, rows: Iterable[Lowering]) -> None:
        self.broken = model.literal()
        self._model = model
        self._left: list[tuple[int, Form, Any]] = []
        self._right: list[tuple[int, Form, Any]] = []
        for row in rows:
            self._watch(rule, row)

    def _watch(self, rule: SeveralRows, row: Lowering) -> None:
        ways = [self.broken, *(~row.number(Var(i)).known for i in rule.columns)]
        for i in rule.left:
            away = self._model.literal()
            self._left.append((i, *self._limited(row.number(Var(i)).form, away)))
            ways.append(away)
        if rule.right:
            agree = self._model.literal()
            self._right.extend((i, *self._limited(row.number(Var(i)).form, agree)) for i in rule.right)
            ways.append(agree)
        self._model.clause(ways)

    def _limited(self, form: Form, when: Literal) -> tuple[Form, Any]:
        return form, self._model.linear(form, ((form.low, form.high),), (when,)).linear

    def set(self, left: dict[int, tuple[int, int]], right: dict[int, int], apart: bool, hard: bool) -> None:
        """Watch over a fact.

        Args:
            left: for every column of the left side the range that the rows must not all be in.
            right: what the right side must be if they are; what it must not be, where `apart` is on.
            hard: whether no row may contradict it at any price.
        """
        for i, form, constraint in self._left:
            _limit(form, constraint, complement((left[i],), form.low, form.high))
        for i, form, constraint in self._right:
            point = ((right[i], right[i]),)
            ranges = complement(point, form.low, form.high) if apart else clip(point, form.low, form.high)
            _limit(form, constraint, ranges)
        self._open([0, 0] if hard else [0, 1])

    def clear(self) -> None:
        """Watch over nothing."""
        self._open([1, 1])

    def _open(self, domain: list[int]) -> None:
        replace(self._model.proto.variables[self.broken].domain, domain)


def _limit(form: Form, constraint: Any, ranges: Ranges) -> None:
    """Let a form lie in other ranges; in none of its values where there are none."""
    allowed = ranges or ((form.high + 1, form.high + 1),)
    replace(constraint.domain, flat([(a - form.constant, b - form.constant) for a, b in allowed]))
