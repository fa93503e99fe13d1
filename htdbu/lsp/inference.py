"""What the compiler knows of an expression: its type, and the ends that a number provably lies between."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from htdbu.compiler.expressions import Expr
from htdbu.compiler.lowering.domains import closed, declared
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.types import BrokenType, NullType, NumberType, QuotedType, describe
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document

_EXPRESSIONS = tuple(set(get_args(syntax.Expression)) - set(get_args(syntax.LiteralNode)))


def expression_at(document: Document, offset: int) -> syntax.Expression | None:
    """The smallest expression but a literal that a place lies in; None in a definition with arguments."""
    statement = document.statement_at(offset)
    if isinstance(statement, syntax.DefDecl) and statement.params is not None:
        return None
    found = None
    todo: list[Any] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, _EXPRESSIONS):
            found = node
        todo = [part for part in _parts(node) if part.span.start <= offset <= part.span.end] or todo
    return found


def _parts(node: Any) -> Iterator[Any]:
    for name in getattr(node, "__slots__", ()):
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "span"):
                yield part


def inferred(document: Document, node: syntax.Expression) -> str | None:
    """The type of an expression in words, with the bounds of a number; None where there is nothing to tell."""
    expr = document.context.expression(node)
    kind = document.context.typer.type(expr)
    if isinstance(kind, BrokenType | NullType | QuotedType):
        return None
    ends = _ends(document, expr) if isinstance(kind, NumberType) else None
    if ends is None:
        return describe(kind)
    low, high = ends
    return f"{describe(kind)}, always {low}" if low == high else f"{describe(kind)} from {low} to {high}"


def _ends(document: Document, expr: Expr) -> tuple[str, str] | None:
    """Between which ends a number lies while all cells lie in their domains; None where no proof is at hand."""
    if document.compilation.errors:
        return None
    program = document.compilation.program
    lowerer = Lowerer(program, [closed(column, declared(column)) for column in program.columns], {})
    value = lowerer.value(expr)
    if not isinstance(value, Ratio) or value.divisor is not None:
        return None
    low, high = lowerer.bounds.range(value.numerator)
    return _shown(Fraction(low, value.scale)), _shown(Fraction(high, value.scale))


def _shown(number: Fraction) -> str:
    """A number in full where that is short, else rounded to ten digits."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return f"{exact.normalize():,f}" if Fraction(exact) == number else f"about {exact:,.10g}"


def text_of(document: Document, span: Span) -> str:
    """What stands at a place, on one line and not too long."""
    text = " ".join(document.compilation.sources[span.file].text[span.start : span.end].split())
    return text if len(text) <= 80 else f"{text[:79]}…"
