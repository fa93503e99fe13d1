"""From Lark's parse tree to the syntax tree, the lower half: literals and expressions, one method a grammar rule."""

# One method a grammar rule, named after it, needs no further words:
# ruff: noqa: D102

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from lark.tree import Meta
from lark.visitors import Transformer_InPlace

from htdbu.grammar import syntax
from htdbu.grammar.source import Anchor, Span
from htdbu.grammar.words import LATER, LATER_NOTE

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_Node = TypeVar("_Node")
_Builder = TypeVar("_Builder", bound=type)


def unescape(quoted: str) -> str:
    """The text between quotes, with the escapes of newline, tab, quote and backslash resolved; other ones stay."""
    known = re.compile(r"\\(.)")
    return known.sub(lambda m: _ESCAPES.get(m[1], m[1] if m[1] in '"\\' else m[0]), quoted[1:-1])


def decimal(text: str) -> Decimal:
    """A number as written, exactly: `12_000`, `1e6`, `12%`, with or without the `..` of a range."""
    plain = text.removesuffix("..").replace("_", "")
    if not plain.endswith("%"):
        return Decimal(plain)
    sign, digits, exponent = Decimal(plain[:-1]).as_tuple()
    return Decimal((sign, digits, int(exponent) - 2))  # scaleb would round to the digits of the context


def _negated(value: Decimal) -> Decimal:
    return value.copy_negate() if value else value


def kept(items: list[Any], kind: type[_Node]) -> tuple[_Node, ...]:
    """The items of one kind."""
    return tuple(item for item in items if isinstance(item, kind))


def with_places(builder: _Builder) -> _Builder:
    """Let Lark give each of a builder's methods the place of its node.

    Lark's own `v_args` does the same, but makes a wrapper anew for every single node.
    """
    for name, method in vars(builder).items():
        if callable(method) and not name.startswith("_"):
            method.visit_wrapper = _with_place
    return builder


def _with_place(method: Callable[[Meta, list[Any]], Any], data: str, children: list[Any], meta: Meta) -> Any:
    return method(meta, children)


