"""What a program and the same program, written and compiled again, may differ in.

- `and` inside `and`, `or` inside `or`, and sums of sums are one flat chain;
- minus before a literal belongs to the literal;
- numbers are spelt without needless zeros;
- what only people read: doc comments, where these are left out, and the name of a table that has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from htdbu.compiler.expressions import Call, Constant, Expr, Node
from htdbu.compiler.literals import decimal_text
from htdbu.compiler.program import Interval, Program
from htdbu.compiler.writing.program import NAMELESS

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CHAINS = frozenset({"and", "or", "add"})


def canonical(program: Program, *, docs: bool = True) -> Program:
    """A form that is the same for programs that differ in nothing else than the above.

    Args:
        docs: whether doc comments count.
    """
    flat: Program = _canonical(program, docs)
    return flat if flat.name is not None or not flat.columns else flat.model_copy(update={"name": NAMELESS})


def _canonical(node: Any, docs: bool) -> Any:
    if isinstance(node, tuple):
        return tuple(_canonical(item, docs) for item in node)
    if not isinstance(node, Node):
        return node
    fields = {name: _canonical(getattr(node, name), docs) for name in type(node).model_fields if name != "span"}
    if not docs and "doc" in fields:
        fields["doc"] = None
    match node:
        case Call(function=function) if function in _CHAINS:
            fields["args"] = tuple(part for arg in fields["args"] for part in _links(arg, function))
        case Call(function="neg") if len(fields["args"]) == 1 and (value := _negated(fields["args"][0])) is not None:
            return value
        case Constant(type="number"):
            fields["value"] = _plain(node.value)
        case Interval():
            fields |= {"low": _plain(node.low), "high": _plain(node.high)}
    return node.model_copy(update=fields)


def _links(arg: Expr, function: str) -> Iterator[Expr]:
    """The links of a chain that an operand is, or the operand itself; operands are canonical already."""
    yield from arg.args if isinstance(arg, Call) and arg.function == function else (arg,)


def _negated(arg: Expr) -> Constant | None:
    """A literal with a minus before it; None where there is none, or one already."""
    is_bare = isinstance(arg, Constant) and arg.type == "number" and arg.param is None
    if not is_bare or not isinstance(arg, Constant) or str(arg.value).startswith("-"):
        return None
    return arg.model_copy(update={"value": _plain(f"-{arg.value}")})


def _plain(value: Any) -> Any:
    """A number without needless zeros; anything else as it is."""
    return decimal_text(Decimal(value)) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
