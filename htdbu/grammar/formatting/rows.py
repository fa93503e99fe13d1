"""Entries of a lookup that share lines, as the cells of a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from htdbu.grammar.formatting.items import Item
from htdbu.grammar.formatting.tokens import Tokens
from htdbu.grammar.formatting.writer import WIDTH


class Place(NamedTuple):
    """The columns where an entry and its arrow begin."""

    start: int
    body: int


def sharing(tokens: Tokens, group: Sequence[Item], indent: int) -> list[bool]:
    """Which items stay behind another one on its line: entries that were written so, with a semicolon between.

    Where the first one stands behind the opening brace, there are no rows to keep.
    """
    if not tokens.lexemes[group[0].start].is_first:
        return [False] * len(group)
    found, column = [False], 0
    for before, item in pairwise(group):
        column = (column if found[-1] else indent + tokens.width(before.start, before.end)) + 1
        column += tokens.width(item.start, item.end)
        is_behind = item.form == "entry" and not tokens.lexemes[item.start].is_first
        is_parted = tokens.texts[before.end - 1] == ";" and tokens.is_flat(before.start, item.end)
        found.append(is_behind and is_parted and column <= WIDTH)
    return found


def places(tokens: Tokens, group: Sequence[Item], shares: Sequence[bool], indent: int) -> list[Place]:
    """Where every entry goes, so that those of a column begin below each other; side by side where that is too wide."""
    numbers: list[int] = []
    for is_behind in shares:
        numbers.append(numbers[-1] + 1 if is_behind else 0)
    count = max(numbers) + 1
    heads, bodies = [0] * count, [0] * count
    for item, number in zip(group, numbers, strict=True):
        heads[number] = max(heads[number], tokens.width(item.start, item.head))
        bodies[number] = max(bodies[number], tokens.width(item.head, item.end))
    if indent + sum(heads) + sum(bodies) + 2 * count - 1 > WIDTH:
        return [Place(0, 0)] * len(group)
    starts = [indent]
    for head, body in zip(heads, bodies, strict=True):
        starts.append(starts[-1] + head + 1 + body + 1)
    return [Place(starts[number], starts[number] + heads[number] + 1) for number in numbers]
