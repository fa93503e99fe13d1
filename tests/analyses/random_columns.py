"""Random columns of small domains, and conditions about one column, as texts of the rule language."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

_LEVELS = ("a", "b", "c", "d")
_RANKS = ("low", "mid", "top", "max")
_MOST_ROWS = 15_000


@dataclass(frozen=True)
class Drawn:
    """A column: its declaration, the literals of its domain in order, and two that lie just outside of a range."""

    name: str
    kind: str
    values: tuple[str, ...]
    declaration: str
    nullable: bool = False
    beyond: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.kind in ("int", "decimal")

    @property
    def has_order(self) -> bool:
        return self.kind in ("int", "decimal", "date", "ordered")


def draw_columns(r: random.Random) -> list[Drawn]:
    """Two to six columns, the first a number; their rows can be listed."""
    kinds = ["int", *r.choices(("int", "int", "decimal", "category", "category", "ordered", "bool", "date"), k=5)]
    found: list[Drawn] = []
    rows = 1
    for i, kind in enumerate(kinds[: r.randint(2, 6)]):
        column = _DRAW[kind](r, f"{kind[0]}{i}")
        rows *= len(column.values) + column.nullable
        if rows <= _MOST_ROWS:
            found.append(column)
    return found


def _null(r: random.Random) -> tuple[bool, str]:
    nullable = r.random() < 0.3
    return nullable, " null" if nullable else ""


def _int(r: random.Random, name: str) -> Drawn:
    low, width = r.choice((-2, 0, 0, 0, 1, 1, 3)), r.randint(1, 6)
    nullable, end = _null(r)
    values = [str(i) for i in range(low, low + width + 1)]
    if r.random() < 0.2:
        values = sorted(r.sample(values, r.randint(2, len(values))), key=int)
        return Drawn(name, "int", tuple(values), f"int in {{ {', '.join(values)} }}{end}", nullable)
    beyond = (str(low - 1), str(low + width + 1))
    return Drawn(name, "int", tuple(values), f"int in {values[0]}..{values[-1]}{end}", nullable, beyond)


def _decimal(r: random.Random, name: str) -> Drawn:
    scale = r.randint(1, 2)
    low, width = r.choice((0, 0, 5, 10)), r.randint(1, 4)
    nullable, end = _null(r)
    values = [f"{i / 10**scale:.{scale}f}" for i in range(low, low + width + 1)]
    beyond = (f"{(low - 1) / 10**scale:.{scale}f}", f"{(low + width + 1) / 10**scale:.{scale}f}")
    return Drawn(
        name, "decimal", tuple(values), f"decimal({scale}) in {values[0]}..{values[-1]}{end}", nullable, beyond
    )


def _category(r: random.Random, name: str) -> Drawn:
    levels = [f'"{level}"' for level in _LEVELS[: r.randint(2, 4)]]
    nullable, end = _null(r)
    declared = f"category {{ {', '.join(levels)} }}"
    if len(levels) > 2 and r.random() < 0.15:
        levels = levels[: len(levels) - 1]
        declared += f" in {{ {', '.join(levels)} }}"
    return Drawn(name, "category", tuple(levels), declared + end, nullable)


def _ordered(r: random.Random, name: str) -> Drawn:
    levels = [f'"{level}"' for level in _RANKS[: r.randint(2, 4)]]
    nullable, end = _null(r)
    declared = f"category ordered {{ {' < '.join(levels)} }}"
    if len(levels) > 2 and r.random() < 0.15:
        levels = levels[1:]
        declared += f" in {levels[0]}..{levels[-1]}"
    return Drawn(name, "ordered", tuple(levels), declared + end, nullable)


def _bool(r: random.Random, name: str) -> Drawn:
    nullable, end = _null(r)
    return Drawn(name, "bool", ("false", "true"), f"bool{end}", nullable)


def _date(r: random.Random, name: str) -> Drawn:
    first, width = date(2024, 1, r.randint(24, 31)), r.randint(1, 7)
    nullable, end = _null(r)
    days = [str(first + timedelta(days=i)) for i in range(-1, width + 2)]
    return Drawn(name, "date", tuple(days[1:-1]), f"date in {days[1]}..{days[-2]}{end}", nullable, (days[0], days[-1]))


_DRAW = {"int": _int, "decimal": _decimal, "category": _category, "ordered": _ordered, "bool": _bool, "date": _date}


def atom(r: random.Random, column: Drawn) -> str:
    """A condition about one column."""
    name, values = column.name, column.values
    if column.nullable and r.random() < 0.2:
        return f"{name} is {r.choice(('', 'not '))}null"
    if column.kind == "bool":
        return r.choice((name, f"not {name}", f"{name} == {r.choice(values)}"))
    if r.random() < 0.25:
        some = r.sample(values, r.randint(1, len(values) - 1 or 1))
        return f"{name} {r.choice(('in', 'in', 'not in'))} {{ {', '.join(some)} }}"
    if not column.has_order or r.random() < 0.25:
        return f"{name} {r.choice(('==', '==', '!='))} {r.choice(values)}"
    if r.random() < 0.2:
        low, high = sorted(r.sample(range(len(values)), 2))
        return f"{name} in {values[low]}..{values[high]}"
    return f"{name} {r.choice(('<', '<=', '>', '>='))} {r.choice((*values, *values, *column.beyond))}"


def order_cut(r: random.Random, column: Drawn) -> tuple[str, str, str]:
    """A strict bound on an ordered column, a weaker one, and what the strict one rules out."""
    values, name = column.values, column.name
    place = r.randrange(len(values) - 1)
    later = r.randrange(place, len(values) - 1)
    if r.random() < 0.5:
        return f"{name} <= {values[place]}", f"{name} <= {values[later]}", f"{name} > {values[later]}"
    mirrored = values[::-1]
    return f"{name} >= {mirrored[place]}", f"{name} >= {mirrored[later]}", f"{name} < {mirrored[later]}"
