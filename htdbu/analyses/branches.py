"""HTR406: branches of `case` and `if` that no row reaches, and what shadows them; values of a `factor` likewise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal, inside
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.analyses.walk import expressions
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr406_branch_never_taken
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Case, Expr, children
from htdbu.compiler.literals import steps
from htdbu.compiler.lowering.build import conjunction, negated
from htdbu.compiler.normal import Bool
from htdbu.grammar.source import Span
from htdbu.solver.solutions import Status


@dataclass(frozen=True)
class Arm:
    """One branch of a `case` or `if`.

    Attributes:
        condition: that its own condition is true.
        taken: that it is, and those before it are false, where the whole is reached.
        earlier: that the branches before it are taken, with their places; of those around the whole too.
        around: that the whole is reached; None where every row reaches it.
    """

    what: str
    span: Span | None
    condition: Goal
    taken: Goal
    earlier: tuple[tuple[Span | None, Goal], ...]
    around: Goal | None = None


@dataclass(frozen=True)
class _Way:
    """What has to hold for a part of an expression to be reached, and the branches that take the other rows.

    Attributes:
        is_else: whether it is what stands after an `else`.
    """

    conditions: tuple[Bool, ...] = ()
    earlier: tuple[tuple[Span | None, Goal], ...] = ()
    is_else: bool = False

    def goal(self, *conditions: Bool) -> Goal:
        """That the part is reached and some conditions hold there."""
        return Goal(conjunction([*self.conditions, *conditions]))


def arms(subject: Subject, block: Block) -> dict[object, list[Arm]]:
    """The branches in the rules and definitions of a block; those of one place in a definition stand together."""
    found: dict[object, list[Arm]] = {}
    for expr in expressions(subject, block):
        for node, arms_of in _cases(subject, expr):
            for number, arm in enumerate(arms_of):
                key = (arm.span, number) if arm.span is not None else (id(node), number)
                found.setdefault(key, []).append(arm)
    return found


def _cases(subject: Subject, expr: Expr) -> Iterator[tuple[Case, list[Arm]]]:
    """Every `case` and `if` in an expression with its branches, those around others first."""
    todo: list[tuple[Expr, _Way]] = [(expr, _Way())]
    while todo:
        node, way = todo.pop()
        if isinstance(node, Case):
            arms_of, parts = _arms(subject, node, way)
            yield node, arms_of
            todo.extend(parts)
        else:
            todo.extend((child, replace(way, is_else=False)) for child in children(node))


def _arms(subject: Subject, case: Case, way: _Way) -> tuple[list[Arm], list[tuple[Expr, _Way]]]:
    """The branches of a `case`, and its parts with the way to each."""
    around = way.goal() if way.conditions else None
    found: list[Arm] = []
    parts: list[tuple[Expr, _Way]] = []
    denied: list[Bool] = []
    earlier = way.earlier
    for branch in case.branches:
        condition = subject.lowered(branch.condition)
        taken = way.goal(*denied, condition)
        found.append(Arm("branch", branch.span, Goal(condition), taken, earlier, around))
        parts.append((branch.condition, _Way((*way.conditions, *denied), earlier)))
        parts.append((branch.value, _Way((*way.conditions, *denied, condition), earlier)))
        denied.append(negated(condition))
        earlier = (*earlier, (branch.span, taken))
    if len(case.branches) == 1:  # of several that cover all cases, `else` is only there because it has to be
        found.append(_else(case, _Way() if way.is_else else way, denied, earlier))
    parts.append((case.otherwise, _Way((*way.conditions, *denied), earlier, is_else=True)))
    return found, parts


def _else(case: Case, way: _Way, denied: list[Bool], earlier: tuple[tuple[Span | None, Goal], ...]) -> Arm:
    never = way.goal(*denied)
    return Arm("`else`", else_place(case), never, never, earlier[-1:], way.goal() if way.conditions else None)


def else_place(case: Case) -> Span | None:
    """Where the value after `else` stands, or the whole where that value is a definition, which stands elsewhere."""
    inner, outer = case.otherwise.span, case.span
    is_own = inner and outer and inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end
    return inner if is_own else outer


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That each branch is taken, and each value of a factor."""
    branches = [arm for group in arms(subject, block).values() for arm in group]
    found = [goal for arm in branches for goal in (arm.condition, arm.taken, arm.around) if goal is not None]
    return found + [goal for _, goal in _factor_values(subject, block)]


def findings(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """The branches that no row of the domains takes, wherever their definition is used.

    What stands inside such a branch is not told of as well.
    """
    for group in arms(subject, block).values():
        reached = [arm for arm in group if arm.around not in domains.never]
        if not reached:
            continue
        if all(arm.taken in domains.never for arm in reached):
            yield _never_taken(subject, block, reached[0], domains)
        elif all(arm.taken in domains.never | domains.undecided for arm in reached):
            yield htr390_undecided.undecided("whether this branch can be taken", reached[0].span, BUDGET)
    for span, goal in _factor_values(subject, block):
        if goal in domains.never:
            yield htr406_branch_never_taken.never_taken("factor value", span, None, None)


def _never_taken(subject: Subject, block: Block, arm: Arm, domains: Answers) -> Diagnostic:
    shadow, witness = _shadow(subject, block, arm)
    is_inner = arm.around is not None and (arm.what == "`else`" or arm.condition not in domains.never)
    return htr406_branch_never_taken.never_taken(arm.what, arm.span, shadow, witness, is_inner)


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
