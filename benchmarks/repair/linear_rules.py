"""The part of a rule set that PiShield's layer for linear requirements is given, in its own spelling.

These are the hard rules that are one linear inequality over numbers that are never null, and the ranges of the columns
in them. Implications, categories, counts and products are beyond the layer. A sum that is bounded on both sides (an
equation, an absolute value) could be stated as two inequalities, but is left out: PiShield 1.0.0 keeps terms that
cancel when it adds the two (`collapse_atoms`), and would move every row to a bound that no rule states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import Bool, Linear, NormalProgram, Var, Within
from htdbu.compiler.program import Program

Inequality = tuple[dict[int, int], int]
"""Coefficients by column, and what the sum must not be below; in steps."""


@dataclass(frozen=True)
class LinearPart:
    """What is stated.

    Attributes:
        columns: the names of the numeric columns, in the order of the layer's variables `y_0`, `y_1`, and so on.
        scales: their digits after the point.
        names: the rules, those of the columns' domains left out.
        text: the requirements file.
    """

    columns: tuple[str, ...]
    scales: tuple[int, ...]
    names: tuple[str, ...]
    text: str


def linear_part(program: Program) -> LinearPart:
    """The linear rules of a program over its numbers that are never null."""
    normal = normalise(program)
    hard = [(rule.name, _inequality(normal, rule.outcome)) for rule in normal.rules if rule.kind == "hard"]
    stated = {name: found for name, found in hard if found is not None}
    order = sorted({i for terms, _ in stated.values() for i in terms})
    places = {i: k for k, i in enumerate(order)}
    scales = {i: program.columns[i].type.scale for i in order}
    lines = ["ordering " + " ".join(f"y_{k}" for k in range(len(order)))]
    for terms, least in (*stated.values(), *_ranges(normal, order)):
        lines.append(_line(terms, least, places, scales))
    columns = tuple(normal.columns[i].name for i in order)
    return LinearPart(columns, tuple(scales.values()), tuple(stated), "\n".join(lines) + "\n")


def _inequality(normal: NormalProgram, outcome: Bool) -> Inequality | None:
    """A rule as an inequality; None where it is none."""
    if not isinstance(outcome, Within) or not isinstance(outcome.term, Var | Linear) or len(outcome.intervals) != 1:
        return None
    pairs = ((1, outcome.term),) if isinstance(outcome.term, Var) else outcome.term.terms
    constant = outcome.term.constant if isinstance(outcome.term, Linear) else 0
    terms: dict[int, int] = {}
    for coefficient, term in pairs:
        if not isinstance(term, Var) or not _is_plain(normal, term.column):
            return None
        terms[term.column] = terms.get(term.column, 0) + coefficient
    match outcome.intervals[0]:
        case (int(low), None):
            return terms, low - constant
        case (None, int(high)):
            return {i: -c for i, c in terms.items()}, constant - high
    return None


def _is_plain(normal: NormalProgram, i: int) -> bool:
    column = normal.columns[i]
    return column.kind in ("int", "decimal") and not column.nullable


def _ranges(normal: NormalProgram, order: list[int]) -> Iterator[Inequality]:
    """The ends of the columns' domains."""
    for i in order:
        for low, high in normal.columns[i].domain:
            if low is not None:
                yield {i: 1}, low
            if high is not None:
                yield {i: -1}, -high


def _line(terms: dict[int, int], least: int, places: dict[int, int], scales: dict[int, int]) -> str:
    """One inequality in natural units, its numbers as small as whole numbers can be."""
    # A column of s digits counts steps of 10**-s: times 10**s its coefficient is that of natural units.
    whole = {i: c * 10 ** scales[i] for i, c in terms.items() if c}
    shared = gcd(least, *whole.values())
    parts = [f"{'-' if c < 0 else '+'} {abs(c) // shared}y_{places[i]}" for i, c in whole.items()]
    return f"{' '.join(parts).removeprefix('+ ')} >= {least // shared}"
