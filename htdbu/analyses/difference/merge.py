"""Two programs in one: their rules side by side over the union of their columns.

A column that both files declare alike is one column. Any other one has a column of the union and, for each file, one
of that file's own type and domain, so that the file's rules mean what they mean in it; the two are held together
wherever the file knows the value. What a file's declarations demand are rules of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from htdbu.analyses.difference.union import Side, UnionColumn, union_columns
from htdbu.compiler.lowering import lower_program, normalise
from htdbu.compiler.lowering.build import conjunction, negated
from htdbu.compiler.normal import (
    Bool,
    Const,
    FloorDiv,
    Iff,
    IsNull,
    Linear,
    NormalColumn,
    NormalProgram,
    NormalRule,
    Or,
    Table,
    Var,
    Within,
    variables,
)
from htdbu.compiler.program import Program

Which = Literal["old", "new"]
LINK = "link "
_ZERO = ((0, 0),)
NOTHING = _ZERO
"""Stands for the box of a column that declares no value; what its domain demands fails there too."""


@dataclass(frozen=True)
class Merged:
    """Two programs in one.

    Attributes:
        union: the columns of either; they come first in `normal`.
        normal: named `old X`, `new X` for what each file demands, `link X` for what holds the columns together.
        declared: the names in `normal` of what the columns' declarations demand.
        soft: the names in `normal` of soft rules, which stand among the hard ones and are never demanded.
    """

    union: tuple[UnionColumn, ...]
    normal: NormalProgram
    declared: frozenset[str]
    soft: frozenset[str]


def merged(old: Program, new: Program) -> Merged:
    """The two programs over one table; all their columns have to be comparable."""
    first = normalise(old)
    second = lower_program(new, known=first.texts)
    union = union_columns((old.columns, first.columns), (new.columns, second.columns))
    return _Merger(union, {"old": first, "new": second}).merged()


class _Merger:
    """Gathers the columns and rules."""

    def __init__(self, union: list[UnionColumn], files: Mapping[Which, NormalProgram]) -> None:
        self.union = union
        self.files = files
        self.places: dict[Which, dict[int, int]] = {"old": {}, "new": {}}
        self.columns: list[NormalColumn] = []
        self.rules: list[NormalRule] = []

    def merged(self) -> Merged:
        alike = self._alike()
        self.columns = [_union_column(c) if c.name not in alike else _side(c).normal for c in self.union]
        for place, column in enumerate(self.union):
            self._place(place, column, column.name in alike)
        self._define()
        for place, column in enumerate(self.union):
            if column.name not in alike:
                self._demand(place, column)
        declared = frozenset(rule.name for rule in self.rules if not rule.name.startswith(LINK))
        self._state()
        normal = NormalProgram(tuple(self.columns), tuple(self.rules), (), self.files["new"].texts)
        soft = frozenset(f"{w} {r.name}" for w, file in self.files.items() for r in file.rules if r.kind == "soft")
        return Merged(tuple(self.union), normal, declared, soft)

    def _alike(self) -> set[str]:
        """The columns that both files declare, and derive, alike."""
        alike = {column.name for column in self.union if column.is_same}
        place = {column.name: i for i, column in enumerate(self.union)}
        names = {w: [place[c.name] for c in self.files[w].columns] for w in self.files}
        while True:
            lost = {c.name for c in self.union if c.name in alike and not self._derived_alike(c, alike, names)}
            if not lost:
                return alike
            alike -= lost

    def _derived_alike(self, column: UnionColumn, alike: set[str], names: Mapping[Which, list[int]]) -> bool:
        assert column.old is not None
        assert column.new is not None
        old, new = column.old.normal.definition, column.new.normal.definition
        if old is None or new is None:
            return True
        read = {self.union[names["old"][i]].name for i in variables(old)}
        same: bool = moved(old, dict(enumerate(names["old"]))) == moved(new, dict(enumerate(names["new"])))
        return same and read <= alike

    def _place(self, place: int, column: UnionColumn, alike: bool) -> None:
        """Give each file's column its place: that of the union, or one of its own."""
        for which, side in _sides(column):
            if alike or (side.normal.kind == "text" and side.normal.definition is None):
                self.places[which][side.position] = place
            else:
                self.places[which][side.position] = len(self.columns)
                own = replace(side.normal, nullable=True, fixed=False, box=side.normal.box or NOTHING)
                self.columns.append(own if own.definition is None else replace(own, domain=((None, None),)))

    def _define(self) -> None:
        """Let definitions read the columns of their own file."""
        for which, file in self.files.items():
            for i, column in enumerate(file.columns):
                if column.definition is not None:
                    place = self.places[which][i]
                    definition = moved(column.definition, self.places[which])
                    self.columns[place] = replace(self.columns[place], definition=definition)

    def _demand(self, place: int, column: UnionColumn) -> None:
        """What the declarations of a column demand, and what holds the files' columns to that of the union."""
        cell = Var(place)
        for which, side in _sides(column):
            own = Var(self.places[which][side.position])
            inside = _inside(column, side, cell)
            if side.normal.kind != "text":
                self._add(f"{which} {column.name}.domain", inside)
            if not side.normal.nullable:
                self._add(f"{which} {column.name}.null", negated(IsNull(cell)))
            both_null, equal = Iff(IsNull(cell), IsNull(own)), _equal(column, side, cell, own)
            if side.normal.definition is not None:
                self._add(f"{which} {column.name}.derived", conjunction((both_null, equal)))
            elif own != cell:
                self._add(f"{LINK}null {which} {column.name}", both_null)
                self._add(f"{LINK}{which} {column.name}", Or((negated(inside), equal)))

    def _state(self) -> None:
        """The rules of both files; two of one name read the columns of both, so that they can be compared."""
        read: dict[str, frozenset[int]] = {}
        stated: list[tuple[Which, NormalRule, Bool]] = []
        for which, file in self.files.items():
            for rule in file.rules:
                outcome = moved(rule.outcome, self.places[which])
                stated.append((which, rule, outcome))
                read[rule.name] = read.get(rule.name, frozenset()) | variables(outcome)
        for which, rule, outcome in stated:
            self._add(f"{which} {rule.name}", outcome, read[rule.name])

    def _add(self, name: str, outcome: Bool, columns: frozenset[int] = frozenset()) -> None:
        self.rules.append(NormalRule(name, "hard", None, outcome, None, columns, None))


