"""The normal form of a program: integer arithmetic and Kleene logic over encoded columns.

Every cell is an integer *step count*: ints as they are, decimals times 10**scale, bools 0/1, categories the position
of the level, dates days since 1970-01-01, datetimes seconds since 1970-01-01T00:00:00, texts a code from a dictionary.
Fractions are gone: comparisons are cross-multiplied, so all backends (numpy, CP-SAT, bounds) see the same integers. A
value may be *unknown* (a null or broken cell, or anything computed from one); there is one kind of atom, `Within`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Union

from htdbu.grammar.source import Span

Intervals = tuple[tuple[int | None, int | None], ...]
"""Disjoint ascending ranges, ends included; None is an open end."""


@dataclass(frozen=True, slots=True)
class Var:
    """The step count of a column, by its position in the program; unknown where the cell is null or broken."""

    column: int


@dataclass(frozen=True, slots=True)
class Const:
    """A fixed integer; None is unknown."""

    value: int | None


@dataclass(frozen=True, slots=True)
class Linear:
    """`sum(coefficient * term) + constant`."""

    terms: tuple[tuple[int, Int], ...]
    constant: int


@dataclass(frozen=True, slots=True)
class Product:
    """The product of two values that both vary."""

    left: Int
    right: Int


@dataclass(frozen=True, slots=True)
class FloorDiv:
    """The greatest integer not above `numerator / denominator`; the denominator is always positive."""

    numerator: Int
    denominator: Int


@dataclass(frozen=True, slots=True)
class RoundDiv:
    """`numerator / denominator` rounded to the nearest integer, halves to even; the denominator is always positive."""

    numerator: Int
    denominator: Int


@dataclass(frozen=True, slots=True)
class Abs:
    """The absolute value."""

    argument: Int


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or greatest of several values; unknown if any is."""

    which: Literal["min", "max"]
    args: tuple[Int, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """`then` where the condition is true, `otherwise` where it is false, unknown where it is unknown."""

    condition: Bool
    then: Int
    otherwise: Int


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first argument that is known."""

    args: tuple[Int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many conditions are true; unknown if any is unknown."""

    conditions: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 where the condition is true, 0 where it is false, unknown where it is unknown."""

    condition: Bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year, month or day of month (Gregorian) of a day number."""

    part: Literal["year", "month", "day"]
    argument: Int


@dataclass(frozen=True, slots=True)
class Table:
    """A finite function from key tuples to integers; unknown where no key matches or a key is unknown."""

    keys: tuple[Int, ...]
    rows: Mapping[tuple[int, ...], int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """A fixed truth value; None is unknown."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Within:
    """Whether a value lies in a union of intervals; unknown where the value is. The only atom."""

    term: Int
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a value is unknown; itself always true or false."""

    argument: Int | Bool


@dataclass(frozen=True, slots=True)
class And:
    """Kleene conjunction."""

    args: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene disjunction."""

    args: tuple[Bool, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    argument: Bool


@dataclass(frozen=True, slots=True)
class Iff:
    """Kleene equivalence: unknown where either side is."""

    left: Bool
    right: Bool


Int = Union[  # noqa: UP007
    Var,
    Const,
    Linear,
    Product,
    FloorDiv,
    RoundDiv,
    Abs,
    Extreme,
    Choose,
    Coalesce,
    Count,
    Indicator,
    Calendar,
    Table,
]
Bool = Union[Truth, Within, IsNull, And, Or, Not, Iff]  # noqa: UP007
Normal = Union[Int, Bool]  # noqa: UP007


@dataclass(frozen=True, slots=True)
class NormalColumn:
    """A column as the solver sees it.

    Attributes:
        domain: step counts that `COLUMN.domain` allows (assumed bounds included where a rule reads the column); an end
            may be open on a column that no rule reads; () for text, which has no domain.
        box: the same with every open end closed by its assumed bound: what a repair may choose from; () for text.
        bits: k of the smallest 2**k above the width of the box; None where every change has distance 1/2.
        cost: price of changing the cell, as declared.
        definition: the value of a derived column, already rounded to its scale; None for other columns.
    """

    name: str
    kind: str
    scale: int
    domain: Intervals
    box: Intervals
    bits: int | None
    nullable: bool
    fixed: bool
    cost: Decimal
    definition: Int | None


@dataclass(frozen=True, slots=True)
class NormalRule:
    """A rule over integers; `columns` are the positions that it reads, derived ones replaced by their operands."""

    name: str
    kind: Literal["hard", "soft"]
    weight: Decimal | None
    outcome: Bool
    premise: Bool | None
    columns: frozenset[int]
    span: Span | None


@dataclass(frozen=True, slots=True)
class NormalTarget:
    """A target's conditions over integers; the rest is read from the program's target of the same position."""

    condition: Bool | None
    given: Bool | None


@dataclass(frozen=True, slots=True)
class NormalProgram:
    """All that check, repair and the analyses need of a program; positions agree with `Program.columns`.

    `texts` numbers the text literals that the rules mention; codes from `len(texts)` on belong to the data.
    """

    columns: tuple[NormalColumn, ...]
    rules: tuple[NormalRule, ...]
    targets: tuple[NormalTarget, ...]
    texts: Mapping[str, int]


def operands(node: Normal) -> Iterator[Normal]:
    """The direct operands of a node, from left to right."""
    match node:
        case Linear(terms=terms):
            yield from (term for _, term in terms)
        case Product(left=a, right=b) | Iff(left=a, right=b) | FloorDiv(numerator=a, denominator=b):
            yield from (a, b)
        case RoundDiv(numerator=a, denominator=b):
            yield from (a, b)
        case Choose(condition=c, then=a, otherwise=b):
            yield from (c, a, b)
        case Extreme(args=args) | Coalesce(args=args) | And(args=args) | Or(args=args) | Count(conditions=args):
            yield from args
        case Table(keys=keys):
            yield from keys
        case Abs(argument=a) | Calendar(argument=a) | IsNull(argument=a) | Not(argument=a):
            yield a
        case Indicator(condition=a) | Within(term=a):
            yield a


def variables(node: Normal) -> frozenset[int]:
    """Positions of all columns that a node reads (derived columns as themselves)."""
    if isinstance(node, Var):
        return frozenset((node.column,))
    return frozenset().union(*(variables(child) for child in operands(node)))
