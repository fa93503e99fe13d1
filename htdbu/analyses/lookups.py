"""HTR404, HTR405: keys that the domains allow and a lookup lacks, and keys that stand twice with two values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from htdbu.analyses.block import Block, Row
from htdbu.analyses.goals import Goal
from htdbu.analyses.proof import BUDGET, DISAGREE
from htdbu.analyses.reach import Answers
from htdbu.analyses.subject import Subject
from htdbu.analyses.walk import expressions, nodes
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr404_lookup_gap, htr405_lookup_repeat
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.program import LookupRow, Program


def repeats(program: Program) -> Iterator[Diagnostic]:
    """Keys that a lookup gives two values."""
    for lookup in program.lookups:
        first: dict[object, LookupRow] = {}
        for row in lookup.rows:
            known = first.setdefault(tuple(map(_plain, row.keys)), row)
            if _plain(known.value) != _plain(row.value):
                key, values = ", ".join(map(_shown, row.keys)), (_shown(row.value), _shown(known.value))
                yield htr405_lookup_repeat.lookup_repeat(lookup.name, row.span, key, *values, known.span)


def goals(subject: Subject, block: Block) -> list[Goal]:
    """That a key is asked for that the lookup lacks, for every call."""
    return [goal for _, goal in _calls(subject, block)]


def _calls(subject: Subject, block: Block) -> Iterator[tuple[LookupCall, Goal]]:
    for expr in expressions(subject, block):
        for node in nodes(expr):
            if isinstance(node, LookupCall) and not _has_null(node):
                yield node, Goal(subject.lacks(node))


def _has_null(node: LookupCall) -> bool:
    return any(isinstance(arg, Constant) and arg.type == "null" for arg in node.args)


def findings(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """The lookups of a block that lack a key, each once, with a row that asks for it."""
    told: set[str] = set()
    for node, goal in _calls(subject, block):
        if node.table in told or goal in domains.never:
            continue
        told.add(node.table)
        lookup = next(lookup for lookup in subject.program.lookups if lookup.name == node.table)
        if goal in domains.undecided:
            yield htr390_undecided.undecided(f"whether `{lookup.name}` has all keys", node.span, BUDGET)
            continue
        answer = block.ask([*block.domains, block.goal(goal)])
        if not answer.status.solved or not subject.shows(block, answer.values, goal):
            yield htr390_undecided.undecided(f"whether `{lookup.name}` has all keys", node.span, DISAGREE)
            continue
        witness = subject.spelt(block, answer.values)
        keys = [_key(subject, block, answer.values, arg, witness) for arg in node.args]
        yield htr404_lookup_gap.lookup_gap(lookup.name, lookup.span, node.span, keys, witness)


def _key(subject: Subject, block: Block, row: Row, arg: Expr, witness: Mapping[str, str]) -> str:
    """What a row asks a lookup for; a mark of omission where that is no plain number."""
    match arg:
        case ColumnRef(name=name):
            return witness[name]
        case Constant():
            return _shown(arg)
    return subject.spelt_number(block, row, arg) or "…"


def _plain(literal: Constant) -> object:
    """A literal, numbers by their value."""
    return Decimal(str(literal.value)) if literal.type == "number" else literal.value


def _shown(literal: Constant) -> str:
    if literal.type == "text":
        return f'"{literal.value}"'
    return str(literal.value).lower() if literal.type in ("bool", "null") else str(literal.value)
