"""Neighbours with one premise under one `when`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from htdbu.analyses.simplify.candidates import Part
from htdbu.analyses.simplify.measure import Size, size
from htdbu.analyses.simplify.shapes import is_call
from htdbu.analyses.simplify.work import Step, Work
from htdbu.compiler.expressions import Expr
from htdbu.grammar import syntax

_OWN_COMMENT = re.compile(r"#(?:#|[ \t]*htr:)[^\n]*")
"""What goes with a rule that is deleted."""


@dataclass(frozen=True)
class Common:
    """Rules that stand one after the other, and the premise that they share; their parts are what follows from it."""

    premise: Expr
    names: tuple[str, ...]


def common_premises(work: Work, statements: Iterable[syntax.Statement]) -> Iterator[Common]:
    """Take the shared premises out of rules, where that makes the whole shorter."""
    for row in _rows(work, list(statements)):
        for premise, group in groupby(row, key=lambda part: part.body.args[0]):  # type: ignore[union-attr]
            found = _common(work, premise, list(group))
            if found is not None:
                yield found
    for statement in statements:
        if isinstance(statement, syntax.When):
            yield from common_premises(work, statement.body)


def _rows(work: Work, statements: list[syntax.Statement]) -> Iterator[list[Part]]:
    """Implications with nothing but blanks between them."""
    row: list[Part] = []
    end = 0
    for statement in statements:
        part = work.parts.get(statement.name.value) if isinstance(statement, syntax.RuleDecl) else None
        is_gone = part is None and isinstance(statement, syntax.RuleDecl) and statement.name.value in work.file.rules
        between = work.file.source.text[end : statement.span.start]
        if row and (_OWN_COMMENT.sub("", between) if is_gone else between).strip():
            yield row
            row = []
        if is_gone:
            end = statement.span.end
            continue
        if part is not None and part.origin != "forbid" and is_call(part.body, "implies") and _is_free(work, part):
            row.append(part)
        elif row:
            yield row
            row = []
        end = statement.span.end
    if row:
        yield row


def _is_free(work: Work, part: Part) -> bool:
    return work.file.rules[part.name].doc is None and part.name in work.blocks


def _common(work: Work, premise: Any, group: list[Part]) -> Common | None:
    inner = [replace(part, body=part.body.args[1]) for part in group]  # type: ignore[union-attr]
    before = _sum([work.size(part.name) for part in group])
    head = size(f"when {work.file.shown(premise)} {{ }}")
    if len(group) < 2 or not _sum([head, *map(work.file.size_written, inner)]) < before:
        return None
    for part in inner:
        work.parts[part.name] = part
    names = tuple(part.name for part in group)
    work.steps.setdefault(names[0], []).append(Step(f"the premise `{work.file.shown(premise)}` is theirs in common"))
    return Common(premise, names)


def _sum(sizes: list[Size]) -> Size:
    return Size(*(sum(each) for each in zip(*sizes, strict=True)))
