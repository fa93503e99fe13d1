"""The syntax tree of a rule file: what was written and where, before names and types are resolved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Union

from htdbu.grammar.source import Span


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal; `12%` is 0.12. A leading minus of a literal is part of it only where literals stand alone."""

    value: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, escapes resolved."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Null:
    """`null`."""

    span: Span


@dataclass(frozen=True, slots=True)
class DateText:
    """A date (`2024-05-01`) or datetime (`2024-05-01T12:30:00`) as written; whether it exists is checked later."""

    value: str
    kind: Literal["date", "datetime"]
    span: Span


LiteralNode = Union[Number, Text, Boolean, Null, DateText]  # noqa: UP007


@dataclass(frozen=True, slots=True)
class Name:
    """A column, parameter, definition or a definition's argument; back-ticks removed."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Pattern:
    """`[flag_*]`: every column whose name matches."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Apply:
    """`name(args)`: a function, definition or lookup."""

    name: Name
    args: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `not x`."""

    operator: Literal["-", "not"]
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """`x + y`, `p and q`, `p => q` …"""

    operator: Literal["+", "-", "*", "/", "and", "or", "=>", "<=>"]
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a <= b`, chained `0 <= a <= b`: `operators[i]` stands between `operands[i]` and `operands[i + 1]`."""

    operands: tuple[Expression, ...]
    operators: tuple[Literal["==", "!=", "<", "<=", ">", ">="], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Range:
    """`a..b`; a missing end (only after a column's type) is None."""

    low: Expression | None
    high: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Set:
    """`{ x, y }`."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`x in …` or `x not in …`."""

    item: Expression
    collection: Range | Set
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class NullTest:
    """`x is null` or `x is not null`."""

    item: Expression
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Arm:
    """`condition -> value` of a `case`, or the first arm of an `if`."""

    condition: Expression
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if c then a else b` (one arm) or `case { c -> e; …; else -> e }`."""

    arms: tuple[Arm, ...]
    otherwise: Expression
    form: Literal["if", "case"]
    span: Span


Expression = Union[  # noqa: UP007
    LiteralNode, Name, Pattern, Apply, Unary, Binary, Comparison, Membership, NullTest, Conditional
]


@dataclass(frozen=True, slots=True)
class TypeExpr:
    """A column's type: `int`, `decimal(2)`, `category ordered { "D" < "C" }`, `text from notes by mood` …"""

    name: Literal["int", "decimal", "bool", "category", "date", "datetime", "text"]
    scale: int | None
    levels: tuple[Text, ...]
    ordered: bool
    pool: Name | None
    pool_by: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class ColumnDecl:
    """One column of a table. `cost` is the number after `cost`; `derived` the expression after `=`."""

    name: Name
    type: TypeExpr
    bound: Range | Set | None
    nullable: bool
    key: bool
    fixed: bool
    cost: Number | None
    header: Text | None
    format: Text | None
    derived: Expression | None
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """`table NAME { columns }`."""

    name: Name
    columns: tuple[ColumnDecl, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class ParamDecl:
    """`param NAME = literal`."""

    name: Name
    value: LiteralNode
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class DefDecl:
    """`def NAME = expr` (params is None) or `def NAME(a, b) = expr`."""

    name: Name
    params: tuple[Name, ...] | None
    body: Expression
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class LookupEntry:
    """`(k1, k2) -> v` of an inline lookup."""

    keys: tuple[LiteralNode, ...]
    value: LiteralNode
    span: Span


@dataclass(frozen=True, slots=True)
class LookupDecl:
    """`lookup NAME(k1, k2 -> v) { … }`, or `… from "file.csv"` (then `path` is set and `entries` empty)."""

    name: Name
    keys: tuple[Name, ...]
    value: Name
    entries: tuple[LookupEntry, ...]
    path: Text | None
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class RuleDecl:
    """`hard NAME: expr`, `soft(W) NAME: expr`, `forbid NAME: expr`."""

    kind: Literal["hard", "soft", "forbid"]
    weight: Number | None
    name: Name
    body: Expression
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class When:
    """`when expr { rules and further whens }`."""

    condition: Expression
    body: tuple[RuleDecl | When, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class UniqueDecl:
    """`unique (a, b)`."""

    columns: tuple[Name, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class FdDecl:
    """`fd a, b -> c, d`."""

    left: tuple[Name, ...]
    right: tuple[Name, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class ShareItem:
    """`value: share` or `a..b: share` in a set of shares; for two columns the key is `(a, b)`."""

    keys: tuple[LiteralNode | Range, ...]
    share: Number
    span: Span


@dataclass(frozen=True, slots=True)
class AttributeDecl:
    """`X in {…}`, `X in a..b` (allowed) or `X ~ {…: share}` (shares) in a factor."""

    column: Name
    allowed: Range | Set | None
    shares: tuple[ShareItem, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class FactorArm:
    """`value -> attributes`; the value is a literal or a range of literals."""

    value: LiteralNode | Range
    attributes: tuple[AttributeDecl, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class FactorDecl:
    """`factor COL ~ { value: share, … } { value -> attribute … }`; both parts may be missing, not both at once."""

    column: Name
    shares: tuple[ShareItem, ...] | None
    arms: tuple[FactorArm, ...]
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class TargetDecl:
    """A property of the whole table.

    `share(cond [given c])` has `condition`; `mean|min|max|sum(col)`, `quantile(col, q)` and `dist(col, …)` have
    `columns`. The bound is `in LO..HI` (low, high), `>= LO`, `<= HI`, `== P within T` (equal, within), or, for `dist`,
    `~ {…} within T` (shares, within) or `~ real within T` (real, within).
    """

    name: Name
    measure: Literal["share", "mean", "min", "max", "sum", "quantile", "dist"]
    condition: Expression | None
    columns: tuple[Name, ...]
    quantile: Number | None
    given: Expression | None
    low: LiteralNode | None
    high: LiteralNode | None
    equal: LiteralNode | None
    within: Number | None
    shares: tuple[ShareItem, ...] | None
    real: bool
    doc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class ImportDecl:
    """`import "other.htr"`."""

    path: Text
    span: Span


@dataclass(frozen=True, slots=True)
class ExampleDecl:
    """`accept { col: value, … }` or `reject { … } by RULE`."""

    kind: Literal["accept", "reject"]
    cells: tuple[tuple[Name, LiteralNode], ...]
    by: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class TestDecl:
    """`test "title" { accept … reject … }`."""

    title: Text
    examples: tuple[ExampleDecl, ...]
    span: Span


Statement = Union[  # noqa: UP007
    Table,
    ParamDecl,
    DefDecl,
    LookupDecl,
    RuleDecl,
    When,
    UniqueDecl,
    FdDecl,
    FactorDecl,
    TargetDecl,
    ImportDecl,
    TestDecl,
]


@dataclass(frozen=True, slots=True)
class Ignore:
    """`# htr: ignore[HTR503, HTR504] reason`: silences these codes for the statement that follows."""

    codes: tuple[str, ...]
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Repair:
    """Edits that carry out a help: a text for each of some places, in their order.

    `is_certain` says whether that is beyond doubt what the author meant.
    """

    edits: tuple[tuple[Span, str], ...]
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class SyntaxFinding:
    """A mistake found while parsing: HTR001 (syntax), HTR002 (unclosed) or HTR003 (not yet)."""

    code: Literal["HTR001", "HTR002", "HTR003"]
    message: str
    span: Span
    note: str | None = None
    help: str | None = None
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """All sound statements of a file, its ignores, what was wrong with the others, and where those stand."""

    statements: tuple[Statement, ...]
    ignores: tuple[Ignore, ...]
    findings: tuple[SyntaxFinding, ...]
    lost: tuple[Span, ...] = ()
