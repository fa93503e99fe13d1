"""`starts_with ends_with contains matches` on categories: decided level by level when the file is compiled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from htdbu.compiler.expressions import Call, Constant
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering.build import within
from htdbu.compiler.lowering.values import Code, Condition
from htdbu.compiler.types import BoolType, BrokenType, CategoryType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer

_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=)")


def _infer(typer: Typer, call: Call) -> Type:
    subject, text = call.args
    kind = typer.type(subject)
    if isinstance(kind, BrokenType) or isinstance(typer.type(text), BrokenType):
        return BoolType()
    if not isinstance(kind, CategoryType):
        typer.mismatch(subject.span, f"`{call.function}` takes a category, not {typer.describe(kind)}", None)
    elif not (isinstance(text, Constant) and text.type == "text"):
        typer.arity(call, f"the second argument of `{call.function}` is a quoted text")
    elif call.function == "matches":
        _check_pattern(typer, call, str(text.value))
    return BoolType()


def _check_pattern(typer: Typer, call: Call, pattern: str) -> None:
    if _BACK_REFERENCE.search(pattern):
        typer.arity(call, "a regular expression here has no back-references")
    try:
        re.compile(pattern)
    except re.error as problem:
        typer.arity(call, f"not a regular expression: {problem}")


def fits(function: str, level: str, text: str) -> bool:
    """Whether a level passes; `matches` is about the whole level."""
    match function:
        case "starts_with":
            return level.startswith(text)
        case "ends_with":
            return level.endswith(text)
        case "contains":
            return text in level
        case _:
            return re.fullmatch(text, level) is not None


def _lower(lowerer: Lowerer, call: Call) -> Condition:
    subject, text = lowerer.value(call.args[0]), call.args[1]
    assert isinstance(subject, Code) and subject.levels is not None and isinstance(text, Constant)
    passing = [i for i, level in enumerate(subject.levels) if fits(call.function, level, str(text.value))]
    return Condition(within(subject.term, [(i, i) for i in passing]))


_DOCS = {
    "starts_with": "whether the level begins with the text",
    "ends_with": "whether the level ends with the text",
    "contains": "whether the level contains the text",
    "matches": "whether the whole level fits the regular expression",
}

FUNCTIONS = tuple(
    Function(name, 2, 2, _infer, _lower, signature=f'{name}(c, "…")', doc=doc) for name, doc in _DOCS.items()
)
