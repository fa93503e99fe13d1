"""Counts near the wanted ones that meet demands: proved nearest over few kinds of cells, found by swaps over many."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction

from htdbu.errors import InfeasibleError
from htdbu.generators.plan.counts import Demand, out_of_reach
from htdbu.generators.plan.model import impossible, solve
from htdbu.generators.plan.rounding import largest_remainders
from htdbu.generators.plan.swaps import fewest_broken
from htdbu.generators.plan.unmet import Unmet

_MOST_SOLVED = 600
"""Kinds of cells up to which the nearest counts are searched for by CP-SAT; beyond, it seldom finds any in time."""
_CONFLICT_BUDGET = 0.5
"""Deterministic time for the proof that a demand may be left out of a conflict."""


def nearest(wanted: Sequence[int], demands: Sequence[Demand], masses: Sequence[Fraction] = ()) -> list[int] | Unmet:
    """Counts with the sum of the wanted ones that meet all demands.

    Over few kinds of cells they are those with the least sum of absolute differences from the wanted ones.

    Args:
        masses: how rows are spread over cells that no demand tells apart, where none of them was wanted.
    """
    if all(demand.holds(wanted) for demand in demands):
        return list(wanted)
    if out_of_reach(demands, sum(wanted)):
        return Unmet.IMPOSSIBLE
    kinds = _Kinds(wanted, demands, masses)
    found: list[int] | Unmet = Unmet.UNDECIDED
    if len(kinds.wanted) <= _MOST_SOLVED:
        found = solve(kinds.wanted, kinds.demands)
    if found is Unmet.UNDECIDED:
        swapped = fewest_broken(kinds.wanted, kinds.demands)
        found = swapped if all(demand.holds(swapped) for demand in kinds.demands) else found
    return found if isinstance(found, Unmet) else kinds.spread(found)


def closest(wanted: Sequence[int], demands: Sequence[Demand]) -> list[int]:
    """Counts with the sum of the wanted ones that miss the demands by little, where they cannot meet all."""
    kinds = _Kinds(wanted, demands)
    return kinds.spread(fewest_broken(kinds.wanted, kinds.demands))


def conflict(wanted: Sequence[int], demands: Sequence[Demand]) -> InfeasibleError:
    """The error that names a smallest set of demands which are proved to be met by no counts together."""
    total = sum(wanted)
    names = list(dict.fromkeys(demand.name for demand in demands))
    for name in list(names):
        rest = [demand for demand in demands if demand.name in names and demand.name != name]
        if rest and _impossible(wanted, rest):
            names.remove(name)
    shown = ", ".join(f"`{name}`" for name in names)
    hint = "widen one of them, or ask for another number of rows"
    return InfeasibleError(f"no table of {total} rows meets {shown}", hint)


def _impossible(wanted: Sequence[int], demands: Sequence[Demand]) -> bool:
    if out_of_reach(demands, sum(wanted)):
        return True
    kinds = _Kinds(wanted, demands)
    few = len(kinds.wanted) <= _MOST_SOLVED
    return few and impossible(sum(wanted), len(kinds.wanted), kinds.demands, _CONFLICT_BUDGET)


class _Kinds:
    """Cells that no demand tells apart, counted as one.

    The least sum of differences stays the same: rows of a kind can be spread without moving two cells against one
    another.
    """

    def __init__(self, wanted: Sequence[int], demands: Sequence[Demand], masses: Sequence[Fraction] = ()) -> None:
        members: dict[tuple[Hashable, ...], list[int]] = {}
        for i, kind in enumerate(zip(*(demand.kinds() for demand in demands), strict=True)):
            members.setdefault(kind, []).append(i)
        self.cells, self.masses = wanted, masses or [Fraction(1)] * len(wanted)
        self.members = list(members.values())
        self.wanted = [sum(wanted[i] for i in group) for group in self.members]
        self.demands = [demand.among([group[0] for group in self.members]) for demand in demands]

    def spread(self, counts: Sequence[int]) -> list[int]:
        """Counts of kinds as counts of cells, in proportion to the wanted ones."""
        found = [0] * len(self.cells)
        for group, count in zip(self.members, counts, strict=True):
            for i, part in zip(group, largest_remainders(self._weights(group), count), strict=True):
                found[i] = part
        return found

    def _weights(self, group: Sequence[int]) -> Sequence[Fraction | int]:
        for weights in (self.cells, self.masses):
            if any(weights[i] for i in group):
                return [weights[i] for i in group]
        return [1] * len(group)
