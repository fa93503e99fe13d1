"""A smallest set of members of a conflict, by implicit hitting sets, see `htdbu.solver.hitting`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from htdbu.solver.cpsat.model import Literal, Model, replace
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.hitting import hitting
from htdbu.solver.solutions import Status

_MOST_ROUNDS = 100


class Assumptions(Protocol):
    """A model whose members can be left out, each by its literal."""

    model: Model
    members: dict[str, Literal]

    def assume(self, names: Iterable[str]) -> None:
        """Let the named members hold, and leave the others open."""
        ...


def smallest(model: Assumptions, search: Search, budget: Budget) -> tuple[str, ...] | None:
    """The names of the fewest members that conflict; of those sets one that needs no later members.

    Every round asks for the row that keeps some members and as many of the others as it can: those that it breaks
    are a small set that every conflict has to meet.

    Returns:
        The names in the order of the members; None where the budget ends first, or where the set would be large.
    """
    broken: list[frozenset[str]] = []
    order = list(model.members)
    terms = [(literal, -1) for literal in model.members.values()]
    model.assume(())
    for _ in range(_MOST_ROUNDS):
        chosen = hitting(broken, order, late_out=True)
        if chosen is None:
            return None
        _hold(model, frozenset(chosen))
        answer = search.minimise(model.model, terms, budget)
        _hold(model, frozenset())
        if answer.status is Status.INFEASIBLE:
            return chosen
        if not answer.status.solved:
            return None
        broken.append(frozenset(name for name, literal in model.members.items() if not answer.values[literal]))
        if not broken[-1]:  # a row that keeps every member: there is no conflict
            return None
    return None


def _hold(model: Assumptions, names: frozenset[str]) -> None:
    """Have the named members hold, and leave the others open: faster than assumptions, whose core nobody needs."""
    for name, literal in model.members.items():
        replace(model.model.proto.variables[literal].domain, [int(name in names), 1])
