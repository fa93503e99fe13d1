"""The statements of a text, and the parts of its blocks, as what they are laid out from: heads, bodies, blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from htdbu.grammar import syntax
from htdbu.grammar.formatting.tokens import Tokens

Form = Literal[
    "table", "column", "plain", "definition", "lookup", "entry", "rule", "when", "names", "factor", "arm", "target",
    "test", "example",
]  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A statement, or a part of a block: a column, a rule, an entry, an arm, an example.

    Attributes:
        form: how it is laid out; items of one form that follow each other are aligned.
        start: its first token.
        head: the token behind its head, where its body begins.
        end: the token behind it.
        block: the brace that opens its block, where it has one.
        children: what is in the block.
    """

    form: Form
    start: int
    head: int
    end: int
    block: int | None = None
    children: tuple[Item, ...] = ()


def starts(statements: Sequence[Any]) -> Iterator[int]:
    """Where statements and the parts of their blocks begin."""
    todo = [*statements]
    while todo:
        node = todo.pop()
        yield node.span.start
        todo += _parts(node)


def items(nodes: Sequence[Any], tokens: Tokens, end: int) -> tuple[Item, ...]:
    """The items of a block, or of the text; each ends where the next begins, or where the block does."""
    begins = [tokens.index[node.span.start] for node in nodes]
    ends = [*begins, end][1:]
    return tuple(_item(node, tokens, *bounds) for node, *bounds in zip(nodes, begins, ends, strict=True))


def _parts(node: Any) -> Sequence[Any]:
    """The parts of a statement's block."""
    match node:
        case syntax.Table():
            return node.columns
        case syntax.When():
            return node.body
        case syntax.LookupDecl():
            return node.entries
        case syntax.FactorDecl():
            return node.arms
        case syntax.TestDecl():
            return node.examples
    return ()


def _item(node: Any, tokens: Tokens, start: int, end: int) -> Item:
    form = _form(node)
    block = _block(form, tokens, start, end)
    if block is None:
        return Item(form, start, _head(form, tokens, start, end), end)
    return Item(form, start, start, end, block, items(_parts(node), tokens, tokens.closes[block]))


def _form(node: Any) -> Form:
    forms: dict[type, Form] = {
        syntax.Table: "table", syntax.ColumnDecl: "column", syntax.ParamDecl: "plain", syntax.ImportDecl: "plain",
        syntax.DefDecl: "definition", syntax.LookupDecl: "lookup", syntax.LookupEntry: "entry", syntax.RuleDecl: "rule",
        syntax.When: "when", syntax.UniqueDecl: "names", syntax.FdDecl: "names", syntax.FactorDecl: "factor",
        syntax.FactorArm: "arm", syntax.TargetDecl: "target", syntax.TestDecl: "test", syntax.ExampleDecl: "example",
    }  # fmt: skip
    return forms[type(node)]


def _block(form: Form, tokens: Tokens, start: int, end: int) -> int | None:
    """The brace that opens the block of a statement."""
    braces = [index for index in tokens.outer(start, end) if tokens.texts[index] == "{"]
    if form in ("table", "test", "when"):
        return braces[-1]
    if form == "lookup":
        return braces[0] if braces else None
    if form == "factor":
        shares = tokens.texts[start + 2] == "~"
        return braces[shares] if len(braces) > shares else None
    return None


def _head(form: Form, tokens: Tokens, start: int, end: int) -> int:
    """Where the body of an item begins."""
    if form == "column":
        return start + 1
    marks = {"rule": ":", "target": ":", "definition": "=", "arm": "->", "entry": "->"}
    mark = tokens.find(marks[form], start, end) if form in marks else None
    if mark is None:
        return start
    return mark if form in ("arm", "entry") else mark + 1
