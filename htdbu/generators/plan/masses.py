"""The shares that the top-down part asks for, over the combinations of its columns, before any row is counted.

A *cell* is one combination of values (step counts; None is null) of the planned columns. Its mass starts as the number
of real rows that hold it and is then moved as little as the skeleton demands: out of cells that the rules forbid, and
to the shares that factors state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

Cell = tuple[int | None, ...]
Allowed = Callable[[Sequence[Cell]], list[bool]]

_MOST_NEW_CELLS = 20_000
"""Where real rows show nothing, at most so many combinations are considered."""


@dataclass(frozen=True)
class Stated:
    """Shares of one position's ranges among the cells whose other positions fit `where` (position -> values)."""

    position: int
    shares: dict[tuple[int, int], Fraction]
    where: dict[int, frozenset[int | None]]

    def covers(self, cell: Cell) -> bool:
        """Whether a cell is among those that the shares speak of."""
        return all(cell[position] in values for position, values in self.where.items())


class Masses:
    """The mass of every cell, in the order in which the cells were first met."""

    def __init__(self, counts: dict[Cell, int], domains: Sequence[Sequence[int | None]], allowed: Allowed) -> None:
        self.domains = domains
        self.allowed = allowed
        self.mass = {cell: Fraction(count) for cell, count in counts.items()}
        self.marginals = [self._marginal(position) for position in range(len(domains))]

    def _marginal(self, position: int) -> dict[int | None, Fraction]:
        total: dict[int | None, Fraction] = {}
        for cell, mass in self.mass.items():
            total[cell[position]] = total.get(cell[position], Fraction(0)) + mass
        return total

    def settle(self, leading: int) -> None:
        """Move the mass of forbidden cells to the allowed ones that share their first `leading` positions.

        Where the real rows hold no such cell, allowed combinations are made up in proportion to the real marginals.
        """
        cells = list(self.mass)
        good = dict(zip(cells, self.allowed(cells), strict=True))
        groups: dict[Cell, list[Cell]] = {}
        for cell in cells:
            groups.setdefault(cell[:leading], []).append(cell)
        settled: dict[Cell, Fraction] = {}
        for head, members in groups.items():
            total = sum((self.mass[cell] for cell in members), Fraction(0))
            kept = {cell: self.mass[cell] for cell in members if good[cell] and self.mass[cell] > 0}
            settled.update(_scaled(kept or self._invented(head), total))
        self.mass = settled

    def _invented(self, head: Cell) -> dict[Cell, Fraction]:
        tails = islice(product(*self.domains[len(head) :]), _MOST_NEW_CELLS)
        cells = [(*head, *tail) for tail in tails]
        made = {
            cell: self._likely(cell, len(head))
            for cell, fine in zip(cells, self.allowed(cells) if cells else [], strict=True)
            if fine
        }
        return made if any(made.values()) else dict.fromkeys(made, Fraction(1))

    def _likely(self, cell: Cell, start: int) -> Fraction:
        weight = Fraction(1)
        for position in range(start, len(cell)):
            weight *= self.marginals[position].get(cell[position], Fraction(0))
        return weight

    def meet(self, demand: Stated) -> None:
        """Give the values of a position their stated shares; cells for values that no real row holds are made."""
        covered = {cell: mass for cell, mass in self.mass.items() if demand.covers(cell)}
        total = sum(covered.values(), Fraction(0))
        if total == 0:
            return
        for cell in covered:
            del self.mass[cell]
        for ends, share in demand.shares.items():
            part = {cell: mass for cell, mass in covered.items() if mass and _lies_in(ends, cell[demand.position])}
            if share > 0:
                made = part or self._moved(covered, demand.position, ends) or self._any(demand, ends)
                self.mass.update(_scaled(made, total * share))

    def round(self) -> None:
        """Keep twelve digits of every mass: fitted again and again, exact ones would never end."""
        finest = 10**12
        self.mass = {cell: Fraction(round(mass * finest), finest) for cell, mass in self.mass.items()}
        self.mass = {cell: mass for cell, mass in self.mass.items() if mass}

    def _moved(self, cells: dict[Cell, Fraction], position: int, ends: tuple[int, int]) -> dict[Cell, Fraction]:
        """Cells like the given ones, the heaviest first, but for one value."""
        values = [value for value in self.domains[position] if _lies_in(ends, value)]
        each = min(len(values), max(1, _MOST_NEW_CELLS // len(cells)))
        heaviest = sorted(cells, key=lambda cell: -cells[cell])[:_MOST_NEW_CELLS]
        changed: dict[Cell, Fraction] = {}
        for number, cell in enumerate(heaviest if values else ()):
            for k in range(number * each, (number + 1) * each):  # where not all fit, all values have their turn
                other = (*cell[:position], values[k % len(values)], *cell[position + 1 :])
                changed[other] = changed.get(other, Fraction(0)) + 1
        return {c: changed[c] for c, fine in zip(changed, self.allowed(list(changed)), strict=True) if fine}

    def _any(self, demand: Stated, ends: tuple[int, int]) -> dict[Cell, Fraction]:
        """Allowed cells with a value in a range, among those that the shares speak of."""
        domains = [
            [
                value
                for value in domain
                if (position != demand.position or _lies_in(ends, value))
                and value in demand.where.get(position, (value,))
            ]
            for position, domain in enumerate(self.domains)
        ]
        cells = list(islice(product(*domains), _MOST_NEW_CELLS))
        likely = {cell: self._likely(cell, 0) for cell, fine in zip(cells, self.allowed(cells), strict=True) if fine}
        return likely if any(likely.values()) else dict.fromkeys(likely, Fraction(1))


def _lies_in(ends: tuple[int, int], value: int | None) -> bool:
    return value is not None and ends[0] <= value <= ends[1]


def _scaled(part: dict[Cell, Fraction], total: Fraction) -> dict[Cell, Fraction]:
    mass = sum(part.values(), Fraction(0))
    return {cell: weight * total / mass for cell, weight in part.items()} if mass else {}
