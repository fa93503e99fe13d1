"""From a goal that no row reaches to a finding's proof: a smallest set of rules, checked on a model made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal
from htdbu.analyses.implying import smallest
from htdbu.analyses.subject import Subject
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.solutions import Status

BUDGET = "the search ran out of its budget"
DISAGREE = "a second run of the solver did not confirm the first"


@dataclass(frozen=True)
class Proof:
    """The rules that leave no row with a goal; `reason` says why there is none where that was not confirmed."""

    rules: tuple[str, ...] = ()
    reason: str = ""


def prove(subject: Subject, block: Block, members: Mapping[str, Literal], goal: Goal | None) -> Proof:
    """A smallest set of members with which no row of the domains has a goal; None is any row at all.

    Args:
        members: kept by which literals; the domains hold anyway, unless they are members.
    """
    held = [literal for name, literal in block.bounds.items() if name not in members]
    rules = smallest(block, members, [] if goal is None else [block.goal(goal)], held)
    if rules is None:
        return Proof(reason=BUDGET)
    return Proof(rules) if _confirmed(subject, block, rules, goal, held) else Proof(reason=DISAGREE)


def _confirmed(
    subject: Subject, block: Block, rules: Sequence[str], goal: Goal | None, held: Sequence[Literal]
) -> bool:
    """Whether a new model of these rules alone has no row, and one for each of them that is left out."""
    anew = subject.restricted(block, set(rules))
    wanted = [] if goal is None else [anew.goal(goal)]
    bounds = list(anew.bounds) if held else [name for name in anew.bounds if name in rules]
    kept = [name for name in anew.rules if name in rules or name in bounds]
    if anew.ask([*wanted, *(anew.rules[name] for name in kept)]).status is not Status.INFEASIBLE:
        return False
    return all(_is_needed(subject, anew, [k for k in kept if k != name], goal, wanted) for name in rules)


def _is_needed(
    subject: Subject, anew: Block, kept: Sequence[str], goal: Goal | None, wanted: Sequence[Literal]
) -> bool:
    answer = anew.ask([*wanted, *(anew.rules[name] for name in kept)])
    if not answer.status.solved:
        return answer.status is Status.UNKNOWN  # not smallest for sure, but sufficient
    return subject.shows(anew, answer.values, goal) and not subject.broken(anew, answer.values) & set(kept)
