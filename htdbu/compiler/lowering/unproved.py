"""The lowering for any data: no divisor's sign, nor that it is never 0, is taken from the domains.

The compiler's own normal form multiplies by divisors whose sign it has proved as long as values stay in their
domains. Here a quotient by 0 is unknown, as is every other value that does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.expressions import Call
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.build import choose, within
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.normal import Const, NormalColumn
from htdbu.compiler.program import Program

_FAR = 10**60
"""Further than any sensible number, so that no divisor is proved to have a sign."""


class UnprovedLowerer(Lowerer):
    """The lowering without knowledge of what the columns may hold.

    Args:
        texts: numbers of the text literals; new ones are added.
    """

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
