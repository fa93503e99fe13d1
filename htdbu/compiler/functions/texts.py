"""`starts_with ends_with contains matches` on categories: decided level by level when the file is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from htdbu.compiler import patterns
from htdbu.compiler.expressions import Call, Constant
from htdbu.compiler.functions.model import Function
from htdbu.compiler.lowering.build import within
from htdbu.compiler.lowering.values import Code, Condition
from htdbu.compiler.types import BoolType, BrokenType, CategoryType, Type

if TYPE_CHECKING:
    from htdbu.compiler.lowering.lowerer import Lowerer
    from htdbu.compiler.typing import Typer


def _infer(typer: Typer, call: Call) -> Type:
    subject, text = call.args
    kind = typer.type(subject)
    if isinstance(kind, BrokenType) or isinstance(typer.type(text), BrokenType):
        return BoolType()
    if not isinstance(kind, CategoryType):
        typer.mismatch(subject.span, f"`{call.function}` takes a category, not {typer.describe(kind)}", None)
    elif not (isinstance(text, Constant) and text.type == "text"):
        typer.arity(call, f"the second argument of `{call.function}` is a quoted text")
    elif call.function == "matches" and (wrong := patterns.problem(str(text.value))) is not None:
        typer.arity(call, wrong)
    return BoolType()


def passing(function: str, levels: Sequence[str], text: str) -> list[int]:
    """The places of the levels that pass; `matches` is about the whole level."""
    match function:
        case "starts_with":
            passes = [level.startswith(text) for level in levels]
        case "ends_with":
            passes = [level.endswith(text) for level in levels]
        case "contains":
            passes = [text in level for level in levels]
        case _:
            passes = patterns.matching(text, levels)
    return [i for i, good in enumerate(passes) if good]


def _lower(lowerer: Lowerer, call: Call) -> Condition:
    subject, text = lowerer.value(call.args[0]), call.args[1]
    assert isinstance(subject, Code) and subject.levels is not None and isinstance(text, Constant)
    return Condition(within(subject.term, [(i, i) for i in passing(call.function, subject.levels, str(text.value))]))


_DOCS = {
    "starts_with": "whether the level begins with the text",
    "ends_with": "whether the level ends with the text",
    "contains": "whether the level contains the text",
    "matches": "whether the whole level fits the regular expression",
}

FUNCTIONS = tuple(
    Function(name, 2, 2, _infer, _lower, signature=f'{name}(c, "…")', doc=doc) for name, doc in _DOCS.items()
)
