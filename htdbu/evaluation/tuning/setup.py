"""A set-up: the rule file as a text, what it means, and the recipe of the generator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.errors import CompileError
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span


@dataclass(frozen=True)
class Setup:
    """What is tuned.

    Attributes:
        source: the rule file.
        program: what it means.
        recipe: how the generator is made.
        params: what the caller sets of the file's params.
        keep: names of rules, factors and targets that are meant as they are.
    """

    source: Source
    program: Program
    recipe: Recipe
    params: Mapping[str, object]
    keep: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: Source, recipe: Recipe, params: Mapping[str, object], keep: Collection[str] = ()) -> Setup:
        """The set-up of a rule file.

        Raises:
            CompileError: it has errors.
        """
        return cls(source, compile_source(source, params).checked(), recipe, dict(params), frozenset(keep))

    def with_text(self, text: str) -> Setup | None:
        """The same with another text; None where that is no sound rule file."""
        try:
            return Setup.of(Source(self.source.name, text), self.recipe, self.params, self.keep)
        except CompileError:
            return None

    def with_recipe(self, recipe: Recipe) -> Setup:
        """The same with another generator."""
        return replace(self, recipe=recipe)

    @property
    def statements(self) -> tuple[syntax.Statement, ...]:
        """The statements of the text."""
        return parse(self.source).statements


class Change(Protocol):
    """What is done about a cause."""

    @property
    def said(self) -> str:
        """The change in words."""

    def apply(self, setup: Setup) -> Setup | None:
        """The changed set-up, None where the change cannot be made."""


@dataclass(frozen=True)
class Retrain:
    """Another recipe for the generator."""

    recipe: Recipe
    said: str

    def apply(self, setup: Setup) -> Setup:
        """See `Change`."""
        return setup.with_recipe(self.recipe)


@dataclass(frozen=True)
class Edit:
    """New texts for some places of the rule file, and above the statement a comment with the evidence.

    Attributes:
        statement: the statement that is changed.
        texts: the places, none within another, and what they become.
        why: the evidence, for the comment.
    """

    statement: Span
    texts: tuple[tuple[Span, str], ...]
    said: str
    why: str = ""

    def apply(self, setup: Setup) -> Setup | None:
        """See `Change`."""
        return setup.with_text(edited(setup.source.text, [self]))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text after some edits that do not overlap."""
    places = [(span.start, span.end, new) for edit in edits for span, new in edit.texts]
    for edit in edits:
        if edit.why:
            at = _above(text, edit.statement.start)
            indent = text[at:][: len(text[at:]) - len(text[at:].lstrip(" \t"))]
            line_end = "\r\n" if "\r\n" in text else "\n"
            places.append((at, at, f"{indent}# tune: {edit.why}{line_end}"))
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _above(text: str, start: int) -> int:
    """Where the line begins that a comment on a statement goes above: over its doc comments and directives."""
    at = text.rfind("\n", 0, start) + 1
    while at:
        before = text.rfind("\n", 0, at - 1) + 1
        if not text[before:at].lstrip().startswith("#"):
            break
        at = before
    return at


def overlaps(edit: Edit, others: Iterable[Edit]) -> bool:
    """Whether an edit changes a place that another one changes too."""
    taken = [span for other in others for span, _ in other.texts]
    return any(a.start < b.end and b.start < a.end for a, _ in edit.texts for b in taken)
