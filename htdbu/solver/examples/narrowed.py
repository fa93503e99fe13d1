"""A rule lowered once more for given cells that lie beyond what was proved of their columns.

The normal form multiplies by divisors whose sign follows from the domains. An example may give any number; here the
proof starts from the given numbers themselves, and a quotient by 0 is unknown, as it is in check.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from htdbu.compiler.expressions import Call
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.normalise import definition_of, derived_order
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.normal import Const, Intervals, NormalColumn, NormalProgram, NormalRule
from htdbu.compiler.program import Program

_CODED = ("bool", "category", "text")


class ZeroDivisorError(ArithmeticError):
    """A divisor is 0 in some completions of the given cells and not in others."""


def narrowed(
    program: Program, normal: NormalProgram, given: Mapping[int, int], needed: Collection[int]
) -> NormalProgram:
    """The same rules and the needed definitions, proved for the given numbers instead of the domains.

    Args:
        normal: with the rules that count.
        given: the given numbers, by position.
        needed: the derived columns that keep their definitions.

    Raises:
        ZeroDivisorError: where the normal form would depend on a divisor that may be 0.
    """
    boxes: list[Intervals] = [((given[i], given[i]),) if i in given else c.box for i, c in enumerate(normal.columns)]
    lowerer = _GivenLowerer(program, boxes, dict(normal.texts))
    columns = list(normal.columns)
    for i in derived_order(program):
        if i in needed:
            columns[i] = _lowered(program, lowerer, i, columns[i])
    sources = {rule.name: rule.outcome for rule in program.rules}
    rules: list[NormalRule] = [replace(r, outcome=lowerer.condition(sources[r.name])) for r in normal.rules]
    return replace(normal, columns=tuple(columns), rules=tuple(rules), texts=lowerer.texts)


def _lowered(program: Program, lowerer: Lowerer, position: int, column: NormalColumn) -> NormalColumn:
    """A derived column with its definition lowered anew; what reads it sees how far it reaches."""
    source = program.columns[position]
    assert source.derived is not None
    definition = definition_of(lowerer, source, source.derived)
    if source.type.kind not in _CODED:
        lowerer.boxes[position] = (lowerer.bounds.range(definition),)
    return replace(column, definition=definition)


class _GivenLowerer(Lowerer):
    """The lowering of rules that may divide by a given 0."""

    def divide(self, call: Call) -> Ratio:
        """Exact division; unknown by 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return Ratio(Const(None)) if self._is_zero(right) else exact.divide(left, right, self.bounds)

    def modulo(self, call: Call) -> Ratio:
        """The remainder; unknown by 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return Ratio(Const(None)) if self._is_zero(right) else exact.modulo(left, right, self.bounds)

    def _is_zero(self, divisor: Ratio) -> bool:
        """Whether a divisor is 0 for sure.

        Raises:
            ZeroDivisorError: where it can be either.
        """
        low, high = self.bounds.range(divisor.numerator)
        if low < high and low <= 0 <= high and not self._skips_zero(divisor.numerator):
            raise ZeroDivisorError
        return low == 0 == high
