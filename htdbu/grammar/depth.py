"""How deep a syntax tree is nested, without recursion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from htdbu.grammar.source import Span
from htdbu.grammar.syntax import Binary

DEEPEST = 100
"""Brackets, blocks and expressions may be nested so deep; a chain of `and`, `or` or `+` is one level, however long."""


def too_deep_at(root: Any) -> Span | None:
    """The place of a node that lies deeper than allowed; None where there is none."""
    level: list[Any] = [root]
    for _ in range(DEEPEST):
        level = [part for node in level for part in parts(node)]
        if not level:
            return None
    span: Span = level[0].span
    return span


def parts(node: Any) -> Iterable[Any]:
    """The nodes right below one; a list of them, or a chain of `and`, `or` or `+`, is no level of its own."""
    while type(node) is Binary and node.operator in ("and", "or", "+"):
        yield node.right
        if type(node.left) is not Binary or node.left.operator != node.operator:
            yield node.left
            return
        node = node.left
    for name in getattr(node, "__slots__", ()):
        value = getattr(node, name)
        if hasattr(value, "__slots__") and hasattr(value, "span"):
            yield value
        elif type(value) is tuple:
            yield from (part for part in value if hasattr(part, "span"))
