"""What a rewrite is: from a rule to shorter rules that may be the same; whether they are is proved elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from htdbu.analyses.simplify.names import with_children
from htdbu.compiler.expressions import Expr, call, children
from htdbu.compiler.program import Program
from htdbu.compiler.types import Type
from htdbu.compiler.typing import Typer

Origin = Literal["hard", "soft", "forbid", "when"]


@dataclass(frozen=True)
class Part:
    """A condition of a file that can be written otherwise: the body of a rule, or the condition of a `when`.

    Attributes:
        name: of the rule; of a `when`, its place.
        origin: the word that it begins with.
        guards: the names of the `when`s around it, from the outermost inwards.
    """

    name: str
    origin: Origin
    body: Expr
    guards: tuple[str, ...] = ()

    @property
    def condition(self) -> Expr:
        """What has to hold, but for the guards."""
        return call("not", self.body) if self.origin == "forbid" else self.body


@dataclass(frozen=True)
class Why:
    """Why a candidate may be the same, in words; `{}` stands for each of `parts`.

    Attributes:
        settled: a condition that may hold in every row of the domains, or in none.
    """

    text: str
    parts: tuple[Any, ...] = ()
    settled: tuple[Any, bool] | None = None


Candidates = Iterator[tuple[Part, Why]]
Local = Callable[[Any, "Known"], Iterator[tuple[Any, Why]]]


class Known:
    """What rewrites may know of the program: the types of expressions without names."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.typer = Typer({c.name: c for c in program.columns}, {t.name: t for t in program.lookups})

    def type(self, expr: Expr) -> Type:
        """The type of an expression."""
        from htdbu.analyses.simplify.names import expanded

        return self.typer.type(expanded(expr))


Rewrite = Callable[[Part, Known], Candidates]


def everywhere(local: Local) -> Rewrite:
    """A rewrite of whole rules, from one of a node: each of the rule's nodes is rewritten, one at a time."""

    def rewrite(part: Part, known: Known) -> Candidates:
        for body, why in _rewritten(part.body, known, local):
            yield replace(part, body=body), why

    return rewrite


def _rewritten(expr: Any, known: Known, local: Local) -> Iterator[tuple[Any, Why]]:
    yield from local(expr, known)
    parts = list(children(expr))
    for i, part in enumerate(parts):
        for new, why in _rewritten(part, known, local):
            yield with_children(expr, [*parts[:i], new, *parts[i + 1 :]]), why
