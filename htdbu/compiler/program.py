"""The IR of a rule file: a typed `Program` that round-trips through JSON.

Literals stand as exact text (numbers as decimals, dates as ISO), so nothing is ever a binary float.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import PlainSerializer

from htdbu.compiler.expressions import Call, Constant, Expr, Node, call, columns_of

Kind = Literal["int", "decimal", "bool", "category", "date", "datetime", "text"]
ExactDecimal = Annotated[Decimal, PlainSerializer(lambda d: format(d, "f"), return_type=str, when_used="json")]


class ColumnType(Node):
    """What the cells of a column are; `scale` counts digits after the point, `levels` are a category's texts."""

    kind: Kind
    scale: int = 0
    levels: tuple[str, ...] = ()
    ordered: bool = False


class Interval(Node):
    """Literals from `low` to `high`, ends included; None is an open side; one value has equal ends."""

    low: str | None
    high: str | None


class Column(Node):
    """A declared column. `domain` None means any value of the type; `derived` columns are always recomputed."""

    name: str
    header: str
    type: ColumnType
    domain: tuple[Interval, ...] | None = None
    nullable: bool = False
    key: bool = False
    fixed: bool = False
    cost: ExactDecimal = Decimal(1)
    format: str | None = None
    pool: str | None = None
    pool_by: str | None = None
    derived: Expr | None = None
    doc: str | None = None

    @property
    def is_name(self) -> bool:
        """Whether it is a key or a text: it names or describes a row, and is no part of what rows have in common."""
        return self.key or self.type.kind == "text"


class Rule(Node):
    """A hard or soft rule: `body` must not be false where `guard` (the `when`s around it) is true."""

    name: str
    kind: Literal["hard", "soft"]
    body: Expr
    guard: Expr | None = None
    weight: ExactDecimal | None = None
    origin: Literal["hard", "soft", "forbid", "factor"] = "hard"
    doc: str | None = None

    @cached_property
    def outcome(self) -> Expr:
        """The expression whose truth is the rule's: guard => body."""
        return self.body if self.guard is None else call("implies", self.guard, self.body, span=self.span)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names of the columns that it reads."""
        return frozenset(columns_of(self.outcome))

    @cached_property
    def premise(self) -> Expr | None:
        """What must be true for the rule to decide anything: the guards and the left of a top-level `=>`."""
        implies = isinstance(self.body, Call) and self.body.function == "implies"
        antecedent = self.body.args[0] if implies and isinstance(self.body, Call) else None
        if self.guard is None or antecedent is None:
            return antecedent if self.guard is None else self.guard
        return call("and", self.guard, antecedent, span=self.span)


class Share(Node):
    """A value or range of a column (or of each of several) and its share of the rows, between 0 and 1."""

    values: tuple[Interval, ...]
    share: ExactDecimal


class Attribute(Node):
    """What a factor value says of another column: the values it may take, and their shares where given."""

    column: str
    allowed: tuple[Interval, ...]
    shares: tuple[Share, ...] | None = None


class FactorBranch(Node):
    """The attributes of the rows whose factor column lies in `values`."""

    values: Interval
    attributes: tuple[Attribute, ...]


class Factor(Node):
    """A column that rows are planned from first."""

    column: str
    shares: tuple[Share, ...] | None = None
    branches: tuple[FactorBranch, ...] = ()
    doc: str | None = None


class Target(Node):
    """A property of the whole table; `low` and `high` bound its value, both ends included."""

    name: str
    measure: Literal["share", "mean", "min", "max", "sum", "quantile", "dist"]
    condition: Expr | None = None
    columns: tuple[str, ...] = ()
    quantile: ExactDecimal | None = None
    given: Expr | None = None
    low: Constant | None = None
    high: Constant | None = None
    shares: tuple[Share, ...] | None = None
    real: bool = False
    doc: str | None = None


class Param(Node):
    """A constant that the command line or the API may set."""

    name: str
    value: Constant
    doc: str | None = None


class Unique(Node):
    """No two rows share the tuple of these columns."""

    columns: tuple[str, ...]
    doc: str | None = None

    @property
    def name(self) -> str:
        """The name that reports use."""
        return f"unique({', '.join(self.columns)})"


class FunctionalDependency(Node):
    """Rows that agree on the left agree on the right."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    doc: str | None = None

    @property
    def name(self) -> str:
        """The name that reports use."""
        return f"fd({', '.join(self.left)} -> {', '.join(self.right)})"


class LookupRow(Node):
    """One key tuple and its value."""

    keys: tuple[Constant, ...]
    value: Constant


def _one_of_each(literals: Iterable[Constant]) -> tuple[Constant, ...]:
    found: dict[tuple[str, int], Constant] = {}
    for literal in literals:
        found.setdefault(literal.kind, literal)
    return tuple(found.values())


class Lookup(Node):
    """A finite table from key tuples to values."""

    name: str
    rows: tuple[LookupRow, ...]
    doc: str | None = None

    @cached_property
    def key_kinds(self) -> tuple[tuple[Constant, ...], ...]:
        """For every key one literal of each kind that stands there."""
        width = min((len(row.keys) for row in self.rows), default=0)
        return tuple(_one_of_each(row.keys[i] for row in self.rows) for i in range(width))

    @cached_property
    def value_kinds(self) -> tuple[Constant, ...]:
        """One value of each kind of literal."""
        return _one_of_each(row.value for row in self.rows)


class ExampleCell(Node):
    """What an example says of a column; the value may lie outside of its domain."""

    column: str
    value: Constant


class Example(Node):
    """A row that has to be accepted, or rejected `by` a rule; columns that it does not name are free."""

    kind: Literal["accept", "reject"]
    cells: tuple[ExampleCell, ...]
    by: str | None = None


class ExampleTest(Node):
    """Example rows under a title."""

    title: str
    examples: tuple[Example, ...]


class Program(Node):
    """Everything that a rule file says, resolved and typed."""

    format: Literal["htdbu/1"] = "htdbu/1"
    name: str | None = None
    columns: tuple[Column, ...] = ()
    rules: tuple[Rule, ...] = ()
    factors: tuple[Factor, ...] = ()
    targets: tuple[Target, ...] = ()
    params: tuple[Param, ...] = ()
    uniques: tuple[Unique, ...] = ()
    dependencies: tuple[FunctionalDependency, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    tests: tuple[ExampleTest, ...] = ()
    doc: str | None = None

    @cached_property
    def column_index(self) -> dict[str, int]:
        """Position of every column by its name."""
        return {column.name: i for i, column in enumerate(self.columns)}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where none is declared."""
        return self.columns[self.column_index[name]]

    def __hash__(self) -> int:
        return id(self)


Program.model_rebuild()
