"""Whole numbers of rows for shares: largest remainders, from the top down."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Cell = tuple[object, ...]


def largest_remainders(weights: Sequence[Fraction | int], total: int) -> list[int]:
    """Split `total` in proportion to weights: whole parts first, the rest to the largest remainders, earlier first.

    Source: Hamilton's method. All weights 0 gives all counts 0.
    """
    mass = sum(weights, Fraction(0))
    if mass == 0:
        return [0] * len(weights)
    ideal = [weight * total / mass for weight in weights]
    counts = [int(share) for share in ideal]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - ideal[i], i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts


def top_down(cells: Sequence[Cell], weights: Sequence[Fraction], total: int) -> list[int]:
    """Counts of cells: the split by the first position is exact, then that by the second within each, and so on."""
    counts = [0] * len(cells)

    def split(members: list[int], depth: int, amount: int) -> None:
        if not members or amount == 0:
            return
        if depth == len(cells[members[0]]):
            counts[members[0]] = amount
            return
        groups: dict[object, list[int]] = {}
        for i in members:
            groups.setdefault(cells[i][depth], []).append(i)
        masses = [sum((weights[i] for i in group), Fraction(0)) for group in groups.values()]
        for group, part in zip(groups.values(), largest_remainders(masses, amount), strict=True):
            split(group, depth + 1, part)

    split(list(range(len(cells))), 0, total)
    return counts
