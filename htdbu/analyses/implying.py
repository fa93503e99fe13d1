"""Smallest sets of rules that leave no row: every row in which a goal holds has to break one of them.

By implicit hitting sets, see `htdbu.solver.hitting`: the rules that a row breaks are a set that has to be hit; a
smallest set that hits all rows met so far either leaves no row, and then is a smallest one, or gives another row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htdbu.analyses.block import Block, Row
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.hitting import hitting
from htdbu.solver.solutions import Status

_MOST_ROUNDS = 400

Members = Mapping[str, Literal]
"""What may be in the set: the literal of each member's being kept."""


def smallest(
    block: Block, members: Members, goal: Sequence[Literal] = (), held: Sequence[Literal] = ()
) -> tuple[str, ...] | None:
    """A smallest set of members with which no row has a goal; of those, one whose members come first.

    Args:
        goal, held: literals that have to hold.

    Returns:
        The names in the order of `members`; None where the budget ends before any set is proved to suffice.
    """
    asked = [*held, *goal]
    broken = [_broken(block, row, members) for row in block.rows if all(block.holds(row, g) for g in asked)]
    for _ in range(_MOST_ROUNDS):
        chosen = hitting(broken, list(members))
        if chosen is None:
            break
        answer = block.ask([*asked, *(members[name] for name in chosen)], preferred=members.values())
        if answer.status is Status.INFEASIBLE:
            return chosen
        if not answer.status.solved:
            break
        broken.append(_broken(block, answer.values, members))
        if not broken[-1]:  # a row with the goal that keeps every member: there is no such set
            return None
    return minimal(block, members, asked)


def minimal(block: Block, members: Members, asked: Sequence[Literal]) -> tuple[str, ...] | None:
    """A set of members without which, one and all, there is a row; members are left out from the last to the first."""
    kept = list(members)
    if block.ask([*asked, *members.values()]).status is not Status.INFEASIBLE:
        return None
    for name in reversed(list(members)):
        others = [other for other in kept if other != name]
        if block.ask([*asked, *(members[other] for other in others)]).status is Status.INFEASIBLE:
            kept = others
    return tuple(kept)


def _broken(block: Block, row: Row, members: Members) -> frozenset[str]:
    return frozenset(name for name, kept in members.items() if not block.holds(row, kept))
