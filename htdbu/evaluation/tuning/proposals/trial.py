"""A wrong rule on trial: where it stands in the text, and how real and shuffled rows fare under changed texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.errors import CompileError
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.setup import Edit, Setup, edited
from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span
from htdbu.solver.outcomes import Outcome, row_outcomes
from htdbu.solver.table import EncodedTable

LEFT = 0.001
"""Of the rows that a changed rule speaks of at most so many may break it: the quantile that a bound is moved to."""
MOST_ROWS = 6_000
SHUFFLES = 5


@dataclass(frozen=True)
class Fared:
    """Rows that a rule speaks of, and those of them that break it."""

    fired: int
    failed: int

    @property
    def rate(self) -> float:
        """The share that breaks it."""
        return self.failed / self.fired if self.fired else 0.0


@dataclass(frozen=True)
class Trial:
    """What proposals are given.

    Attributes:
        setup: the set-up in which the rule is wrong.
        outcome: what it says of the real rows.
        place: its statement; the column, factor or rule that makes it.
        why: the evidence against it.
    """

    setup: Setup
    evidence: Evidence
    outcome: Outcome
    place: syntax.RuleDecl | syntax.ColumnDecl | syntax.FactorDecl
    why: str

    @classmethod
    def of(cls, setup: Setup, evidence: Evidence, outcome: Outcome, why: str) -> Trial | None:
        """The trial of a rule; None for kinds that no change is known for."""
        place = next((node for name, node in _places(setup.statements) if _means(name, node, outcome.name)), None)
        return None if place is None else cls(setup, evidence, outcome, place, why)

    @property
    def rule(self) -> syntax.RuleDecl | None:
        """The statement where it is a rule."""
        return self.place if isinstance(self.place, syntax.RuleDecl) else None

    def text(self, span: Span) -> str:
        """What stands there."""
        return self.setup.source.text[span.start : span.end]

    def edit(self, said: str, *texts: tuple[Span, str]) -> Edit:
        """A change of the statement."""
        return Edit(self.place.span, texts, f"`{self.outcome.name}`: {said}", self.why)

    def surely_more(self, worth: float, other: float) -> bool:
        """Whether one share of the shuffled rows is greater than another by more than three standard errors."""
        variance = (worth * (1 - worth) + other * (1 - other)) / max(self._shuffled.n_rows, 1)
        return worth - other > 3 * sqrt(variance)

    @cached_property
    def _real(self) -> EncodedTable:
        table = self.evidence.table(self.setup)
        if table.n_rows <= MOST_ROWS:
            return table
        return table.take(np.sort(self.evidence.rows.rng(6).permutation(table.n_rows)[:MOST_ROWS]))

    @cached_property
    def _shuffled(self) -> EncodedTable:
        """The real rows, `SHUFFLES` times, with every column in an order of its own."""
        table = self._real.take(np.tile(np.arange(self._real.n_rows), SHUFFLES))
        for i in range(len(table.values)):
            order = self.evidence.rows.rng(7, i).permutation(table.n_rows)
            table.values[i], table.states[i] = table.values[i][order], table.states[i][order]
        return table

    def worth(self, edit: Edit) -> float | None:
        """How much the changed rule still says; None where the real rows do not support it."""
        text = edited(self.setup.source.text, [edit])
        fared = self.fared(text)
        if fared is None or not fared.fired or fared.rate > LEFT or edit.apply(self.setup) is None:
            return None
        shuffled = self.fared(text, self._shuffled)
        return 0.0 if shuffled is None else shuffled.failed / max(self._shuffled.n_rows, 1)

    def fared(self, text: str, table: EncodedTable | None = None) -> Fared | None:
        """How rows fare under the rule of a changed text; None where the text is no sound rule file."""
        program = self._alone(text)
        if program is None:
            return None
        judged = (o for o in row_outcomes(program, table or self._real) if o.name == self.outcome.name)
        outcome = next(judged, None)
        if outcome is None:
            return None
        return Fared(int(outcome.fired.sum()), int((outcome.fail & outcome.fired).sum()))

    def _alone(self, text: str) -> Program | None:
        """The program of a text, with this one of its rules alone."""
        try:
            program = compile_source(Source(self.setup.source.name, text), self.setup.params).checked()
        except CompileError:
            return None
        return program.model_copy(
            update={
                "rules": tuple(rule for rule in program.rules if rule.name == self.outcome.name),
                "factors": (),
                "targets": (),
                "tests": (),
            }
        )


def _places(
    statements: Sequence[syntax.Statement],
) -> Iterator[tuple[str, syntax.RuleDecl | syntax.ColumnDecl | syntax.FactorDecl]]:
    """All statements that make rules, by the name or the beginning of the name of what they make."""
    for statement in statements:
        match statement:
            case syntax.Table(columns=columns):
                yield from ((column.name.value, column) for column in columns)
            case syntax.RuleDecl(name=name):
                yield name.value, statement
            case syntax.When(body=body):
                yield from _places(body)
            case syntax.FactorDecl(column=name):
                yield name.value, statement


def _means(name: str, node: object, rule: str) -> bool:
    """Whether a statement makes the rule of that name."""
    if isinstance(node, syntax.RuleDecl):
        return name == rule
    if isinstance(node, syntax.FactorDecl):
        return rule.startswith(f"{name}.") and rule.count(".") > 1
    return rule in (f"{name}.domain", f"{name}.null")
