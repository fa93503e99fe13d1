"""Whether the cells that an example leaves free can be filled so that given rules hold, by CP-SAT."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from htdbu.compiler.normal import NormalColumn, NormalProgram, NormalRule
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components
from htdbu.solver.conflict import ConflictModel, shrunk
from htdbu.solver.cpsat.model import ModelOverflowError
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.engine import Status
from htdbu.solver.problems import gather
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable

_EFFORT = 10.0
"""Deterministic time for a block of columns."""

Witness = Mapping[str, str]
"""Cells of a completion as the rules spell them, without texts; nulls are `null`."""


@dataclass(frozen=True)
class Completion:
    """What was found out about the completions of a row.

    Attributes:
        status: `OPTIMAL` where there is one, `INFEASIBLE` where there is none, `UNKNOWN` where the budget ended first.
        conflict: the names of a minimal set of rules and given cells that rule every completion out.
        witness: a completion.
    """

    status: Status
    conflict: tuple[str, ...] = ()
    witness: Witness = field(default_factory=dict)


def complete(
    program: Program,
    normal: NormalProgram,
    table: EncodedTable,
    row: int,
    given: Collection[int],
    rules: Sequence[NormalRule],
    derived: Collection[str] | None = None,
    as_held: bool = False,
    within_domains: bool = False,
) -> Completion:
    """Look for values of the columns that are not given such that no given rule fails.

    Args:
        normal: the program's normal form.
        table, row: the cells that are given.
        given: their positions.
        rules: what must not fail, each taken as hard.
        derived: the names of domains and nulls of derived columns that must hold; None for all.
        as_held: whether derived cells that are given stand for themselves, whatever their definition gives; else it
            has to give them.
        within_domains: whether the given cells are known to lie inside their domains; a conflict then names them.
    """
    odd = () if within_domains else given
    fitted = replace(
        normal,
        columns=tuple(_fitted(normal, table, row, i, as_held) if i in odd else c for i, c in enumerate(normal.columns)),
        rules=tuple(replace(rule, kind="hard") for rule in rules),
    )
    cells = table.take(np.array([row]))
    cells.states[cells.states == BROKEN] = NULL
    witness: dict[str, str] = {}
    for block in components(fitted, frozenset(given)):
        if not block.hard and not block.derived:
            continue
        found = _complete_block(program, block, cells, derived)
        if found.status is not Status.OPTIMAL:
            return found
        witness |= found.witness
    return Completion(Status.OPTIMAL, witness=witness)


def _fitted(normal: NormalProgram, table: EncodedTable, row: int, position: int, as_held: bool) -> NormalColumn:
    """A column that may hold the given cell, whatever its domain says."""
    column = normal.columns[position]
    if as_held:
        column = replace(column, definition=None)
    if table.states[position, row] != VALUE:
        return replace(column, nullable=True)
    value = table.value(position, row)
    if column.kind == "text" or column.definition is not None or value is None:
        return column
    return replace(column, box=((value, value),), domain=((value, value),))


def _complete_block(
    program: Program, block: Component, cells: EncodedTable, derived: Collection[str] | None
) -> Completion:
    (line,) = gather(block, cells, np.array([0])).unique
    try:
        model = ConflictModel(block, dict(zip(block.cells, line, strict=True)), wide=False)
    except ModelOverflowError:
        return Completion(Status.UNKNOWN)
    if derived is not None:
        ends = (".domain", ".null")
        own = {f"{block.column(i).name}{end}" for i in block.derived for end in ends}
        for name in own - set(derived):
            model.members.pop(name, None)
    shown = {i: model.value(i) for i in block.columns if block.column(i).kind != "text"}
    model.assume(model.members)
    answer = Search().feasible(model.model, Budget(_EFFORT))
    if answer.status is Status.INFEASIBLE:
        return Completion(Status.INFEASIBLE, conflict=shrunk(model, Budget(_EFFORT)))
    if not answer.status.solved:
        return Completion(Status.UNKNOWN)
    witness = {}
    for i, (value, known) in shown.items():
        column, is_known = program.columns[i], answer.total(known.terms) + known.constant
        cell = str(text_speller(column, None)(answer.total(value.terms) + value.constant)) if is_known else "null"
        witness[column.name] = f'"{cell}"' if is_known and column.type.kind == "category" else cell
    return Completion(Status.OPTIMAL, witness=witness)
