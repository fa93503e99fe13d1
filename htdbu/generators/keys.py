"""Fresh values for key columns: unique, inside the domain, and never one of the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from htdbu.compiler.normal import NormalColumn
from htdbu.errors import InfeasibleError


def fresh_steps(column: NormalColumn, taken: Iterable[int], n: int) -> list[int]:
    """`n` step counts for a key column, ascending: after the greatest real one where the domain allows, else in gaps.

    Raises:
        InfeasibleError: where the domain has too few values that the real rows leave free.
    """
    used = set(taken)
    candidates = _candidates(column, max(used, default=None))
    found: list[int] = []
    for value in candidates:
        if len(found) == n:
            break
        if value not in used:
            found.append(value)
    if len(found) < n:
        message = f"the key `{column.name}` has only {len(found)} values that the real rows leave free, not {n}"
        raise InfeasibleError(message, "widen its range, or ask for fewer rows")
    return sorted(found)


def _candidates(column: NormalColumn, greatest: int | None) -> Iterator[int]:
    parts = [(int(low or 0), int(high or 0)) for low, high in column.box]
    start = greatest + 1 if greatest is not None else 1
    for low, high in parts:
        yield from range(max(low, start), high + 1)
    for low, high in parts:
        yield from range(low, min(high, start - 1) + 1)


def fresh_texts(name: str, taken: Iterable[str | None], n: int) -> list[str]:
    """`n` texts for a text column that holds no pool: unique and never a real one."""
    used = set(taken)
    numbers = (i for i in range(1, n + len(used) + 1))
    width = len(str(n))
    made = (f"{name}-{i:0{width}d}" for i in numbers)
    return [text for text in made if text not in used][:n]
