"""From Lark's parse tree to the syntax tree, the upper half: columns and statements, one method a grammar rule."""

from __future__ import annotations

from typing import Any

from lark.tree import Meta

from htdbu.grammar import syntax
from htdbu.grammar.expressions import ExpressionBuilder, kept, with_places
from htdbu.grammar.source import Span


@with_places
class Builder(ExpressionBuilder):
    """Builds the syntax tree of a stretch of a source; see `ExpressionBuilder` for what it takes and gathers."""

    def _doc(self, meta: Meta) -> str | None:
        return self.docs.get(meta.start_pos)

    # Tables

    def table(self, meta: Meta, items: list[Any]) -> syntax.Table:
        return syntax.Table(items[0], kept(items, syntax.ColumnDecl), self._doc(meta), self._span(meta))

    def column(self, meta: Meta, items: list[Any]) -> syntax.ColumnDecl:
        name, kind, modifiers, derived = items
        return syntax.ColumnDecl(
            name=name,
            type=kind,
            bound=modifiers.get("in"),
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
        return self._type(meta, "category", levels=kept(items, syntax.Text))

    def ordered_type(self, meta: Meta, items: list[Any]) -> syntax.TypeExpr:
        return self._type(meta, "category", levels=kept(items, syntax.Text), ordered=True)

    def column_word(self, meta: Meta, items: list[Any]) -> syntax.Name:
        return syntax.Name(str(items[0]), self._span(meta))

    def modifiers(self, meta: Meta, items: list[tuple[str, Any, Span]]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for word, value, span in items:
            if word in said:
                help = "say it once"
                self.findings.append(syntax.SyntaxFinding("HTR001", f"`{word}` is said twice", span, help=help))
            said.setdefault(word, value)
        return said

    def bound_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "in", items[0], self._span(meta)

    def null_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "null", True, self._span(meta)

    def key_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "key", True, self._span(meta)

    def fixed_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "fixed", True, self._span(meta)

    def cost_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "cost", items[0], self._span(meta)

    def header_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "as", items[0], self._span(meta)

    def format_modifier(self, meta: Meta, items: list[Any]) -> tuple[str, Any, Span]:
        return "format", items[0], self._span(meta)

    def names(self, meta: Meta, items: list[Any]) -> tuple[syntax.Name, ...]:
        return tuple(items)

    parameters = names

    # Params, definitions, lookups, imports

    def param(self, meta: Meta, items: list[Any]) -> syntax.ParamDecl:
        return syntax.ParamDecl(items[0], items[1], self._doc(meta), self._span(meta))

    def definition(self, meta: Meta, items: list[Any]) -> syntax.DefDecl:
        if items[1] is not None:
            self._function_word(items[0])
        return syntax.DefDecl(items[0], items[1], items[2], self._doc(meta), self._span(meta))

    def lookup(self, meta: Meta, items: list[Any]) -> syntax.LookupDecl:
        name, names, value, body = items
        self._function_word(name)
        entries, path = ((), body) if isinstance(body, syntax.Text) else (body, None)
        return syntax.LookupDecl(name, names, value, entries, path, self._doc(meta), self._span(meta))

    def entries(self, meta: Meta, items: list[Any]) -> tuple[syntax.LookupEntry, ...]:
        return tuple(items)

    def entry(self, meta: Meta, items: list[Any]) -> syntax.LookupEntry:
        return syntax.LookupEntry(items[0], items[1], self._span(meta))

    def keys(self, meta: Meta, items: list[Any]) -> tuple[syntax.LiteralNode, ...]:
        return tuple(items)

    def share_keys(self, meta: Meta, items: list[Any]) -> tuple[syntax.LiteralNode | syntax.Range, ...]:
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
        return syntax.UniqueDecl(items[0], self._doc(meta), self._span(meta))

    def dependency(self, meta: Meta, items: list[Any]) -> syntax.FdDecl:
        return syntax.FdDecl(items[0], items[1], self._doc(meta), self._span(meta))

    # The top-down part

    def factor(self, meta: Meta, items: list[Any]) -> syntax.FactorDecl:
        return syntax.FactorDecl(items[0], items[1], items[2] or (), self._doc(meta), self._span(meta))

    def plain_factor(self, meta: Meta, items: list[Any]) -> syntax.FactorDecl:
        return syntax.FactorDecl(items[0], None, items[1], self._doc(meta), self._span(meta))

    def arms(self, meta: Meta, items: list[Any]) -> tuple[syntax.FactorArm, ...]:
        return tuple(items)

    def arm(self, meta: Meta, items: list[Any]) -> syntax.FactorArm:
        return syntax.FactorArm(items[0], kept(items[1:], syntax.AttributeDecl), self._span(meta))

    def allowed(self, meta: Meta, items: list[Any]) -> syntax.AttributeDecl:
        return syntax.AttributeDecl(items[0], items[1], None, self._span(meta))

    def shared(self, meta: Meta, items: list[Any]) -> syntax.AttributeDecl:
        return syntax.AttributeDecl(items[0], None, items[1], self._span(meta))

    def shares(self, meta: Meta, items: list[Any]) -> tuple[syntax.ShareItem, ...]:
        return kept(items, syntax.ShareItem)

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
        return syntax.TestDecl(items[0], kept(items, syntax.ExampleDecl), self._span(meta))

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

    def start(self, meta: Meta, items: list[Any]) -> tuple[syntax.Statement, ...]:
        return tuple(items)
