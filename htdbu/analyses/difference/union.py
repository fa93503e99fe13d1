"""The columns of two rule files as one table: every value that either file allows, and how each file sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from htdbu.analyses.witness.questions import LIMITS
from htdbu.compiler.lowering.build import normalised
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import Intervals, NormalColumn
from htdbu.compiler.program import Column, ColumnType

_NUMBERS = ("int", "decimal")
OTHER = "another level"
"""Stands for the levels that the only file with a category does not declare."""


@dataclass(frozen=True)
class Side:
    """A column as one file sees it, and its place in that file."""

    column: Column
    normal: NormalColumn
    position: int


@dataclass(frozen=True)
class UnionColumn:
    """A column of either file or of both.

    Attributes:
        old, new: None in a file that does not declare it, which then accepts anything in it.
    """

    name: str
    old: Side | None
    new: Side | None

    @property
    def sides(self) -> tuple[Side, ...]:
        """The files that declare it."""
        return tuple(side for side in (self.old, self.new) if side is not None)

    @property
    def is_comparable(self) -> bool:
        """Whether a value of one file can be one of the other."""
        kinds = {"number" if s.column.type.kind in _NUMBERS else s.column.type.kind for s in self.sides}
        return len(kinds) == 1

    @property
    def is_same(self) -> bool:
        """Whether both files declare the same values; what derives it is not looked at."""
        if self.old is None or self.new is None:
            return False
        old, new = self.old.column, self.new.column
        same = old.type == new.type and old.nullable == new.nullable and declared(old) == declared(new)
        return same and (old.derived is None) == (new.derived is None)

    @cached_property
    def type(self) -> ColumnType:
        """A type of all its values: the finer scale, the levels of both."""
        first = self.sides[0].column.type
        if first.kind in _NUMBERS:
            scale = max(side.column.type.scale for side in self.sides)
            return ColumnType(kind="decimal" if scale else "int", scale=scale)
        levels = list(dict.fromkeys(level for side in self.sides for level in side.column.type.levels))
        if first.kind == "category" and len(self.sides) == 1:
            levels.append(OTHER if OTHER not in levels else f"{OTHER} than {levels[0]}")
        return ColumnType(kind=first.kind, levels=tuple(levels))

    def factor(self, side: Side) -> int:
        """How many steps of the union are one of the file."""
        return int(10 ** (self.type.scale - side.column.type.scale))

    def levels(self, side: Side) -> dict[int, int]:
        """The file's number of each level of the union that it knows."""
        known = side.column.type.levels
        return {i: known.index(level) for i, level in enumerate(self.type.levels) if level in known}

    def intervals(self, side: Side, what: Intervals) -> Intervals:
        """Steps of the file as steps of the union; between them lie steps that a coarser file does not know."""
        if side.column.type.kind == "category":
            inside = [u for u, own in self.levels(side).items() if any((a or 0) <= own <= (b or 0) for a, b in what)]
            return normalised((u, u) for u in inside)
        f = self.factor(side)
        return tuple((None if a is None else a * f, None if b is None else b * f) for a, b in what)

    @cached_property
    def box(self) -> Intervals:
        """All values that are looked at; one step more on each side where a file accepts anything."""
        if self.type.kind == "text":
            return ()
        parts = [part for side in self.sides for part in self.intervals(side, _box(side))]
        if len(self.sides) == 1 and self.type.kind == "category":
            parts.append((len(self.type.levels) - 1, len(self.type.levels) - 1))
        elif len(self.sides) == 1 and self.type.kind != "bool":
            first, last = LIMITS.get(self.type.kind, (-(2**62), 2**62))
            parts = [(max(int(a or 0) - 1, first), min(int(b or 0) + 1, last)) for a, b in parts]
        return normalised(parts)

    @property
    def nullable(self) -> bool:
        """Whether a null is looked at."""
        return len(self.sides) == 1 or any(side.column.nullable for side in self.sides)


def _box(side: Side) -> Intervals:
    """What a file's column may hold: of a derived one what its definition can give."""
    return side.normal.box


def union_columns(
    old: tuple[tuple[Column, ...], tuple[NormalColumn, ...]], new: tuple[tuple[Column, ...], tuple[NormalColumn, ...]]
) -> list[UnionColumn]:
    """The columns of the old file, then those that only the new one has."""
    sides = []
    for columns, normals in (old, new):
        pairs = zip(columns, normals, strict=True)
        sides.append({column.name: Side(column, normal, i) for i, (column, normal) in enumerate(pairs)})
    names = dict.fromkeys([*sides[0], *sides[1]])
    return [UnionColumn(name, sides[0].get(name), sides[1].get(name)) for name in names]
