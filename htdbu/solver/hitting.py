"""The smallest choice of names that meets every one of some sets: one half of implicit hitting sets.

Ignatiev, Previti, Liffiton and Marques-Silva, "Smallest MUS extraction with minimal hitting set dualization", CP 2015:
members that a row breaks are a set that every conflict has to meet. A smallest choice that meets the sets of all rows
met so far is either a conflict itself, and then a smallest one, or gives another row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

LARGEST = 6
"""Larger choices are not looked for."""

Choice = tuple[int, ...]
"""Positions of names, ascending."""


def hitting(sets: Iterable[frozenset[str]], order: Sequence[str], late_out: bool = False) -> tuple[str, ...] | None:
    """The smallest choice of names that meets every set; None where it would be large.

    Args:
        order: all names, as choices are spelled and compared.
        late_out: of choices of a size take the one whose last name comes earliest (then the last but one, and so on),
            instead of the one whose first name does.
    """
    place = {name: i for i, name in enumerate(order)}
    todo = sorted(
        {tuple(sorted(place[name] for name in names)) for names in sets}, key=lambda names: (len(names), names)
    )
    for size in range(LARGEST + 1):
        best = min(_choices(todo, (), size), default=None, key=_latest_first if late_out else None)
        if best is not None:
            return tuple(order[i] for i in best)
    return None


def _latest_first(choice: Choice) -> Choice:
    return choice[::-1]


def _choices(sets: Sequence[Choice], chosen: Choice, size: int) -> Iterator[Choice]:
    """Choices of a size that meet every set; one of each unmet set's members has to be among them."""
    unmet = next((names for names in sets if not any(name in chosen for name in names)), None)
    if unmet is None:
        yield tuple(sorted(chosen))
    elif size:
        for name in unmet:
            yield from _choices(sets, (*chosen, name), size - 1)
