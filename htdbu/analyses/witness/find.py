"""Finding a row that breaks nothing, or only one rule: each block of columns by itself, then all of them judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from htdbu.analyses.block import EFFORT, Block
from htdbu.analyses.implying import smallest
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.witness.found import NoWitness, Witness, blank_row
from htdbu.analyses.witness.nearest import nearest_row
from htdbu.analyses.witness.questions import DEMAND, Question, questions
from htdbu.analyses.witness.typical import Typical, typical_row
from htdbu.compiler.normal import Var, Within
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components
from htdbu.solver.cpsat.model import Literal, ModelOverflowError
from htdbu.solver.cpsat.search import Answer
from htdbu.solver.examples.witness import fresh_text
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.ranges import bounded, complement, nearest
from htdbu.solver.solutions import Status
from htdbu.solver.table import BROKEN, EncodedTable

TOO_LARGE = "its numbers are too large for the search"


def one_row_names(program: Program) -> list[str]:
    """The names, as reports have them, of all that one row can break by itself."""
    return [outcome.name for outcome in row_outcomes(program, blank_row(program))]


def witness(
    program: Program, rule: str | None = None, real: EncodedTable | None = None, effort: float = EFFORT
) -> Witness | NoWitness:
    """A row that satisfies all hard rules, or breaks only one rule, as typical as can be; or the proof of none.

    Args:
        rule: one of `one_row_names`.
        real: the rows that say what is typical; without them the middle of the domains is.
        effort: deterministic time for one question.

    Raises:
        DisagreementError: see `Witness.checked`.
    """
    typical = typical_row(program, real)
    failed: list[NoWitness] = []
    for question in questions(program, rule):
        found = _Rows(program, rule, question, typical, effort).find()
        if isinstance(found, Witness):
            return found.checked()
        if not question.part:
            failed.append(found)
    return next((found for found in failed if found.undecided), _joined(failed))


def _joined(failed: list[NoWitness]) -> NoWitness:
    """Why none of the ways to break a rule is open."""
    names = dict.fromkeys(name for found in failed for name in found.rules)
    return NoWitness(failed[0].rule, tuple(names), any(found.elsewhere for found in failed))


@dataclass
class _Rows:
    """The search for one row that answers a question."""

    program: Program
    rule: str | None
    question: Question
    typical: Typical
    effort: float
    table: EncodedTable = field(init=False)

    def find(self) -> Witness | NoWitness:
        if not self.question.sound:
            return NoWitness(self.rule, reason=TOO_LARGE)
        parts = components(self.question.normal, frozenset())
        self.table, proved, met = blank_row(self.program), True, self.question.breaks is None
        for column in self.question.normal.columns:
            if column.kind != "text" and column.definition is None and not column.box:
                return NoWitness(self.rule, (f"{column.name}.domain",), elsewhere=True)
        for component in parts:
            met = met or self._is_asked(component)
            try:
                answer = self._solve(component)
            except ModelOverflowError:
                return NoWitness(self.rule, reason=TOO_LARGE)
            if isinstance(answer, NoWitness):
                return answer
            proved = proved and answer.status is Status.OPTIMAL
        if not met:  # the bound of a derived column that holds whatever its operands are
            return NoWitness(self.rule)
        if self.question.no_value and self.question.position is not None:
            self.table.states[self.question.position, 0] = BROKEN
        return Witness(self.program, self.table, self.rule, proved)

    def _is_asked(self, component: Component) -> bool:
        names = {rule.name for rule in (*component.hard, *component.soft)}
        names |= {f"{component.column(i).name}.{kind}" for i in component.derived for kind in ("domain", "null")}
        return self.question.breaks in names

    def _solve(self, component: Component) -> Answer | NoWitness:
        if not (component.hard or component.soft or component.derived):
            self._put_typical(component)
            return Answer(Status.OPTIMAL)
        block = Block(component, self.effort)
        goal = list(self._goal(block))
        if self._is_asked(component) and not goal:
            return NoWitness(self.rule)
        members = {n: literal for n, literal in block.rules.items() if n not in (DEMAND, self.question.breaks)}
        softest = self.question.breaks if self.question.breaks in block.softs else None
        answer = nearest_row(block, [*members.values(), *goal], self.typical, softest)
        if answer.status.solved:
            self._put(block, answer)
            return answer
        if answer.status is Status.UNKNOWN:
            return NoWitness(self.rule, reason=BUDGET)
        rules = smallest(block, members, goal)
        elsewhere = not goal and self.question.position not in component.columns
        return NoWitness(self.rule, reason=BUDGET) if rules is None else NoWitness(self.rule, rules, elsewhere)

    def _goal(self, block: Block) -> Iterator[Literal]:
        """What the row has to break, and what the question demands."""
        name = self.question.breaks
        if name in block.softs:
            yield block.softs[name]
        elif name in block.bounds:
            yield _bound_broken(block, *name.rsplit(".", 1))
        elif name in block.rules:
            yield ~block.rules[name]
        if DEMAND in block.rules:
            yield block.rules[DEMAND]

    def _put_typical(self, component: Component) -> None:
        for i in component.columns:
            column = component.column(i)
            value = self.typical.get(i)
            if column.kind == "text":
                self.table.put(i, [fresh_text(self.table.texts, 1)])
            else:
                self.table.put(i, [None if value is None else nearest(bounded(column.box), value)])

    def _put(self, block: Block, answer: Answer) -> None:
        """Write a block's cells; texts that are no literals are made up, equal ones alike."""
        made: dict[int, int] = {}
        for i, value in block.cells(answer.values).items():
            if value is not None and i in block.codes.position and value >= block.codes.literals:
                if value not in made:
                    made[value] = fresh_text(self.table.texts, 1)
                value = made[value]
            self.table.put(i, [value])


def _bound_broken(block: Block, name: str, kind: str) -> Literal:
    """The literal of a derived column's being null, or outside its domain."""
    position = next(i for i in block.component.derived if block.component.column(i).name == name)
    number = block.number(position)
    if kind == "null":
        return ~number.known
    outside = complement(block.component.column(position).domain, number.form.low, number.form.high)
    return block.true(Within(Var(position), outside))
