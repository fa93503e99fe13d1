"""What rules may do with each column of a table, so that nothing leaves 64-bit integers, whatever is written.

The compiler proves of every term that it fits (HTR301). Here the largest term that the grammar can derive is bounded
beforehand, and columns that would not fit take no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil, lcm

from htdbu.compiler.bounds import LIMIT
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.domains import bits, declared, is_open
from htdbu.compiler.normal import Intervals
from htdbu.compiler.program import Column, Program
from htdbu.compiler.writing.leaves import write_name

LARGEST_WEIGHT = 9
LARGEST_FACTOR = 1_000
"""Numbers that columns are multiplied by stay below this; they have at most two digits after the point."""
_FACTOR_DIGITS = 2
_MOST_TERMS = 16
"""More terms than both sides of a comparison have together, with room for what the compiler adds."""
_MADE_NULL = 100


@dataclass(frozen=True)
class Usable:
    """A column that rules may name.

    Attributes:
        name: as it stands in a rule.
        box: what it may hold, in steps; the assumed bounds stand in for missing ones.
    """

    column: Column
    name: str
    box: Intervals

    @property
    def kind(self) -> str:
        """The kind of its type."""
        return self.column.type.kind

    @property
    def scale(self) -> int:
        """Digits after the point."""
        return self.column.type.scale

    @property
    def low(self) -> int:
        """Its least value in steps."""
        return self.box[0][0] or 0

    @property
    def high(self) -> int:
        """Its greatest value in steps."""
        return self.box[-1][1] or 0

    @property
    def size(self) -> int:
        """No value of it is larger than this whole number, whatever the sign."""
        step: int = 10**self.scale
        return -(-max(abs(self.low), abs(self.high)) // step)

    @property
    def is_number(self) -> bool:
        """Whether it is an int or a decimal."""
        return self.kind in ("int", "decimal")

    @property
    def is_bounded(self) -> bool:
        """Whether it is stored and its declaration bounds it on both sides."""
        return self.column.derived is None and not is_open(declared(self.column))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The levels of a category, or the truth values, that its domain allows, in their order."""
        names = ("false", "true") if self.kind == "bool" else self.column.type.levels
        return tuple(name for i, name in enumerate(names) if any(a <= i <= b for a, b in _closed(self.box)))


def _closed(box: Intervals) -> Iterator[tuple[int, int]]:
    return ((low or 0, high or 0) for low, high in box)


@dataclass(frozen=True)
class Columns:
    """The columns of a table by what rules may do with them.

    Attributes:
        usable: those that rules may name, in the order of the table.
        added: numbers that may be added up, compared and multiplied by a number.
        multiplied: those of them that may also be multiplied with each other.
        left_out: names of columns with the reason why rules may not name them.
    """

    usable: tuple[Usable, ...]
    added: tuple[Usable, ...]
    multiplied: tuple[Usable, ...]
    left_out: dict[str, str]

    @property
    def largest(self) -> int:
        """No number that is added up is larger."""
        return max((each.size for each in self.added), default=1)


def columns_of_table(program: Program, max_rules: int) -> Columns:
    """What rules may do with the columns of a program that consists of them."""
    normal = normalise(program)
    every = [
        Usable(column, write_name(column.name), placed.box)
        for column, placed in zip(program.columns, normal.columns, strict=True)
    ]
    left_out = {each.column.name: "its values need more than 64 bits" for each in every if not _fits_alone(each)}
    left = [each for each in every if each.column.name not in left_out]
    while left and _price(left, max_rules) >= LIMIT:
        dearest = max(left, key=lambda each: (_width(each.column, each.box), each.column.cost))
        left_out[dearest.column.name] = "a rule with it would have prices of more than 64 bits"
        left.remove(dearest)
    added = _added([each for each in left if each.is_number and not each.column.key])
    return Columns(tuple(left), added, _multiplied(added), left_out)


def _fits_alone(each: Usable) -> bool:
    return not each.is_number or 4 * max(abs(each.low), abs(each.high)) < LIMIT


def _width(column: Column, box: Intervals) -> int:
    return bits(column, box) or 0


def _price(columns: Sequence[Usable], max_rules: int) -> int:
    """The sum of the prices of a row, were all columns connected by rules of the largest weight (`compiler.prices`)."""
    stored = [each for each in columns if each.column.derived is None]
    scale = lcm(*(_denominator(each.column.cost) for each in stored))
    unit = (2 << max((_width(each.column, each.box) for each in stored), default=1)) * scale
    costs = sum(each.column.cost * (_MADE_NULL if each.column.nullable else 2) for each in stored)
    return ceil(unit * (costs + LARGEST_WEIGHT * max_rules))


def _denominator(cost: Decimal) -> int:
    return cost.as_integer_ratio()[1]


def _added(numbers: Sequence[Usable]) -> tuple[Usable, ...]:
    """The most numbers whose sums fit; of equally many those of the smaller scale."""
    groups = [
        tuple(each for each in numbers if each.scale <= scale and _sum_of(each.size, scale + _FACTOR_DIGITS) < LIMIT)
        for scale in sorted({each.scale for each in numbers})
    ]
    return max(groups, key=len, default=())


def _sum_of(size: int, digits: int) -> int:
    """The largest sum of terms of one size with so many digits after the point. Numbers may be ten times as large."""
    return int(_MOST_TERMS * LARGEST_FACTOR * max(size, 1) * 10**digits)


def _multiplied(added: Sequence[Usable]) -> tuple[Usable, ...]:
    """The numbers whose products fit into a sum with all the others."""
    scale = max((each.scale for each in added), default=0)
    digits = max(2 * scale, scale + _FACTOR_DIGITS)
    if _sum_of(max((each.size for each in added), default=1), digits) >= LIMIT:
        return ()
    return tuple(each for each in added if _MOST_TERMS * each.size**2 * 10**digits < LIMIT)