def _sides(column: UnionColumn) -> Iterator[tuple[Which, Side]]:
    if column.old is not None:
        yield "old", column.old
    if column.new is not None:
        yield "new", column.new


def _side(column: UnionColumn) -> Side:
    return column.sides[0]


def _union_column(column: UnionColumn) -> NormalColumn:
    kind = column.type.kind
    box = column.box if column.box or kind == "text" else NOTHING
    width = 0 if not box else int(box[-1][1] or 0) - int(box[0][0] or 0)
    bits = None if kind in ("bool", "category", "text") else width.bit_length()
    return NormalColumn(
        column.name, kind, column.type.scale, box, box, bits, column.nullable, False, Decimal(1), None
    )  # fmt: skip


def _inside(column: UnionColumn, side: Side, cell: Var) -> Bool:
    """That a cell of the union is a value of the file's domain."""
    inside = Within(cell, column.intervals(side, side.normal.domain))
    factor = column.factor(side) if column.type.kind != "category" else 1
    if factor == 1:
        return inside
    rest = Linear(((1, cell), (-factor, FloorDiv(cell, Const(factor)))), 0)
    return conjunction((inside, Within(rest, _ZERO)))


def _equal(column: UnionColumn, side: Side, cell: Var, own: Var) -> Bool:
    """That a cell of the union and one of the file hold the same value; unknown where one holds none."""
    if column.type.kind == "category":
        levels: dict[tuple[int, ...], int] = {(u,): number for u, number in column.levels(side).items()}
        return Within(Linear(((1, Table((cell,), levels)), (-1, own)), 0), _ZERO)
    return Within(Linear(((1, cell), (-column.factor(side), own)), 0), _ZERO)


def moved(node: Any, places: Mapping[int, int]) -> Any:
    """A node of the normal form that reads other positions."""
    if isinstance(node, Var):
        return Var(places[node.column])
    if isinstance(node, tuple):
        return tuple(moved(part, places) for part in node)
    if is_dataclass(node) and not isinstance(node, type):
        return type(node)(*(moved(getattr(node, field.name), places) for field in fields(node)))
    return node
