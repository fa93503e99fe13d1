"""The pass that proves that no price of a repair leaves 64-bit integers (language reference, "What a repair is")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import lcm

from htdbu.compiler.bounds import LIMIT
from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr301_overflow
from htdbu.compiler.expressions import columns_of
from htdbu.compiler.lowering.domains import bits, closed, declared
from htdbu.compiler.program import Column, Program, Rule
from htdbu.compiler.typing import NOWHERE
from htdbu.grammar.source import Span

_MADE_NULL = 100
_WIDEST = 52


def report_prices(context: Context, program: Program) -> None:
    """Report what adds most to the prices of columns that rules connect, where these add up to too much."""
    for columns, rules in _blocks(program):
        widths = {column.name: min(bits(column, closed(column, declared(column))) or 0, _WIDEST) for column in columns}
        weights = [Fraction(rule.weight or 0) for rule in rules if rule.kind == "soft"]
        q = lcm(*(Fraction(c.cost).denominator for c in columns), *(weight.denominator for weight in weights))
        unit = (2 << max(1, *widths.values(), 0)) * q
        most: list[tuple[Decimal, str, Span | None]] = [
            (unit * c.cost * (_MADE_NULL if c.nullable else 2), f"the column `{c.name}`", c.span) for c in columns
        ]
        most += [(unit * (r.weight or Decimal(0)), f"the rule `{r.name}`", r.span) for r in rules if r.kind == "soft"]
        total = sum((Fraction(price) for price, _, _ in most), Fraction(0))
        if total >= LIMIT:
            _, what, span = max(most, key=lambda part: part[0])
            context.report(htr301_overflow.prices(what, span or NOWHERE, int(total)))


def _blocks(program: Program) -> Iterator[tuple[list[Column], list[Rule]]]:
    """The columns that rules connect, directly or through derived columns, with these rules."""
    leader = {column.name: column.name for column in program.columns}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    def connect(names: Iterable[str]) -> None:
        roots = sorted({find(name) for name in names if name in leader})
        leader.update(dict.fromkeys(roots, roots[0]) if roots else {})

    for column in program.columns:
        if column.derived is not None:
            connect((column.name, *columns_of(column.derived)))
    for rule in program.rules:
        connect(rule.reads)
    blocks: dict[str, tuple[list[Column], list[Rule]]] = {}
    for column in program.columns:
        block = blocks.setdefault(find(column.name), ([], []))
        if column.derived is None:
            block[0].append(column)
    for rule in program.rules:
        for name in sorted(rule.reads & leader.keys())[:1]:
            blocks[find(name)][1].append(rule)
    yield from blocks.values()
