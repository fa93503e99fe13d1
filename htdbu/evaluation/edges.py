"""Where rows stand at a bound that rules set: one step further, and the rule would be broken.

A step is the smallest one of a column: 1, a unit of the last digit, a day, a second. So `amount <= 100` has rows with
an amount of 100 at its edge, `amount < 100` those of 99.99; a rule with a premise only rows for which the premise is
true, or one step away from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.expressions import Call, Expr, children, columns_of
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import variables
from htdbu.compiler.program import Program, Rule
from htdbu.compiler.writing.errors import UnwritableError
from htdbu.compiler.writing.expressions import write_expression
from htdbu.solver.beyond import beyond
from htdbu.solver.derive import derive
from htdbu.solver.evaluate import Evaluator, inside
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import VALUE, EncodedTable

Mask = NDArray[np.bool_]
_NUMBERS = ("int", "decimal", "date", "datetime")
_COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne", "in")


@dataclass(frozen=True)
class Edge:
    """A bound of a column, and which rows stand at it.

    Attributes:
        column: its name.
        bound: an end of the domain, or the comparisons of the rule that read the column, as the language writes them.
        rule: the name that reports use.
    """

    column: str
    bound: str
    rule: str
    rows: Mask


def edges(program: Program, table: EncodedTable, names: tuple[str, ...]) -> Iterator[Edge]:
    """The bounds of some columns, those of domains first; the same ones in the same order for every table."""
    places = [program.column_index[name] for name in names]
    moved = [i for i in places if program.columns[i].type.kind in _NUMBERS and program.columns[i].derived is None]
    for i in moved:
        yield from _domain_edges(program, table, i)
    for i in moved:
        yield from _rule_edges(program, table, i)


def _domain_edges(program: Program, table: EncodedTable, i: int) -> Iterator[Edge]:
    """The ends of the declared intervals; single values have none."""
    column = program.columns[i]
    if column.domain is None:
        return
    known, spelled = table.states[i] == VALUE, text_speller(column, None)
    for low, high in declared(column):
        for end in () if low == high else (low, high):
            if end is not None:
                yield Edge(column.name, spelled(end), f"{column.name}.domain", known & (table.values[i] == end))


def _rule_edges(program: Program, table: EncodedTable, i: int) -> Iterator[Edge]:
    """The rules that a step of the column would break, hard and soft ones."""
    normal = normalise(program)
    reading = [k for k, rule in enumerate(normal.rules) if i in rule.columns]
    if not reading:
        return
    here = Evaluator(normal, table, beyond(program))
    derived = {k for rule in reading for k in variables(normal.rules[rule].outcome)}
    derived = {k for k in derived if normal.columns[k].definition is not None}
    steps = [Evaluator(normal, _stepped(program, table, i, by, derived), beyond(program)) for by in (-1, 1)]
    for k in reading:
        outcome, source = normal.rules[k].outcome, program.rules[k]
        broken = steps[0].truth(outcome)[1] | steps[1].truth(outcome)[1]
        yield Edge(program.columns[i].name, _bound(source, program, i), source.name, here.truth(outcome)[0] & broken)


def _stepped(program: Program, table: EncodedTable, i: int, by: int, derived: Collection[int]) -> EncodedTable:
    """The table with a column moved by one step wherever that stays inside what the column may be.

    Args:
        derived: the derived columns that are read of it; where they depend on the column they follow it.
    """
    normal = normalise(program)
    moved = table.values[i] + by
    stays = (table.states[i] == VALUE) & inside(normal.columns[i].box, moved)
    stepped = EncodedTable(table.values.copy(), table.states.copy(), table.texts, table.present, dict(table.huge))
    stepped.values[i] = np.where(stays, moved, table.values[i])
    if derived:
        derive(normal, stepped, [k for k, column in enumerate(normal.columns) if column.definition], beyond(program))
    return stepped


def _bound(rule: Rule, program: Program, i: int) -> str:
    """The comparisons of a rule that read a column, itself or through a derived one; else the name of the rule."""
    derived = {c.name for c in program.columns if c.derived is not None}
    read = {program.columns[i].name} | (derived if program.columns[i].name not in rule.reads else set())
    found = [atom for atom in _comparisons(rule.outcome) if columns_of(atom) & read]
    try:
        return ", ".join(dict.fromkeys(write_expression(atom) for atom in found)) or rule.name
    except UnwritableError:
        return rule.name


def _comparisons(expr: Expr) -> Iterator[Expr]:
    """The comparisons of an expression that hold no other ones, but for those inside of a choice."""
    if isinstance(expr, Call) and expr.function in _COMPARISONS:
        yield expr
        return
    for child in children(expr):
        yield from _comparisons(child)
