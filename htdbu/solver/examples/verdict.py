"""Whether an example is accepted or rejected as it says.

`accept` holds where some completion of the given cells breaks no hard rule, domain or null. `reject` holds where the
named rule fails in every completion, in which columns that are not given range over their domains (and null, where
they may be null) and derived ones follow their expressions; given cells stand as they are, derived ones too, as in
check, and what other rules say plays no part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

from htdbu.compiler.lowering.normalise import operands_of
from htdbu.compiler.program import Example, Program
from htdbu.solver.examples.completions import Completer, Completion
from htdbu.solver.examples.narrowed import ZeroDivisorError
from htdbu.solver.examples.questions import rejection
from htdbu.solver.examples.rows import completed_row, given
from htdbu.solver.examples.witness import row_with, spelt_cells
from htdbu.solver.outcomes import Outcome, row_outcomes
from htdbu.solver.solutions import Status
from htdbu.solver.table import VALUE, EncodedTable


class Verdict(Enum):
    """How an example fares."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Judgement:
    """The verdict on an example, why it is no better, the rules that show it, and a completion that does."""

    verdict: Verdict
    reason: str = ""
    rules: tuple[str, ...] = ()
    witness: Mapping[str, str] = field(default_factory=dict)


HOLDS = Judgement(Verdict.HOLDS)
_JUDGED = ("hard", "domain", "null", "derived")
_MAY_BE_ZERO = "a divisor is 0 in some completions only"


@dataclass(frozen=True)
class Judge:
    """Judges the examples of a program.

    Attributes:
        table: the given cells, a row for every example.
        full: the same with derived cells computed.
        outcomes: what every rule says of the full rows, by name.
    """

    program: Program
    table: EncodedTable
    full: EncodedTable
    outcomes: Mapping[str, Outcome]
    completer: Completer

    def judge(self, row: int, example: Example) -> Judgement:
        """The verdict on the example of a row."""
        return self._accept(row, example) if example.kind == "accept" else self._reject(row, example)

    def is_decided(self, rule: str, example: Example) -> bool:
        """Whether an example gives all that a rule reads; derived columns may follow from what it gives."""
        known, outcome = given(self.program, example), self.outcomes[rule]
        if outcome.kind == "derived" and not self._operands(outcome.columns[0]) <= known:
            return False
        return all(position in known or self._follows(position, known) for position in outcome.columns)

    def _follows(self, position: int, known: frozenset[int]) -> bool:
        return self.program.columns[position].derived is not None and self._operands(position) <= known

    def _operands(self, position: int) -> set[int]:
        names = operands_of(self.program, [self.program.columns[position].name])
        return {self.program.column_index[name] for name in names}

    def _accept(self, row: int, example: Example) -> Judgement:
        broken = tuple(
            outcome.name
            for outcome in self.outcomes.values()
            if outcome.kind in _JUDGED and outcome.fail[row] and self.is_decided(outcome.name, example)
        )
        if broken:
            return Judgement(Verdict.FAILS, f"breaks {_list(broken)}", broken)
        found = self.completer.accept(self.table, row, given(self.program, example))
        if found.status is Status.INFEASIBLE:
            return Judgement(Verdict.FAILS, _disagreement(example, found), found.conflict)
        return HOLDS if found.status.solved else _open(found)

    def _reject(self, row: int, example: Example) -> Judgement:
        name = str(example.by)
        outcome = self.outcomes.get(name)
        if outcome is None:
            return Judgement(Verdict.FAILS, f"`{name}` can never fail", (name,))
        if not self.is_decided(name, example):
            return self._reject_by_search(row, example, outcome)
        if outcome.fail[row]:
            return HOLDS
        if not outcome.unknown[row]:
            return Judgement(Verdict.FAILS, f"`{name}` holds there", (name,))
        cause = self._nulls(outcome.columns, row) or "as a lookup has no such row or a divisor is 0"
        return Judgement(Verdict.FAILS, f"`{name}` is unknown there, {cause}", (name,))

    def _nulls(self, columns: Collection[int], row: int) -> str:
        """Which of some columns are null, as a cause; empty where none is."""
        names = [self.program.columns[i].name for i in columns if self.full.states[i, row] != VALUE]
        return f"since {_list(names)} {'is' if len(names) == 1 else 'are'} null" if names else ""

    def _reject_by_search(self, row: int, example: Example, outcome: Outcome) -> Judgement:
        known = given(self.program, example)
        position = outcome.columns[0] if outcome.kind in ("domain", "null", "derived") else None
        if position is not None and position not in known:
            column = self.program.columns[position]
            if column.derived is None or outcome.kind == "derived":
                reason = f"the example gives no `{column.name}`, and other cells hold what they may"
                return Judgement(Verdict.FAILS, reason, (outcome.name,))
        cells = {i: self.table.value(i, row) for i in known}
        try:
            asked = rejection(self.program, outcome.name, position, cells)
        except ZeroDivisorError:
            return Judgement(Verdict.UNDECIDED, _MAY_BE_ZERO)
        found = self.completer.complete(asked, self.table, row, known)
        if found.status is Status.INFEASIBLE:
            return HOLDS
        return self._shown(row, example, outcome, found) if found.status.solved else _open(found)

    def _shown(self, row: int, example: Example, outcome: Outcome, found: Completion) -> Judgement:
        """A completion in which the rule does not fail, and what the rule says of it."""
        whole = completed_row(self.program, row_with(self.table, row, found.witness), example)
        (verdict,) = (other for other in row_outcomes(self.program, whole) if other.name == outcome.name)
        free = spelt_cells(self.program, self.table, found.witness)
        cells = ", ".join(f"{name}: {cell}" for name, cell in free.items())
        said = f"`{outcome.name}` {'is unknown' if verdict.unknown[0] else 'holds'}"
        where = f"with {cells}" if cells else "whatever the other cells are"
        stood = [i for i in outcome.columns if i in given(self.program, example)]
        cause = self._nulls(stood, row) if verdict.unknown[0] else ""
        return Judgement(Verdict.FAILS, f"{said} {where}{cause and f', {cause}'}", (outcome.name,), free)


def _open(found: Completion) -> Judgement:
    return Judgement(Verdict.UNDECIDED, found.reason)


def _disagreement(example: Example, found: Completion) -> str:
    """Why no completion breaks nothing: the given cells and the rules that cannot agree."""
    fixed = {f"{cell.column} fixed": cell.column for cell in example.cells}
    rules = [name for name in found.conflict if name not in fixed]
    named = [column for name, column in fixed.items() if name in found.conflict]
    cells = f"the {'cell' if len(named) == 1 else 'cells'} {_list(named)}"
    if not rules:
        return f"no row can hold {cells}{' together' if len(named) > 1 else ''}"
    return f"no value of the other columns agrees with {_list(rules)}{f' and {cells}' if named else ''}"


def _list(names: Collection[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
