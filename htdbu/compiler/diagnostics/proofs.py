"""What the kinds of proved findings share: the rules that prove one, and the deletion of a rule of no use."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Fix, Label
from htdbu.compiler.diagnostics.view import View
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

Implying = Sequence[tuple[str, Span | None]]
"""The names and places of the rules that prove a finding; `COLUMN.domain` and `COLUMN.null` may be among them."""

NOWHERE = Span("", 0, 0)
"""The place of what stands in no text, such as a rule of a program that was read from JSON."""


def place(span: Span | None) -> Span:
    """A place, or the one that stands for none."""
    return NOWHERE if span is None else span


def labels(implying: Implying, message: str | None = None) -> tuple[Label, ...]:
    """The rules that prove a finding as secondary places; those without a place are left out.

    Args:
        message: what to say of each; by default that the finding is because of it.
    """
    return tuple(Label(span, message or _part_played(name)) for name, span in implying if span is not None)


def _part_played(name: str) -> str:
    if name.endswith(".domain"):
        return "because of the domain of this column"
    if name.endswith(".null"):
        return "because this column may not be null"
    return "because of this rule"


def names(implying: Implying, without: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the rules that prove a finding, in order, without those that it is about."""
    return tuple(name for name, _ in implying if name not in without)


def listed(words: Sequence[str], quote: str = "`", last: str = "and") -> str:
    """Words as a sentence lists them: `a`, `b` and `c`."""
    quoted = [f"{quote}{word}{quote}" for word in words]
    return f" {last} ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part) if quoted else ""


def sources(implying: Implying) -> str:
    """The rules that prove a finding in words; without any it is the declared domains that do."""
    return listed(names(implying)) or "the declared domains"


def delete_rule(finding: Diagnostic, view: View) -> Fix | None:
    """Delete the rule that a finding is about, with a `when` that would be left empty.

    None where an example asks for the rule by its name. Never a safe fix: the rule may be meant as documentation.
    """
    rule = view.at(syntax.RuleDecl, finding.span)
    if rule is None or any(by is not None and by.value == rule.name.value for by in _wanted(view)):
        return None
    whole: syntax.RuleDecl | syntax.When = rule
    while isinstance(outer := view.parent(whole), syntax.When) and len(outer.body) == 1:
        whole = outer
    return Fix(f"delete `{rule.name.value}`", (view.removal(whole.span),), is_safe=False)


def _wanted(view: View) -> list[syntax.Name | None]:
    return [example.by for example in view.parts(syntax.ExampleDecl)]
