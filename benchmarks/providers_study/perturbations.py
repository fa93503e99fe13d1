"""Spoiled rules: a rule file with one rule dropped, loosened or reversed, made from the text of the file as it is now.

A rule is found by its name in the syntax tree, and only what the edit is about is written anew; so a change of the file
is followed, and an edit whose rule is gone, or is of another form by now, says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from htdbu.errors import UsageError
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span
from htdbu.grammar.syntax import Binary, Comparison, FactorDecl, Name, Number, RuleDecl, TargetDecl

Kind = Literal["dropped", "loosened", "reversed"]
Edit = Callable[[str], str]
Named = RuleDecl | FactorDecl | TargetDecl


@dataclass(frozen=True)
class Perturbation:
    """A way to spoil a rule file: what it is called, what it does to a rule, the same in words, and the edit."""

    name: str
    kind: Kind
    says: str
    edit: Edit


def dropped(*names: str) -> Edit:
    """The file without these rules, factors or targets, their comments included."""

    def edit(text: str) -> str:
        for name in names:
            span = _statement(text, name).span
            text = text[: _comment_before(text, span.start)] + text[span.end :].removeprefix("\n")
        return text

    return edit


def one_way(name: str) -> Edit:
    """An equivalence as an implication alone, from left to right."""

    def edit(text: str) -> str:
        body = _body(text, name, "<=>")
        between = text[body.left.span.end : body.right.span.start]
        return text[: body.left.span.end] + between.replace("<=>", "=>") + text[body.right.span.start :]

    return edit


def swapped(name: str) -> Edit:
    """An implication the other way round."""

    def edit(text: str) -> str:
        body = _body(text, name, "=>")
        return _exchanged(text, body.left.span, body.right.span)

    return edit


def moved(name: str, column: str, by: int) -> Edit:
    """A rule whose bound of a column lies so much higher, or lower where `by` is negative."""

    def edit(text: str) -> str:
        found = [each for each in _within(_rule(text, name).body) if isinstance(each, Comparison)]
        bounds = [each for each in found if len(each.operands) == 2 and _is(each.operands[0], column)]
        if len(bounds) != 1:
            raise _another_form(name, f"one bound of {column}")
        bound = bounds[0].operands[1]
        old = text[bound.span.start : bound.span.end]
        sign = "+" if by >= 0 else "-"
        new = str(int(bound.value) + by) if isinstance(bound, Number) else f"{old} {sign} {abs(by)}"
        return text[: bound.span.start] + new + text[bound.span.end :]

    return edit


def crossed(column: str) -> Edit:
    """A factor of two values, each with what the other one allows."""

    def edit(text: str) -> str:
        factor = _statement(text, column)
        if not isinstance(factor, FactorDecl) or len(factor.arms) != 2:
            raise _another_form(column, "a factor of two values")
        first, second = (arm.attributes[0].span.to(arm.attributes[-1].span) for arm in factor.arms)
        return _exchanged(text, first, second)

    return edit


PERTURBATIONS = (
    Perturbation(
        "drop never_called",
        "dropped",
        "the rule is gone that ties pdays = -1 to previous = 0",
        dropped("never_called"),
    ),
    Perturbation(
        "drop outcome_needs_call",
        "dropped",
        "the rule is gone that without an earlier call the earlier outcome is unknown",
        dropped("outcome_needs_call"),
    ),
    Perturbation(
        "drop factor",
        "dropped",
        "nothing ties the tone of the news to the answer: factor y and target mood are gone",
        dropped("y", "mood"),
    ),
    Perturbation(
        "loosen never_called",
        "loosened",
        "an equivalence holds one way only: pdays = -1 still means previous = 0, but no longer the other way round",
        one_way("never_called"),
    ),
    Perturbation(
        "loosen day_exists",
        "loosened",
        "a month may be one day longer: 30 February",
        moved("day_exists", "day", 1),
    ),
    Perturbation(
        "loosen old_student",
        "loosened",
        "a student may be twenty years older",
        moved("old_student", "age", 20),
    ),
    Perturbation(
        "reverse outcome_needs_call",
        "reversed",
        "an unknown outcome means that there was no earlier call, instead of the other way round",
        swapped("outcome_needs_call"),
    ),
    Perturbation(
        "reverse short_call",
        "reversed",
        "a no means a call of a few seconds, instead of the other way round",
        swapped("short_call"),
    ),
    Perturbation(
        "reverse factor",
        "reversed",
        "a yes has the news of a no, and a no that of a yes",
        crossed("y"),
    ),
)


def _statement(text: str, name: str) -> Named:
    """The rule, target or factor (called as its column is) of that name."""
    found: list[Named] = []
    for statement in parse(Source("<rules>", text)).statements:
        if isinstance(statement, RuleDecl | TargetDecl) and statement.name.value == name:
            found.append(statement)
        if isinstance(statement, FactorDecl) and statement.column.value == name:
            found.append(statement)
    if len(found) != 1:
        count = "none" if not found else str(len(found))
        raise UsageError(f"a perturbation is made from the rule {name!r}, and the file has {count}", _WAY_OUT)
    return found[0]


def _rule(text: str, name: str) -> RuleDecl:
    found = _statement(text, name)
    if not isinstance(found, RuleDecl):
        raise _another_form(name, "a rule")
    return found


def _body(text: str, name: str, operator: str) -> Binary:
    body = _rule(text, name).body
    if not isinstance(body, Binary) or body.operator != operator:
        raise _another_form(name, f"of the form a {operator} b")
    return body


def _another_form(name: str, wanted: str) -> UsageError:
    return UsageError(f"a perturbation is made from {name!r}, which is no longer {wanted}", _WAY_OUT)


_WAY_OUT = "change PERTURBATIONS in benchmarks/providers_study/perturbations.py to fit the rule file"


def _exchanged(text: str, first: Span, second: Span) -> str:
    """The text with two stretches, the first before the second, in each other's place."""
    one, two = text[first.start : first.end], text[second.start : second.end]
    return text[: first.start] + two + text[first.end : second.start] + one + text[second.end :]


def _comment_before(text: str, start: int) -> int:
    """Where the documentation comment begins that stands right above a statement, or the statement's own line."""
    begin = text.rfind("\n", 0, start) + 1
    while begin:
        above = text.rfind("\n", 0, begin - 1) + 1
        if not text[above:begin].startswith("##"):
            break
        begin = above
    return begin


def _within(node: object) -> Iterator[object]:
    """A node of the syntax tree, and all below it."""
    yield node
    if is_dataclass(node):
        for field in fields(node):
            value = getattr(node, field.name)
            for below in value if isinstance(value, tuple) else (value,):
                yield from _within(below)


def _is(node: object, column: str) -> bool:
    return isinstance(node, Name) and node.value == column
