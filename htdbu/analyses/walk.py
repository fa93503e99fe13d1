"""The expressions of a block, and their parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from htdbu.analyses.block import Block
from htdbu.analyses.subject import Subject
from htdbu.compiler.expressions import Expr, children


def expressions(subject: Subject, block: Block) -> Iterator[Expr]:
    """The rules and definitions of a block, as they were written."""
    for rule in subject.written(block):
        yield rule.outcome
    for position in block.component.derived:
        derived = subject.column(position).derived
        if derived is not None:
            yield derived


def nodes(expr: Any) -> Iterator[Any]:
    """An expression and all its parts."""
    todo = [expr]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(children(node))
