"""Expressions of the IR: five node kinds, typed, resolved, and free of names other than columns.

Parameters and definitions are already replaced; a literal that came from a parameter remembers its name. Every operator
and function is a `Call`; what each means, its types and its lowering live in one registry (`functions`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field

from htdbu.grammar.source import Span


class Node(BaseModel):
    """Base of everything in the IR: frozen, strict about unknown keys, compared without its place in the text."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    span: Span | None = Field(default=None, exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        mine, yours = self.__dict__, other.__dict__
        return all(mine[name] == yours[name] for name in type(self).model_fields if name != "span")

    def __hash__(self) -> int:
        mine = self.__dict__
        return hash((type(self), *(mine[name] for name in type(self).model_fields if name != "span")))


class Constant(Node):
    """A literal: `type` says how to read `value` (numbers as exact decimal text, dates as ISO text)."""

    op: Literal["literal"] = "literal"
    type: Literal["number", "bool", "text", "date", "datetime", "null"]
    value: str | bool | None
    param: str | None = None

    @property
    def kind(self) -> tuple[str, int]:
        """What decides its type: that of the literal, and how many digits a number needs after the point."""
        return self.type, digits_after_point(self.value) if self.type == "number" else 0


def digits_after_point(value: object) -> int:
    """How many digits after the point a number needs; 1.50 needs one."""
    text = str(value)
    if "e" not in text and "E" not in text:
        return len(text.partition(".")[2].rstrip("0"))
    exponent = Decimal(text).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class ColumnRef(Node):
    """The value of a column in the row at hand."""

    op: Literal["column"] = "column"
    name: str


class Call(Node):
    """An operator or function applied to arguments, e.g. `add`, `le`, `and`, `is_null`, `round`, `year`."""

    op: Literal["call"] = "call"
    function: str
    args: tuple[Expr, ...]


class Branch(Node):
    """One arm of a `Case`."""

    condition: Expr
    value: Expr


class Case(Node):
    """The value of the first branch whose condition is true; `if` is a `Case` of one branch."""

    op: Literal["case"] = "case"
    branches: tuple[Branch, ...]
    otherwise: Expr


class LookupCall(Node):
    """The value of a finite table at a key; unknown where no key matches."""

    op: Literal["lookup"] = "lookup"
    table: str
    args: tuple[Expr, ...]


Expr = Annotated[Union[Constant, ColumnRef, Call, Case, LookupCall], Field(discriminator="op")]  # noqa: UP007

for _model in (Call, Branch, Case, LookupCall):
    _model.model_rebuild()


def children(expr: Any) -> Iterator[Any]:
    """The direct operands of an expression, from left to right."""
    if isinstance(expr, Call | LookupCall):
        yield from expr.args
    elif isinstance(expr, Case):
        for branch in expr.branches:
            yield branch.condition
            yield branch.value
        yield expr.otherwise


def columns_of(expr: Any) -> set[str]:
    """Names of all columns that an expression reads."""
    if isinstance(expr, ColumnRef):
        return {expr.name}
    return set().union(*(columns_of(child) for child in children(expr)))


def call(function: str, *args: Any, span: Span | None = None) -> Call:
    """Build a `Call` without spelling the fields."""
    return Call(function=function, args=args, span=span)
