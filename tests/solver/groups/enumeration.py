"""The repair of a small table under rules over several rows, by trying every table; written from the contract."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import pandas as pd

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.objective import cell_price, is_kept

Values = tuple[int | None, ...]
Table = tuple[Values, ...]


@dataclass(frozen=True, order=True)
class Choice:
    """What a row may become, with what tells which of two choices is better."""

    price: Fraction
    pays: tuple[bool, ...]
    kept: tuple[bool, ...]
    ranks: tuple[int, ...]
    values: tuple[object, ...]


def spelled(program: Program, values: Values) -> dict[str, object]:
    """A row as a table spells it."""
    row: dict[str, object] = {}
    for column, value in zip(program.columns, values, strict=True):
        levels = column.type.levels
        row[column.header] = value if value is None or not levels else levels[value]
    return row


def domains(program: Program) -> list[list[int | None]]:
    """The values that every column may take, null first."""
    found: list[list[int | None]] = []
    for column in normalise(program).columns:
        values = [v for a, b in column.domain if a is not None and b is not None for v in range(a, b + 1)]
        found.append([None, *values] if column.nullable else [*values])
    return found


def choices(program: Program, rows: Table) -> list[list[Choice]]:
    """For every row what it may become, the best first."""
    normal, parts = normalise(program), tied(program)
    every = list(product(*domains(program)))
    frame = pd.DataFrame([spelled(program, values) for values in every], dtype=object)
    report = program.check(frame)
    bad = {row for rule in report.rules if rule.kind in ("hard", "domain", "null") for row in rule.rows.tolist()}
    soft = [Fraction(0)] * len(every)
    charged = [set[int]() for _ in every]
    softs = [rule for rule in normal.rules if rule.kind == "soft"]
    for rule, own in zip((r for r in report.rules if r.kind == "soft"), softs, strict=True):
        for row in rule.rows.tolist():
            soft[row] += Fraction(own.weight or 0)
            charged[row] |= own.columns
    found = []
    for row in rows:
        cells = [Cell(Mode.NULL) if value is None else Cell(Mode.VALUE, value) for value in row]
        able = []
        for k, values in enumerate(every):
            if k in bad:
                continue
            pairs = list(zip(normal.columns, cells, values, strict=True))
            kept = tuple(is_kept(cell, value) for _, cell, value in pairs)
            if any(column.fixed and not same for (column, _, _), same in zip(pairs, kept, strict=True)):
                continue
            price = soft[k] + sum((cell_price(*pair) for pair in pairs), Fraction(0))
            ranks = tuple(-1 if value is None else value for value in values)
            pays = tuple(bool(charged[k] & part) or not all(kept[i] for i in part) for part in parts)
            able.append(Choice(price, pays, kept, ranks, values))
        found.append(sorted(able, key=lambda choice: choice.price))
    return found


def tied(program: Program) -> list[set[int]]:
    """The columns that rules tie together; a row is left alone, or pays, in each of these parts by itself."""
    place = program.column_index
    links = [set(rule.columns) for rule in normalise(program).rules]
    links += [{place[name] for name in unique.columns} for unique in program.uniques]
    links += [{place[name] for name in (*fd.left, *fd.right)} for fd in program.dependencies]
    parts = [{i} for i in range(len(program.columns))]
    for link in links:
        joined = [part for part in parts if part & link]
        parts = [part for part in parts if not part & link] + [set().union(*joined)]
    return sorted(parts, key=min)


def agree(program: Program, one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two rows break no rule between them."""
    place = program.column_index
    pairs = [([column.name], []) for column in program.columns if column.key]
    pairs += [(list(unique.columns), []) for unique in program.uniques]
    pairs += [(list(fd.left), list(fd.right)) for fd in program.dependencies]
    for left, right in pairs:
        sides = [[(one[place[n]], other[place[n]]) for n in side] for side in (left, right)]
        if any(None in pair for side in sides for pair in side):
            continue
        if all(a == b for a, b in sides[0]) and not (right and all(a == b for a, b in sides[1])):
            return False
    return True


def best_table(program: Program, rows: Table) -> list[tuple[object, ...]] | None:
    """The rows of the best repair; None where there is none."""
    able = choices(program, rows)
    if any(not each for each in able):
        return None
    least = [each[0].price for each in able]
    best: tuple[object, ...] | None = None
    chosen: list[Choice] = []

    def search(price: Fraction) -> None:
        nonlocal best
        k = len(chosen)
        if k == len(able):
            pays = _flat(list(zip(*(choice.pays for choice in chosen), strict=True)))
            ranked = (price, pays, _flat([c.kept for c in chosen]), _flat([c.ranks for c in chosen]))
            if best is None or ranked < best[0]:  # type: ignore[operator, index]
                best = (ranked, [choice.values for choice in chosen])
            return
        rest = sum(least[k + 1 :], Fraction(0))
        for choice in able[k]:
            total = price + choice.price
            if best is not None and total + rest > best[0][0]:  # type: ignore[index]
                break
            if all(agree(program, choice.values, other.values) for other in chosen):
                chosen.append(choice)
                search(total)
                chosen.pop()

    search(Fraction(0))
    return None if best is None else best[1]  # type: ignore[return-value]


def _flat(parts: list[tuple[object, ...]]) -> tuple[object, ...]:
    return tuple(value for part in parts for value in part)
