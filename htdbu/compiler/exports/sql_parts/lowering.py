"""The integer form of a program's rules that holds for every row, also with cells outside their domains.

The compiler's own form multiplies by divisors whose sign it has proved from the domains. A database judges each CHECK
by itself, so here nothing is taken from the domains: a quotient by 0 is unknown, as in `htdbu check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.normalise import definition_of
from htdbu.compiler.lowering.unproved import UnprovedLowerer
from htdbu.compiler.normal import Bool, Int, NormalColumn
from htdbu.compiler.program import Program


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
    lowerer = UnprovedLowerer(program, normal.columns, texts)
    outcomes = [lowerer.condition(rule.outcome) for rule in program.rules]
    definitions = {
        i: definition_of(lowerer, column, column.derived)
        for i, column in enumerate(program.columns)
        if column.derived is not None
    }
    return Lowered(normal.columns, outcomes, definitions, list(texts), Bounds([c.box for c in normal.columns]))