@with_places
class ExpressionBuilder(Transformer_InPlace):  # type: ignore[type-arg]
    """Builds the literals and expressions of a stretch of a source.

    Args:
        anchor: where the stretch begins in the source.
        docs: doc comments by the place in the stretch of what they belong to.

    Attributes:
        findings: words that parse but are reserved, and what is said twice.
        unique_calls: where `unique` is called like a function.
    """

    def __init__(self, anchor: Anchor, docs: Mapping[int, str]) -> None:
        super().__init__()
        self.anchor = anchor
        self.docs = docs
        self.findings: list[syntax.SyntaxFinding] = []
        self.unique_calls: list[int] = []

    def _span(self, meta: Meta) -> Span:
        return Span(self.anchor, meta.start_pos, meta.end_pos)

    def _before_dots(self, meta: Meta) -> Span:
        span = self._span(meta)
        return span.until(span.end - 2)

    # Ranges, sets and literals

    def range_from(self, meta: Meta, items: list[Any]) -> syntax.Range:
        return syntax.Range(items[0], items[1], self._span(meta))

    def range_to(self, meta: Meta, items: list[Any]) -> syntax.Range:
        return syntax.Range(None, items[0], self._span(meta))

    def closed_range(self, meta: Meta, items: list[Any]) -> syntax.Range:
        return syntax.Range(items[0], items[1], self._span(meta))

    range = closed_range

    def set(self, meta: Meta, items: list[Any]) -> syntax.Set:
        return syntax.Set(tuple(item for item in items if item is not None), self._span(meta))

    literal_set = set

    def low_number(self, meta: Meta, items: list[Any]) -> syntax.Number:
        return syntax.Number(decimal(items[0]), self._before_dots(meta))

    def low_negative(self, meta: Meta, items: list[Any]) -> syntax.Number:
        return syntax.Number(_negated(decimal(items[0])), self._before_dots(meta))

    def negative(self, meta: Meta, items: list[Any]) -> syntax.Number:
        return syntax.Number(_negated(items[0].value), self._span(meta))

    def number(self, meta: Meta, items: list[Any]) -> syntax.Number:
        return syntax.Number(decimal(items[0]), self._span(meta))

    def text(self, meta: Meta, items: list[Any]) -> syntax.Text:
        return syntax.Text(unescape(items[0]), self._span(meta))

    def date(self, meta: Meta, items: list[Any]) -> syntax.DateText:
        return syntax.DateText(str(items[0]), "date", self._span(meta))

    def datetime(self, meta: Meta, items: list[Any]) -> syntax.DateText:
        return syntax.DateText(str(items[0]), "datetime", self._span(meta))

    def true(self, meta: Meta, items: list[Any]) -> syntax.Boolean:
        return syntax.Boolean(True, self._span(meta))

    def false(self, meta: Meta, items: list[Any]) -> syntax.Boolean:
        return syntax.Boolean(False, self._span(meta))

    def null(self, meta: Meta, items: list[Any]) -> syntax.Null:
        return syntax.Null(self._span(meta))

    def name(self, meta: Meta, items: list[Any]) -> syntax.Name:
        return syntax.Name(str(items[0]).strip("`"), self._span(meta))

    # Expressions

    def _binary(self, operator: Any, meta: Meta, items: list[Any]) -> syntax.Binary:
        return syntax.Binary(operator, items[0], items[1], self._span(meta))

    def iff(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("<=>", meta, items)

    def implies(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("=>", meta, items)

    def or_(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("or", meta, items)

    def and_(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("and", meta, items)

    def add(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("+", meta, items)

    def subtract(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("-", meta, items)

    def multiply(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("*", meta, items)

    def divide(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._binary("/", meta, items)

    def _low(self, operator: Any, meta: Meta, items: list[Any]) -> syntax.Binary:
        """The same before a range's `..`, which belongs to its last token but not to it."""
        return syntax.Binary(operator, items[0], items[1], self._span(meta).until(items[1].span.end))

    def low_add(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._low("+", meta, items)

    def low_subtract(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._low("-", meta, items)

    def low_multiply(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._low("*", meta, items)

    def low_divide(self, meta: Meta, items: list[Any]) -> syntax.Binary:
        return self._low("/", meta, items)

    def low_negate(self, meta: Meta, items: list[Any]) -> syntax.Unary:
        return syntax.Unary("-", items[0], self._span(meta).until(items[0].span.end))

    def negation(self, meta: Meta, items: list[Any]) -> syntax.Unary:
        return syntax.Unary("not", items[0], self._span(meta))

    def negate(self, meta: Meta, items: list[Any]) -> syntax.Unary:
        return syntax.Unary("-", items[0], self._span(meta))

    def compared(self, meta: Meta, items: list[Any]) -> syntax.Comparison:
        return syntax.Comparison(tuple(items[0::2]), tuple(items[1::2]), self._span(meta))

    compared_if = compared

    def compare(self, meta: Meta, items: list[Any]) -> str:
        return str(items[0])

    def inside(self, meta: Meta, items: list[Any]) -> syntax.Membership:
        return syntax.Membership(items[0], items[1], False, self._span(meta))

    def outside(self, meta: Meta, items: list[Any]) -> syntax.Membership:
        return syntax.Membership(items[0], items[1], True, self._span(meta))

    def is_null(self, meta: Meta, items: list[Any]) -> syntax.NullTest:
        return syntax.NullTest(items[0], False, self._span(meta))

    def is_known(self, meta: Meta, items: list[Any]) -> syntax.NullTest:
        return syntax.NullTest(items[0], True, self._span(meta))

    def if_(self, meta: Meta, items: list[Any]) -> syntax.Conditional:
        return syntax.Conditional((items[0],), items[1], "if", self._span(meta))

    value_if = if_

    def if_arm(self, meta: Meta, items: list[Any]) -> syntax.Arm:
        return syntax.Arm(items[0], items[1], self._span(meta))

    value_arm = case_branch = if_arm

    def case(self, meta: Meta, items: list[Any]) -> syntax.Conditional:
        return syntax.Conditional(tuple(items[:-1]), items[-1], "case", self._span(meta))

    def apply(self, meta: Meta, items: list[Any]) -> syntax.Apply:
        args = tuple(item for item in items[1:] if item is not None)
        self._function_word(items[0])
        if items[0].value == "unique":
            self.unique_calls.append(items[0].span.start)
        return syntax.Apply(items[0], args, self._span(meta))

    def _function_word(self, name: syntax.Name) -> None:
        if name.value in LATER:
            message = f"`{name.value}` belongs to a later version"
            self.findings.append(syntax.SyntaxFinding("HTR003", message, name.span, note=LATER_NOTE))

    def pattern(self, meta: Meta, items: list[Any]) -> syntax.Pattern:
        return syntax.Pattern(str(items[0])[1:-1], self._span(meta))
