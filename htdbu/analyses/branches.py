"""HTR406: branches of `case` and `if` that no row reaches, and what shadows them; values of a `factor` likewise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal, inside
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.analyses.walk import expressions, nodes
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr406_branch_never_taken
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Case
from htdbu.compiler.literals import steps
from htdbu.compiler.lowering.build import conjunction, negated
from htdbu.compiler.normal import Bool
from htdbu.grammar.source import Span
from htdbu.solver.engine import Status


@dataclass(frozen=True)
class Arm:
    """One branch of a `case` or `if`.

    Attributes:
        condition: that its own condition is true.
        taken: that it is, and those before it are false.
        earlier: that the branches before it are taken, with their places.
    """

    what: str
    span: Span | None
    condition: Goal
    taken: Goal
    earlier: tuple[tuple[Span | None, Goal], ...]


def arms(subject: Subject, block: Block) -> dict[object, list[Arm]]:
    """The branches in the rules and definitions of a block; those of one place in a definition stand together."""
    found: dict[object, list[Arm]] = {}
    for expr in expressions(subject, block):
        for node in nodes(expr):
            if isinstance(node, Case):
                for number, arm in enumerate(_arms(subject, node)):
                    key = (arm.span, number) if arm.span is not None else (id(node), number)
                    found.setdefault(key, []).append(arm)
    return found


def _arms(subject: Subject, case: Case) -> Iterator[Arm]:
    conditions = [subject.lowered(branch.condition) for branch in case.branches]
    spans = [branch.span for branch in case.branches]
    taken = [Goal(_taken(conditions, i)) for i in range(len(conditions))]
    for i, condition in enumerate(conditions):
        yield Arm("branch", spans[i], Goal(condition), taken[i], tuple(zip(spans[:i], taken[:i], strict=True)))
    if len(case.branches) == 1:  # of several that cover all cases, `else` is only there because it has to be
        never = Goal(conjunction(negated(condition) for condition in conditions))
        yield Arm("`else`", else_place(case), never, never, tuple(zip(spans, taken, strict=True)))


def else_place(case: Case) -> Span | None:
    """Where the value after `else` stands, or the whole where that value is a definition, which stands elsewhere."""
    inner, outer = case.otherwise.span, case.span
    is_own = inner and outer and inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end
    return inner if is_own else outer


def _taken(conditions: list[Bool], place: int) -> Bool:
    return conjunction([*(negated(condition) for condition in conditions[:place]), conditions[place]])


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That each branch is taken, and each value of a factor."""
    branches = [arm.taken for group in arms(subject, block).values() for arm in group]
    return branches + [goal for _, goal in _factor_values(subject, block)]


def findings(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """The branches that no row of the domains takes, wherever their definition is used."""
    for group in arms(subject, block).values():
        arm = group[0]
        if all(each.taken in domains.never for each in group):
            shadow, witness = _shadow(subject, block, arm)
            yield htr406_branch_never_taken.never_taken(arm.what, arm.span, shadow, witness)
        elif all(each.taken in domains.never | domains.undecided for each in group):
            yield htr390_undecided.undecided("whether this branch can be taken", arm.span, BUDGET)
    for span, goal in _factor_values(subject, block):
        if goal in domains.never:
            yield htr406_branch_never_taken.never_taken("factor value", span, None, None)


def _shadow(subject: Subject, block: Block, arm: Arm) -> tuple[Span | None, dict[str, str] | None]:
    """An earlier branch that takes a row in which the branch's own condition is true, and that row."""
    for span, taken in arm.earlier:
        wanted = [block.goal(taken)] if arm.what == "`else`" else [block.goal(taken), block.goal(arm.condition)]
        answer = block.ask([*block.domains, *wanted])
        if answer.status is Status.OPTIMAL and subject.shows(block, answer.values, taken):
            return span, subject.spelt(block, answer.values)
    return None, None


def _factor_values(subject: Subject, block: Block) -> Iterator[tuple[Span | None, Goal]]:
    for factor in subject.program.factors:
        position = subject.program.column_index[factor.column]
        if position not in block.component.columns:
            continue
        kind = subject.column(position).type
        for branch in factor.branches:
            low, high = (None if end is None else steps(end, kind) for end in (branch.values.low, branch.values.high))
            ends = (None if low is None else -(-low // 1), None if high is None else high // 1)
            yield branch.span, inside(position, (ends,))
