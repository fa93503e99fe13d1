"""The premises of rules: the guards around a rule one after the other, then what stands left of each `=>`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from htdbu.analyses.goals import Goal
from htdbu.analyses.subject import Subject
from htdbu.compiler.expressions import Call, Expr
from htdbu.compiler.lowering.build import conjunction
from htdbu.compiler.program import Rule
from htdbu.grammar.source import Span


@dataclass(frozen=True)
class Premise:
    """A condition that has to be true for some rules to decide anything.

    Attributes:
        goal: it and the guards around it being true.
        rules: the names of the rules that need it.
    """

    goal: Goal
    span: Span | None
    rules: tuple[str, ...]


def premises(subject: Subject, rules: Iterable[Rule]) -> list[list[Premise]]:
    """The premises of each rule from the outermost inwards; rules under one `when` share those of it."""
    chains = [_parts(rule) for rule in rules]
    names: dict[object, list[str]] = {}
    for rule, parts in zip(rules, chains, strict=True):
        for part in parts:
            names.setdefault(_identity(part, rule), []).append(rule.name)
    found = []
    for rule, parts in zip(rules, chains, strict=True):
        conditions = [subject.lowered(part) for part in parts]
        found.append(
            [
                Premise(Goal(conjunction(conditions[: i + 1])), part.span, tuple(names[_identity(part, rule)]))
                for i, part in enumerate(parts)
            ]
        )
    return found


def _identity(part: Expr, rule: Rule) -> object:
    return rule.name if part.span is None else part.span


def _parts(rule: Rule) -> list[Expr]:
    parts, body = _guards(rule.guard), rule.body
    while isinstance(body, Call) and body.function == "implies":
        premise, body = body.args
        parts.append(premise)
    return parts


def _guards(guard: Expr | None) -> list[Expr]:
    """The conditions of the nested `when`s; what they are joined by has the place of the first."""
    if guard is None:
        return []
    nested = isinstance(guard, Call) and guard.function == "and" and guard.span is not None
    if nested and isinstance(guard, Call) and guard.span == guard.args[0].span:
        return list(guard.args)
    return [guard]


def dead(chains: Iterable[list[Premise]], never: Iterable[Goal]) -> list[Premise]:
    """The first premise of each rule that is never met; those that rules share once."""
    unmet = set(never)
    first = (next((premise for premise in chain if premise.goal in unmet), None) for chain in chains)
    return list(dict.fromkeys(premise for premise in first if premise is not None))
