"""A row that was found, judged by the ordinary check; or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.errors import HtdbuError
from htdbu.solver.outcomes import Outcome, row_outcomes
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import BROKEN, NULL, EncodedTable

Cells = Mapping[int, int | None]
"""Cells in steps (texts by their codes in the table), by position; None is null."""


class DisagreementError(HtdbuError):
    """The solver and the check judge a row otherwise: a mistake of ours, never of the rules."""


@dataclass(frozen=True)
class Witness:
    """A row.

    Attributes:
        table: the row.
        rule: the rule that it had to break, None where it had to break none.
        nearest: whether no other such row breaks fewer soft weights or is nearer to the typical row.
    """

    program: Program
    table: EncodedTable
    rule: str | None = None
    nearest: bool = True

    @cached_property
    def broken(self) -> tuple[Outcome, ...]:
        """What the row breaks, soft rules too, as check judges it."""
        return tuple(outcome for outcome in row_outcomes(self.program, self.table) if outcome.fail[0])

    @property
    def breaks(self) -> list[str]:
        """The names of what it breaks."""
        return [outcome.name for outcome in self.broken]

    @property
    def reads(self) -> list[str]:
        """The columns that the rule reads which it had to break."""
        columns = next((outcome.columns for outcome in self.broken if outcome.name == self.rule), ())
        return [self.program.columns[i].name for i in columns]

    def checked(self) -> Witness:
        """The witness itself.

        Raises:
            DisagreementError: where it does not break exactly the rule that it had to break, and soft ones.
        """
        wrong = {outcome.name for outcome in self.broken if outcome.kind != "soft"} - {self.rule}
        if self.rule is not None and self.rule not in self.breaks:
            wrong.add(self.rule)
        if wrong:
            names = ", ".join(sorted(wrong))
            hint = "this is a fault of htdbu, please report it with the rules"
            raise DisagreementError(f"the row that was found is judged otherwise by check: {names}", hint)
        return self

    @property
    def row(self) -> dict[str, Any]:
        """The cells by name, as JSON holds them: numbers, truth values, texts (dates too), and None for null."""
        return {column.name: self._plain(i, column) for i, column in enumerate(self.program.columns)}

    @property
    def cells(self) -> dict[str, str]:
        """The cells by name, as text; a null is `null`."""
        return {column.name: self._text(i, column) or "null" for i, column in enumerate(self.program.columns)}

    def _text(self, i: int, column: Column) -> str | None:
        """A cell as text; None where it is null."""
        if self.table.states[i, 0] == BROKEN:
            return no_value(column)
        value = self.table.value(i, 0)
        if value is None or column.type.kind == "text":
            return None if value is None else self.table.texts.text(value)
        try:
            return str(text_speller(column.model_copy(update={"format": None}), None)(value))
        except OverflowError:  # computed from dates and numbers, and beyond the calendar
            return f"{value} {'days' if column.type.kind == 'date' else 'seconds'} after 1970-01-01"

    def _plain(self, i: int, column: Column) -> Any:
        text = self._text(i, column)
        if text is None or self.table.states[i, 0] in (BROKEN, NULL):
            return text
        if column.type.kind == "decimal":  # a float only where it is this very number
            return float(text) if Decimal(repr(float(text))) == Decimal(text) else text
        if column.type.kind == "bool":
            return text == "true"
        return int(text) if column.type.kind == "int" else text


@dataclass(frozen=True)
class NoWitness:
    """There is no such row, or none was found.

    Attributes:
        rule: the rule that it had to break, None where it had to break none.
        rules: a smallest set of rules of which every row breaks one that breaks the rule (that there is, where no rule
            had to be broken).
        elsewhere: whether already no row satisfies `rules`, whatever else it breaks.
        reason: why it stays open whether there is such a row; empty where it is proved that there is none.
    """

    rule: str | None
    rules: tuple[str, ...] = ()
    elsewhere: bool = False
    reason: str = ""

    @property
    def undecided(self) -> bool:
        """Whether there may be such a row."""
        return bool(self.reason)

    def __str__(self) -> str:
        """A sentence that says so."""
        names = ", ".join(f"`{name}`" for name in self.rules)
        together = f"{names} can hold in no row" if len(self.rules) == 1 else f"{names} cannot hold together"
        together = together if names else "what the columns declare leaves none"
        sought = "satisfies all hard rules" if self.rule is None else f"breaks only `{self.rule}`"
        if self.reason:
            return f"undecided whether a row {sought}: {self.reason}"
        if self.rule is None or self.elsewhere:
            return f"no row {sought}: {together}"
        if not self.rules:
            return f"no row {sought}: the columns' declarations alone imply it"
        also = f"{names} is" if len(self.rules) == 1 else f"one of {names} is"
        return f"no row {sought}: {also} then broken too"


def no_value(column: Column) -> str:
    """A text that is no value of a column."""
    text = "no-such-level" if column.type.kind == "category" else f"not-a-{column.type.kind}"
    while text in column.type.levels:
        text += "-"
    return text


def blank_row(program: Program) -> EncodedTable:
    """A row of nulls."""
    return EncodedTable.blank(normalise(program), 1)
