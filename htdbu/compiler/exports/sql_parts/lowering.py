"""The integer form of a program's rules that holds for every row, also with cells outside their domains.

The compiler's own form multiplies by divisors whose sign it has proved from the domains. A database judges each CHECK
by itself, so here nothing is taken from the domains: a quotient by 0 is unknown, as in `htdbu check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.expressions import Call
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.build import choose, within
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.normalise import definition_of
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.normal import Bool, Const, Int, NormalColumn
from htdbu.compiler.program import Program

_FAR = 10**60
"""Further than any sensible number, so that no divisor is proved to have a sign."""


@dataclass(frozen=True)
class Lowered:
    """A program's rules and derivations over integers, in the program's order.

    Attributes:
        outcomes: one condition a rule.
        definitions: the value of every derived column, by its position.
        texts: the text literals, at the position of their code.
        bounds: how far terms go while all cells lie in their domains.
    """

    columns: Sequence[NormalColumn]
    outcomes: Sequence[Bool]
    definitions: dict[int, Int]
    texts: Sequence[str]
    bounds: Bounds


def lower(program: Program) -> Lowered:
    """Lower all rules and derivations of a sound program."""
    normal = normalise(program)
    texts = dict(normal.texts)
    lowerer = _Unproved(program, normal.columns, texts)
    outcomes = [lowerer.condition(rule.outcome) for rule in program.rules]
    definitions = {
        i: definition_of(lowerer, column, column.derived)
        for i, column in enumerate(program.columns)
        if column.derived is not None
    }
    return Lowered(normal.columns, outcomes, definitions, list(texts), Bounds([c.box for c in normal.columns]))


class _Unproved(Lowerer):
    """The lowering without knowledge of what the columns may hold."""

    def __init__(self, program: Program, columns: Sequence[NormalColumn], texts: dict[str, int]) -> None:
        coded = ("bool", "category", "text")
        boxes = [column.box if column.kind in coded else ((-_FAR, _FAR),) for column in columns]
        super().__init__(program, boxes, texts)

    def divide(self, call: Call) -> Ratio:
        """Exact division, unknown where the divisor is 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return exact.divide(left, _unless_zero(right), self.bounds)

    def modulo(self, call: Call) -> Ratio:
        """The remainder, unknown where the divisor is 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return exact.modulo(left, _unless_zero(right), self.bounds)


def _unless_zero(divisor: Ratio) -> Ratio:
    """The same number, unknown where it is 0."""
    if isinstance(divisor.numerator, Const) and divisor.numerator.value != 0:
        return divisor
    zero = within(divisor.numerator, ((0, 0),))
    return Ratio(choose(zero, Const(None), divisor.numerator), divisor.scale, divisor.divisor)
