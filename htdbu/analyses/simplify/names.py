"""Expressions that keep the names of a rule file: a use of a definition, or `[flag_*]`, is a leaf nobody rewrites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.walk import nodes
from htdbu.compiler.context import Context
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall, children
from htdbu.compiler.resolve import Environment, Resolver
from htdbu.compiler.writing.expressions import Level, Writer
from htdbu.grammar import syntax
from htdbu.grammar.source import Source


class Named(ColumnRef):
    """A stretch of the text that stands for what it means; `name` is its text."""

    meaning: Any


class NamesKept(Resolver):
    """Resolves expressions of a file that compiles, and puts no definition in."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.scope, context.sources, lambda finding: None, lambda: None)
        self._whole = context.source.text
        self._is_inside = False

    def expr(self, node: syntax.Expression, env: Environment | None = None) -> Expr:
        """The expression, with a `Named` for what a definition or a pattern stands for."""
        if self._is_inside or not self._is_name(node):
            return super().expr(node, env)
        self._is_inside = True
        meaning = super().expr(node, env)
        self._is_inside = False
        return Named(name=self._whole[node.span.start : node.span.end], meaning=meaning, span=node.span)

    def _is_name(self, node: syntax.Expression) -> bool:
        if isinstance(node, syntax.Name):
            return node.value in self.scope.defs and node.value not in self.scope.columns
        if not isinstance(node, syntax.Apply):
            return False
        return node.name.value in self.scope.defs or any(isinstance(arg, syntax.Pattern) for arg in node.args)


class NamesWriter(Writer):
    """Writes names as names, and literals as they stood: `12%`, `1e6`."""

    def __init__(self, source: Source) -> None:
        super().__init__(None)
        self._source = source

    def _written(self, expr: Expr, level: Level) -> tuple[str, Level]:
        if isinstance(expr, Named):
            return expr.name, Level.ATOM
        if isinstance(expr, Constant) and expr.param is None and expr.span is not None:
            text = self._source.text[expr.span.start : expr.span.end]
            return text, Level.UNARY if text.startswith("-") else Level.ATOM
        return super()._written(expr, level)


def expanded(expr: Any) -> Any:
    """An expression with what its names stand for."""
    if isinstance(expr, Named):
        return expr.meaning
    parts = list(children(expr))
    return with_children(expr, [expanded(part) for part in parts]) if parts else expr


def with_children(expr: Any, parts: list[Any]) -> Any:
    """An expression with other operands, from left to right; it stands nowhere in the text."""
    if isinstance(expr, Case):
        pairs = zip(expr.branches, parts[0:-1:2], parts[1:-1:2], strict=True)
        branches = tuple(arm.model_copy(update={"condition": c, "value": v, "span": None}) for arm, c, v in pairs)
        return expr.model_copy(update={"branches": branches, "otherwise": parts[-1], "span": None})
    if isinstance(expr, Call | LookupCall):
        return expr.model_copy(update={"args": tuple(parts), "span": None})
    return expr


def params_of(expr: Expr) -> frozenset[str]:
    """The params that an expression reads."""
    return frozenset(_params(expanded(expr)))


def _params(expr: Expr) -> Iterator[str]:
    return (node.param for node in nodes(expr) if isinstance(node, Constant) and node.param is not None)
