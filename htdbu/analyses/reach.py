"""Which of many goals can be reached: all are asked for at once, and whatever a row shows is ticked off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal
from htdbu.solver.cpsat.model import FALSE, TRUE, Literal
from htdbu.solver.solutions import Status


@dataclass(frozen=True)
class Answers:
    """What became of some goals.

    Attributes:
        never: those that are proved to be reached in no row.
        undecided: those that the budget left open.
    """

    never: frozenset[Goal] = frozenset()
    undecided: frozenset[Goal] = frozenset()


def reach(block: Block, goals: Iterable[Goal], held: Sequence[Literal]) -> Answers:
    """Which goals are reached in some row in which some literals hold."""
    literals = {goal: block.goal(goal) for goal in goals}
    never, undecided = _reached(block, list(dict.fromkeys(literals.values())), held)
    return Answers(
        frozenset(goal for goal, literal in literals.items() if literal in never),
        frozenset(goal for goal, literal in literals.items() if literal in undecided),
    )


def _reached(block: Block, literals: Sequence[Literal], held: Sequence[Literal]) -> tuple[set[Literal], set[Literal]]:
    """The literals that hold in no such row, and those of which that stays open.

    One question asks for any of those that were not met yet; the proof that there is no such row is the proof for all
    of them. Only where that stays open is each asked for by itself.
    """
    rows = [row for row in block.rows if all(block.holds(row, literal) for literal in held if literal != TRUE)]
    never = {literal for literal in literals if literal == FALSE}
    todo = [literal for literal in literals if literal not in (TRUE, FALSE)]
    for row in rows:
        todo = [literal for literal in todo if not block.holds(row, literal)]
    while todo:
        answer = block.ask(held, todo)
        if answer.status is Status.INFEASIBLE:
            return never.union(todo), set()
        if not answer.status.solved:
            return _one_by_one(block, todo, held, never)
        todo = [literal for literal in todo if not block.holds(answer.values, literal)]
    return never, set()


def _one_by_one(
    block: Block, literals: Sequence[Literal], held: Sequence[Literal], never: set[Literal]
) -> tuple[set[Literal], set[Literal]]:
    undecided = set()
    for literal in literals:
        answer = block.ask([*held, literal])
        if answer.status is Status.INFEASIBLE:
            never.add(literal)
        elif not answer.status.solved:
            undecided.add(literal)
    return never, undecided
