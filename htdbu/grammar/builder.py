"""From Lark's parse tree to the syntax tree: one method a grammar rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from lark.tree import Meta
from lark.visitors import Transformer_InPlace, v_args

from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.grammar.words import LATER, RESERVED

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_Node = TypeVar("_Node")


def unescape(quoted: str) -> str:
    """The text between quotes, with the escapes of newline, tab, quote and backslash resolved; other ones stay."""
    known = re.compile(r"\\(.)")
    return known.sub(lambda m: _ESCAPES.get(m[1], m[1] if m[1] in '"\\' else m[0]), quoted[1:-1])


def decimal(text: str) -> Decimal:
    """A number as written: `12_000`, `1e6`, `12%`."""
    plain = text.removesuffix("..").replace("_", "")
    return Decimal(plain[:-1]).scaleb(-2) if plain.endswith("%") else Decimal(plain)


def _kept(items: list[Any], kind: type[_Node]) -> tuple[_Node, ...]:
    return tuple(item for item in items if isinstance(item, kind))


@v_args(meta=True)
class Builder(Transformer_InPlace):  # type: ignore[type-arg]
    """Builds the syntax tree of a stretch of a source.

    Args:
        docs: doc comments by the offset of what they belong to.
        offset: where the stretch begins in the source.

    Attributes:
        findings: words that parse but are reserved.
    """

    def __init__(self, file: str, docs: Mapping[int, str], offset: int) -> None:
        super().__init__()
        self.file = file
        self.docs = docs
        self.offset = offset
        self.findings: list[syntax.SyntaxFinding] = []

    def _span(self, meta: Meta) -> Span:
        return Span(self.file, meta.start_pos + self.offset, meta.end_pos + self.offset)

    def _doc(self, meta: Meta) -> str | None:
        return self.docs.get(meta.start_pos + self.offset)

    # Tables

    def table(self, meta: Meta, items: list[Any]) -> syntax.Table:
        return syntax.Table(items[0], _kept(items, syntax.ColumnDecl), self._doc(meta), self._span(meta))

    def column(self, meta: Meta, items: list[Any]) -> syntax.ColumnDecl:
        name, kind, bound, modifiers, derived = items
        return syntax.ColumnDecl(
            name=name,
            type=kind,
            bound=bound,
            nullable="null" in modifiers,
            key="key" in modifiers,
            fixed="fixed" in modifiers,
            cost=modifiers.get("cost"),
            header=modifiers.get("as"),
            format=modifiers.get("format"),
            derived=derived,
            doc=self._doc(meta),
            span=self._span(meta),
        )

    def _type(self, meta: Meta, name: Any, **more: Any) -> syntax.TypeExpr:
        fields = {"scale": None, "levels": (), "ordered": False, "pool": None, "pool_by": None, **more}
        return syntax.TypeExpr(name=name, span=self._span(meta), **fields)

    def int_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "int")

    def decimal_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        value = items[0].value
        return self._type(meta, "decimal", scale=int(value) if value == int(value) else -1)

    def bool_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "bool")

    def date_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "date")

    def datetime_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "datetime")

    def text_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "text", pool=items[0], pool_by=items[1])

    def category_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "category", levels=_kept(items, syntax.Text))

    def ordered_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "category", levels=_kept(items, syntax.Text), ordered=True)

    def modifiers(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return dict(items)

    def null_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "null", True

    def key_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "key", True

    def fixed_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "fixed", True

    def cost_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "cost", items[0]

    def header_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "as", items[0]

    def format_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any]:
        return "format", items[0]

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
        span = self._span(meta)
        return syntax.Number(decimal(items[0]), Span(span.file, span.start, span.end - 2))

    def low_negative(self, meta: Meta, items: list[Any]) -> syntax.Number:
        span = self._span(meta)
        return syntax.Number(-decimal(items[0]), Span(span.file, span.start, span.end - 2))

    def negative(self, meta: Meta, items: list[Any]) -> syntax.Number:
        return syntax.Number(-items[0].value, self._span(meta))

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
        word, span = str(items[0]), self._span(meta)
        if word in RESERVED:
            help = f"write it in back-ticks to use it as a name: `` `{word}` ``"
            self.findings.append(syntax.SyntaxFinding("HTR001", f"`{word}` is a reserved word", span, help=help))
        return syntax.Name(word.strip("`"), span)

    def names(self, meta: Meta, items: list[Any]) -> tuple[syntax.Name, ...]:
        return tuple(items)

    parameters = names

    # Params, definitions, lookups, imports

    def param(self, meta: Meta, items: list[Any]) -> syntax.ParamDecl:
        return syntax.ParamDecl(items[0], items[1], self._doc(meta), self._span(meta))

    def definition(self, meta: Meta, items: list[Any]) -> syntax.DefDecl:
        return syntax.DefDecl(items[0], items[1], items[2], self._doc(meta), self._span(meta))

    def lookup(self, meta: Meta, items: list[Any]) -> syntax.LookupDecl:
        name, names, value, body = items
        entries, path = ((), body) if isinstance(body, syntax.Text) else (body, None)
        return syntax.LookupDecl(name, names, value, entries, path, self._doc(meta), self._span(meta))

    def entries(self, meta: Meta, items: list[Any]) -> tuple[syntax.LookupEntry, ...]:
        return tuple(items)

    def entry(self, meta: Meta, items: list[Any]) -> syntax.LookupEntry:
        return syntax.LookupEntry(items[0], items[1], self._span(meta))

    def keys(self, meta: Meta, items: list[Any]) -> tuple[syntax.LiteralNode, ...]:
        return tuple(items)

    def source(self, meta: Meta, items: list[Any]) -> syntax.Text:
        text: syntax.Text = items[0]
        return text

    def import_(self, meta: Meta, items: list[Any]) -> syntax.ImportDecl:
        return syntax.ImportDecl(items[0], self._span(meta))

    # Rules

    def hard(self, meta: Meta, items: list[Any]) -> syntax.RuleDecl:
        return syntax.RuleDecl("hard", None, items[0], items[1], self._doc(meta), self._span(meta))

    def forbid(self, meta: Meta, items: list[Any]) -> syntax.RuleDecl:
        return syntax.RuleDecl("forbid", None, items[0], items[1], self._doc(meta), self._span(meta))

    def soft(self, meta: Meta, items: list[Any]) -> syntax.RuleDecl:
        return syntax.RuleDecl("soft", items[0], items[1], items[2], self._doc(meta), self._span(meta))

    def when(self, meta: Meta, items: list[Any]) -> syntax.When:
        return syntax.When(items[0], tuple(items[1:]), self._span(meta))

    def unique(self, meta: Meta, items: list[Any]) -> syntax.UniqueDecl:
        return syntax.UniqueDecl(items[0], self._span(meta))

    def dependency(self, meta: Meta, items: list[Any]) -> syntax.FdDecl:
        return syntax.FdDecl(items[0], items[1], self._span(meta))

    # The top-down part

    def factor(self, meta: Meta, items: list[Any]) -> syntax.FactorDecl:
        return syntax.FactorDecl(items[0], items[1], items[2] or (), self._doc(meta), self._span(meta))

    def plain_factor(self, meta: Meta, items: list[Any]) -> syntax.FactorDecl:
        return syntax.FactorDecl(items[0], None, items[1], self._doc(meta), self._span(meta))

    def arms(self, meta: Meta, items: list[Any]) -> tuple[syntax.FactorArm, ...]:
        return tuple(items)

    def arm(self, meta: Meta, items: list[Any]) -> syntax.FactorArm:
        return syntax.FactorArm(items[0], _kept(items[1:], syntax.AttributeDecl), self._span(meta))

    def allowed(self, meta: Meta, items: list[Any]) -> syntax.AttributeDecl:
        return syntax.AttributeDecl(items[0], items[1], None, self._span(meta))

    def shared(self, meta: Meta, items: list[Any]) -> syntax.AttributeDecl:
        return syntax.AttributeDecl(items[0], None, items[1], self._span(meta))

    def shares(self, meta: Meta, items: list[Any]) -> tuple[syntax.ShareItem, ...]:
        return _kept(items, syntax.ShareItem)

    def share(self, meta: Meta, items: list[Any]) -> syntax.ShareItem:
        return syntax.ShareItem(items[0], items[1], self._span(meta))

    def scalar_target(self, meta: Meta, items: list[Any]) -> syntax.TargetDecl:
        name, measure, bound = items
        return self._target(meta, name, **measure, **bound)

    def dist_target(self, meta: Meta, items: list[Any]) -> syntax.TargetDecl:
        name, names, given, shares, within = items
        real = shares == "real"
        more = {"shares": None if real else shares, "real": real, "within": within}
        return self._target(meta, name, measure="dist", columns=names, given=given, **more)

    def _target(self, meta: Meta, name: syntax.Name, **more: Any) -> syntax.TargetDecl:
        empty = ("condition", "quantile", "given", "low", "high", "equal", "within", "shares")
        fields = {**dict.fromkeys(empty), "columns": (), "real": False, **more}
        return syntax.TargetDecl(name=name, doc=self._doc(meta), span=self._span(meta), **fields)

    def share_measure(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"measure": "share", "condition": items[0], "given": items[1]}

    def column_measure(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"measure": items[0], "columns": (items[1],), "given": items[2]}

    def quantile_measure(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"measure": "quantile", "columns": (items[0],), "quantile": items[1], "given": items[2]}

    def measure_word(self, meta: Meta, items: list[Any]) -> str:
        return str(items[0])

    def between(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"low": items[0].low, "high": items[0].high}

    def at_least(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"low": items[0]}

    def at_most(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"high": items[0]}

    def about(self, meta: Meta, items: list[Any]) -> dict[str, Any]:
        return {"equal": items[0], "within": items[1]}

    def real(self, meta: Meta, items: list[Any]) -> str:
        return "real"

    # Examples

    def test(self, meta: Meta, items: list[Any]) -> syntax.TestDecl:
        return syntax.TestDecl(items[0], _kept(items, syntax.ExampleDecl), self._span(meta))

    def accept(self, meta: Meta, items: list[Any]) -> syntax.ExampleDecl:
        return syntax.ExampleDecl("accept", items[0], None, self._span(meta))

    def reject(self, meta: Meta, items: list[Any]) -> syntax.ExampleDecl:
        rule = items[1]
        name = syntax.Name(rule.value, rule.span) if isinstance(rule, syntax.Text) else rule
        return syntax.ExampleDecl("reject", items[0], name, self._span(meta))

    def cells(self, meta: Meta, items: list[Any]) -> tuple[Any, ...]:
        return tuple(item for item in items if item is not None)

    def cell(self, meta: Meta, items: list[Any]) -> tuple[syntax.Name, Any]:
        return items[0], items[1]

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
        arm = syntax.Arm(items[0], items[1], items[0].span.to(items[1].span))
        return syntax.Conditional((arm,), items[2], "if", self._span(meta))

    value_if = if_

    def case(self, meta: Meta, items: list[Any]) -> syntax.Conditional:
        otherwise = next(item for item in reversed(items) if not isinstance(item, syntax.Arm))
        return syntax.Conditional(_kept(items, syntax.Arm), otherwise, "case", self._span(meta))

    def case_arm(self, meta: Meta, items: list[Any]) -> syntax.Arm:
        return syntax.Arm(items[0], items[1], items[0].span.to(items[1].span))

    def apply(self, meta: Meta, items: list[Any]) -> syntax.Apply:
        args = tuple(item for item in items[1:] if item is not None)
        if items[0].value in LATER:
            message = f"`{items[0].value}` belongs to a later version"
            note = "rules over several tables and over ordered groups are planned"
            self.findings.append(syntax.SyntaxFinding("HTR003", message, items[0].span, note=note))
        return syntax.Apply(items[0], args, self._span(meta))

    def pattern(self, meta: Meta, items: list[Any]) -> syntax.Pattern:
        return syntax.Pattern(str(items[0])[1:-1], self._span(meta))

    def start(self, meta: Meta, items: list[Any]) -> tuple[syntax.Statement, ...]:
        return tuple(items)
