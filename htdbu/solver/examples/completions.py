"""Whether the cells that an example leaves free can be filled so that nothing that is asked fails, by CP-SAT."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.components import Component, components
from htdbu.solver.conflict import ConflictModel, shrunk
from htdbu.solver.cpsat.model import Form, ModelOverflowError
from htdbu.solver.cpsat.search import Answer, Budget, Search
from htdbu.solver.examples.clusters import clusters
from htdbu.solver.examples.witness import Steps, fresh_text
from htdbu.solver.problems import gather
from htdbu.solver.solutions import Status
from htdbu.solver.table import BROKEN, NULL, EncodedTable
from htdbu.solver.texts import TextCodes

EFFORT = 10.0
"""Deterministic time for an example and a block of columns."""
EXPLAINING = 1.0
"""Deterministic time for making a conflict small; where it ends, more is named than needed."""
TIRED = "the search for a completion ran out of its budget"
TOO_LARGE = "its numbers are too large to search for a completion"


@dataclass(frozen=True)
class Completion:
    """What was found out about the completions of a row.

    Attributes:
        status: `OPTIMAL` where there is one, `INFEASIBLE` where there is none, `UNKNOWN` where that stays open.
        conflict: the names of a minimal set of rules and given cells that rule every completion out.
        witness: a completion: the cells that were searched for.
        reason: why it stays open.
    """

    status: Status
    conflict: tuple[str, ...] = ()
    witness: Steps = field(default_factory=dict)
    reason: str = ""


@dataclass
class Completer:
    """Completes rows, and remembers the blocks of cells that it met.

    Args:
        everything: what an accepted row must satisfy.
        effort: deterministic time for an example and a block of columns.
    """

    everything: NormalProgram
    effort: float = EFFORT

    def __post_init__(self) -> None:
        self._search = Search()
        self._blocks: dict[frozenset[int], tuple[Component, ...]] = {}
        self._met: dict[tuple[tuple[int, ...], tuple[int, ...], tuple[int | None, ...]], Completion] = {}

    def accept(self, table: EncodedTable, row: int, given: frozenset[int]) -> Completion:
        """Whether a row whose given cells break nothing by themselves can be completed; the witness is left out.

        What the given cells decide needs no search, as it was judged on them.

        Args:
            given: the positions of the given cells.
        """
        if given not in self._blocks:
            self._blocks[given] = clusters(self.everything, given)
        for block in self._blocks[given]:
            found = self._remembered(block, _cells(table, row))
            if found.status is not Status.OPTIMAL:
                return found
        return Completion(Status.OPTIMAL)

    def _remembered(self, block: Component, cells: EncodedTable) -> Completion:
        key = (block.columns, block.fixed, tuple(cells.value(i, 0) for i in block.fixed))
        if key not in self._met:
            self._met[key] = self._complete(block, cells)
        return self._met[key]

    def complete(self, asked: NormalProgram, table: EncodedTable, row: int, given: Collection[int]) -> Completion:
        """A completion of a row in which nothing that is asked fails."""
        witness: dict[int, int | None] = {}
        for block in components(asked, frozenset(given)):
            if block.hard or block.derived:
                found = self._complete(block, _cells(table, row))
                if found.status is not Status.OPTIMAL:
                    return found
                witness.update(found.witness)
        return Completion(Status.OPTIMAL, witness={i: witness[i] for i in sorted(witness)})

    def _complete(self, block: Component, cells: EncodedTable) -> Completion:
        if any(i in block.fixed and i not in block.derived for i, _ in cells.huge):
            return Completion(Status.UNKNOWN, reason=TOO_LARGE)
        line = gather(block, cells, np.array([0])).row(0)
        try:
            model = ConflictModel(block, dict(zip(block.cells, line, strict=True)), wide=False)
            shown = {i: model.value(i) for i in block.columns if i not in block.fixed}
        except ModelOverflowError:
            return Completion(Status.UNKNOWN, reason=TOO_LARGE)
        model.assume(model.members)
        answer = self._search.feasible(model.model, Budget(self.effort))
        if answer.status is Status.INFEASIBLE:
            return Completion(Status.INFEASIBLE, conflict=shrunk(model, Budget(EXPLAINING)))
        if not answer.status.solved:
            return Completion(Status.UNKNOWN, reason=TIRED)
        return Completion(Status.OPTIMAL, witness=_witness(block, cells, shown, answer))


def _cells(table: EncodedTable, row: int) -> EncodedTable:
    """The row by itself; a cell that is no value of its type is unknown, as a null."""
    cells = table.take(np.array([row]))
    cells.states[cells.states == BROKEN] = NULL
    return cells


def _witness(
    block: Component, cells: EncodedTable, shown: dict[int, tuple[Form, Form]], answer: Answer
) -> dict[int, int | None]:
    """The free cells in a solution."""
    codes = TextCodes(block)
    made: dict[int, int] = {}
    found: dict[int, int | None] = {}
    for i, (value, known) in shown.items():
        steps = answer.total(value.terms) + value.constant
        if not answer.total(known.terms) + known.constant:
            found[i] = None
        elif i not in codes.position:
            found[i] = steps
        else:
            if steps not in made:
                made[steps] = _text(codes, cells, steps)
            found[i] = made[steps]
    return found


def _text(codes: TextCodes, cells: EncodedTable, local: int) -> int:
    """The table's code of a text that a block knows by another one."""
    if local < codes.literals:
        return local
    if local >= codes.fresh:
        return fresh_text(cells.texts, local - codes.fresh + 1)
    position = next(i for i, number in codes.position.items() if number == local - codes.literals)
    return int(cells.values[position, 0])
