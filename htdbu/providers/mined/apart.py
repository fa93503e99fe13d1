"""Rules told apart by rows: real ones with a cell or two changed so that they break one hard rule and nothing else.

Such a row proves that no other rules imply that one, which spares the solver the question.
"""

from __future__ import annotations

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalProgram
from htdbu.compiler.program import Program, Rule
from htdbu.generators.arrays import Mask
from htdbu.providers.mined.view import Steps
from htdbu.solver.derive import derive
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import NULL, VALUE, EncodedTable, Texts

_TRIES = 400
"""Changed rows for each rule."""


def told_apart(program: Program, cells: EncodedTable, seed: int) -> set[str]:
    """The names of the hard rules that a changed row breaks alone; that of no rule that others imply.

    Args:
        cells: the real rows, columns as in the program.
    """
    if not cells.n_rows or not program.rules:
        return set()
    rng, normal = np.random.default_rng(seed), normalise(program)
    rows = rng.integers(0, cells.n_rows, _TRIES * len(program.rules))
    table = EncodedTable(
        cells.values[:, rows], cells.states[:, rows], Texts(normal.texts), (True,) * len(program.columns)
    )
    for k, rule in enumerate(program.rules):
        _change(program, normal, table, slice(k * _TRIES, (k + 1) * _TRIES), rule, cells, rng)
    derive(normal, table)
    return _alone(program, table)


def _change(
    program: Program,
    normal: NormalProgram,
    table: EncodedTable,
    part: slice,
    rule: Rule,
    cells: EncodedTable,
    rng: np.random.Generator,
) -> None:
    """Change cells that a rule reads, each in three of four rows, to those of other rows or to any of the domain."""
    for name in sorted(rule.reads):
        i = program.column_index[name]
        if program.columns[i].derived is not None:
            continue
        donors = rng.integers(0, cells.n_rows, _TRIES)
        values, states = cells.values[i, donors], cells.states[i, donors]
        anywhere = _anywhere(normal, i, values, rng)
        far = rng.random(_TRIES) < 0.5
        values, states = np.where(far, anywhere, values), np.where(far, VALUE, states)
        if program.columns[i].nullable:
            states = np.where(rng.random(_TRIES) < 0.2, NULL, states)
        chosen = rng.random(_TRIES) < 0.6
        table.values[i, part] = np.where(chosen, np.where(states == VALUE, values, 0), table.values[i, part])
        table.states[i, part] = np.where(chosen, states, table.states[i, part])


def _anywhere(normal: NormalProgram, i: int, values: Steps, rng: np.random.Generator) -> Steps:
    """Values drawn evenly from a column's domain, or between those of the rows where it has none."""
    domain = normal.columns[i].domain
    ends = [end for piece in domain for end in piece if end is not None] if domain else []
    low, high = (min(ends), max(ends)) if len(ends) >= 2 else (int(values.min()), int(values.max()))
    return rng.integers(low, high + 1, values.size)


def _alone(program: Program, table: EncodedTable) -> set[str]:
    """The hard rules that some row breaks without breaking another, or a domain."""
    names: list[str] = []
    fails: list[Mask] = []
    others = np.zeros(table.n_rows, bool)
    for outcome in row_outcomes(program, table):
        if outcome.kind == "hard":
            names.append(outcome.name)
            fails.append(outcome.fail)
        elif outcome.kind != "soft":
            others |= outcome.fail
    if not fails:
        return set()
    broken = np.array(fails)
    lone = (broken.sum(axis=0) == 1) & ~others
    return {name for name, fail in zip(names, broken, strict=True) if bool((fail & lone).any())}
