"""What the analyses look at: a program, its blocks, and how rows of blocks are shown and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from htdbu.analyses.block import EFFORT, Block, Row
from htdbu.analyses.goals import Goal
from htdbu.compiler.expressions import Expr, LookupCall
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.normal import Bool, NormalProgram
from htdbu.compiler.program import Column, Program, Rule
from htdbu.grammar.source import Span
from htdbu.solver.components import Component, components
from htdbu.solver.cpsat.model import Literal, ModelOverflowError
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.examples.witness import fresh_text, row_with, spelt_cells
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import EncodedTable, Texts

Cells = Mapping[int, int | None]
"""Cells in steps, by position; None is null."""


@dataclass
class Subject:
    """A program under analysis.

    Attributes:
        effort: deterministic time for one question.
        too_large: blocks whose numbers do not fit a model.
    """

    program: Program
    effort: float = EFFORT
    too_large: list[Component] = field(default_factory=list)

    @cached_property
    def normal(self) -> NormalProgram:
        """The normal form."""
        return normalise(self.program)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that something is said of."""
        found = components(self.normal, frozenset())
        return tuple(self._blocks(component for component in found if _says_something(component)))

    def _blocks(self, parts: Iterator[Component]) -> Iterator[Block]:
        for component in parts:
            try:
                yield Block(component, self.effort)
            except ModelOverflowError:
                self.too_large.append(component)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The stated rules by name; those that a factor makes among them."""
        return {rule.name: rule for rule in self.program.rules}

    @cached_property
    def outcomes(self) -> dict[str, Bool]:
        """The normal form of every rule's outcome."""
        return {rule.name: rule.outcome for rule in self.normal.rules}

    @cached_property
    def _lowerer(self) -> Lowerer:
        return Lowerer(self.program, [column.box for column in self.normal.columns], dict(self.normal.texts))

    def lowered(self, expr: Expr) -> Bool:
        """The normal form of a condition."""
        return self._lowerer.condition(expr)

    def lacks(self, expr: LookupCall) -> Bool:
        """Whether a lookup has no row for a known key, as a condition."""
        return self._lowerer.lacks(expr)

    def column(self, position: int) -> Column:
        """The column at a position."""
        return self.program.columns[position]

    def written(self, block: Block) -> list[Rule]:
        """The rules of a block that somebody wrote, hard and soft, in the order of the file."""
        own = {rule.name for rule in (*block.component.hard, *block.component.soft)}
        return [rule for rule in self.program.rules if rule.name in own and rule.origin != "factor"]

    def hard(self, block: Block) -> dict[str, Literal]:
        """The hard rules of a block, those that factors make too, and the literals of their being kept."""
        return {name: literal for name, literal in block.rules.items() if name not in block.bounds}

    def places(self, names: Iterable[str]) -> list[tuple[str, Span | None]]:
        """Rules with their places."""
        return [(name, self.place(name)) for name in names]

    def place(self, name: str) -> Span | None:
        """Where a rule, or the column whose domain or null is meant, is declared."""
        if name in self.rules:
            return self.rules[name].span
        column = self.program.column_index.get(name.rpartition(".")[0])
        return None if column is None else self.program.columns[column].span

    # Rows ----------------------------------------------------------------------------------------------------------

    def table(self, block: Block, row: Row) -> tuple[EncodedTable, Cells]:
        """A table of one row that holds the cells of a block, null elsewhere; and those cells."""
        blank = EncodedTable.blank(self.normal, 1)
        made: dict[int, int] = {}
        cells = {i: self._code(block, blank.texts, made, i, value) for i, value in block.cells(row).items()}
        return row_with(blank, 0, cells), cells

    def _code(self, block: Block, texts: Texts, made: dict[int, int], position: int, value: int | None) -> int | None:
        """The table's code of a text that the block made up; those made so far by the block's code."""
        if value is None or position not in block.codes.position or value < block.codes.literals:
            return value
        if value not in made:
            made[value] = fresh_text(texts, value - block.codes.literals + 1)
        return made[value]

    def spelt(self, block: Block, row: Row) -> dict[str, str]:
        """The cells of a block as a rule file writes them."""
        table, cells = self.table(block, row)
        return spelt_cells(self.program, table, cells)

    def spelt_value(self, position: int, value: int | None) -> str:
        """A value of a column as a rule file writes it."""
        return spelt_cells(self.program, EncodedTable.blank(self.normal, 1), {position: value})[
            self.column(position).name
        ]

    def spelt_number(self, block: Block, row: Row, expr: Expr) -> str | None:
        """The number that an expression has in a row; None where it is none, or has no end as a decimal."""
        value = self._lowerer.value(expr)
        if not isinstance(value, Ratio) or value.divisor is not None or not self._lowerer.is_number(expr):
            return None
        steps, _ = Evaluator(self.normal, self.table(block, row)[0]).value(value.numerator)
        exact = Fraction(int(steps[0]), value.scale)
        decimal = Decimal(exact.numerator) / exact.denominator
        return f"{decimal:f}" if Fraction(decimal) == exact else None

    def shows(self, block: Block, row: Row, goal: Goal | None) -> bool:
        """Whether the evaluator that judges tables finds a goal reached in a row."""
        if goal is None:
            return True
        true, false = Evaluator(self.normal, self.table(block, row)[0]).truth(goal.node)
        return bool((true if goal.wanted else false)[0])

    def broken(self, block: Block, row: Row) -> set[str]:
        """The hard rules of a block, and the domains and nulls of its columns, that a row breaks by that evaluator."""
        own = {self.column(i).name for i in block.component.columns} | set(block.rules)
        failed = (
            o.name for o in row_outcomes(self.program, self.table(block, row)[0]) if o.kind != "soft" and o.fail[0]
        )
        return {name for name in failed if name in own or name.rpartition(".")[0] in own}

    def restricted(self, block: Block, names: set[str]) -> Block:
        """A block made anew with some of its hard rules only."""
        hard = tuple(rule for rule in block.component.hard if rule.name in names)
        return Block(replace(block.component, hard=hard, soft=()), self.effort)


def _says_something(component: Component) -> bool:
    return bool(component.hard or component.soft or component.derived)
