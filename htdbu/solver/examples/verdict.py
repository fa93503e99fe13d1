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

from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.normalise import operands_of
from htdbu.compiler.program import Example, Program
from htdbu.solver.beyond import divides
from htdbu.solver.engine import Status
from htdbu.solver.examples.completions import Completion, Witness, complete
from htdbu.solver.examples.rows import given
from htdbu.solver.outcomes import Outcome, outside_domain
from htdbu.solver.table import EncodedTable


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
    witness: Witness = field(default_factory=dict)


HOLDS = Judgement(Verdict.HOLDS)
UNDECIDED = Judgement(Verdict.UNDECIDED, "the search for a completion ran out of its budget")
_JUDGED = ("hard", "domain", "null", "derived")


@dataclass(frozen=True)
class Judge:
    """Judges the examples of a program.

    Attributes:
        table: the given cells, a row for every example.
        outcomes: what every rule says of these rows, derived cells computed, by name.
    """

    program: Program
    table: EncodedTable
    outcomes: Mapping[str, Outcome]

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
        rules = [rule for rule in normalise(self.program).rules if rule.kind == "hard"]
        known = given(self.program, example)
        found = complete(self.program, normalise(self.program), self.table, row, known, rules, within_domains=True)
        if found.status is Status.INFEASIBLE:
            return Judgement(Verdict.FAILS, self._disagreement(example, found), found.conflict)
        return HOLDS if found.status.solved else UNDECIDED

    def _disagreement(self, example: Example, found: Completion) -> str:
        """Why no completion breaks nothing: the given cells and the rules that cannot agree."""
        cells = {f"{cell.column} fixed" for cell in example.cells} & set(found.conflict)
        rules = [name for name in found.conflict if name not in cells]
        said = f"no value of the other columns agrees with {_list(rules)}" if rules else "no row can hold these cells"
        named = [cell.column for cell in example.cells if f"{cell.column} fixed" in cells]
        return f"{said} and the {'cell' if len(named) == 1 else 'cells'} {_list(named)}" if rules and named else said

    def _reject(self, row: int, example: Example) -> Judgement:
        name = str(example.by)
        outcome = self.outcomes.get(name)
        if outcome is None:
            return Judgement(Verdict.FAILS, f"`{name}` can never fail", (name,))
        if self.is_decided(name, example):
            if outcome.fail[row]:
                return HOLDS
            said = "is unknown" if outcome.unknown[row] else "holds"
            return Judgement(Verdict.FAILS, f"`{name}` {said} there", (name,))
        return self._reject_by_search(row, example, outcome)

    def _reject_by_search(self, row: int, example: Example, outcome: Outcome) -> Judgement:
        position = outcome.columns[0] if outcome.kind in ("domain", "null", "derived") else None
        if position is not None and self.program.columns[position].derived is None:
            column = self.program.columns[position].name
            return Judgement(Verdict.FAILS, f"the example gives no `{column}`, and other cells hold what they may")
        rules = [rule for rule in normalise(self.program).rules if rule.name == outcome.name and position is None]
        if any(divides(rule.outcome) for rule in self.program.rules if rule.name == outcome.name) and self._is_odd(row):
            return Judgement(Verdict.UNDECIDED, "a divisor may lie outside of its domain; give all that the rule reads")
        known = given(self.program, example)
        found = complete(
            self.program,
            normalise(self.program),
            self.table,
            row,
            known,
            rules,
            derived={outcome.name},
            as_held=outcome.kind != "derived",
        )
        if found.status is Status.INFEASIBLE:
            return HOLDS
        if not found.status.solved:
            return UNDECIDED
        free = {name: cell for name, cell in found.witness.items() if self.program.column_index[name] not in known}
        shown = ", ".join(f"{name}: {cell}" for name, cell in free.items())
        return Judgement(Verdict.FAILS, f"`{outcome.name}` does not fail with {shown}", (outcome.name,), free)

    def _is_odd(self, row: int) -> bool:
        """Whether a given cell lies outside of its domain."""
        normal = normalise(self.program)
        places = [i for i, column in enumerate(normal.columns) if column.kind != "text"]
        return any(outside_domain(normal, self.table, i)[row] for i in places)


def _list(names: Collection[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
