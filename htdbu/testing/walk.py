"""Moving one number of a sound row anywhere that the rules allow while all other cells stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from htdbu.compiler.normal import NormalProgram, variables
from htdbu.compiler.program import Column
from htdbu.solver.components import Component, reads
from htdbu.solver.derive import derived_order
from htdbu.solver.evaluate import inside
from htdbu.solver.ranges import bounded
from htdbu.solver.table import EncodedTable
from htdbu.solver.violations import broken
from htdbu.testing.lean import lean_evaluator, write_definition
from htdbu.testing.values import draw_step

Steps = NDArray[np.int64]

_EVEN = 33
_PER_DOUBLING = 4


class Mover:
    """Moves the cells of one column.

    Candidates stand evenly over the domain and, ever denser, around the present value. A value is drawn between
    those that the rules allow.
    """

    def __init__(self, component: Component, column: Column, position: int) -> None:
        self._normal, self._column, self._position = component.program, column, position
        self._derived = dependent(component.program, position)
        moved = {position, *self._derived}
        self._judge = replace(
            component,
            columns=tuple(self._derived),
            fixed=(),
            hard=tuple(rule for rule in component.hard if reads(rule) & moved),
        )
        self._box = component.column(position).box
        self._even, self._around = _candidates(bounded(self._box))

    def move(self, draw: st.DrawFn, table: EncodedTable) -> bool:
        """Draw a new value for the cell of a table of one row; whether there was more than one to draw from."""
        present = int(table.values[self._position, 0])
        candidates = np.unique(np.concatenate([self._even, self._around + present]))
        candidates = candidates[inside(self._box, candidates)]
        allowed = self._allowed(table, candidates)
        good = candidates[allowed]
        if good.size <= 1:
            return False
        wished = draw_step(draw, self._column, int(good[0]), int(good[-1]))
        self._put(table, self._near(table, candidates, allowed, wished))
        return True

    def _near(self, table: EncodedTable, candidates: Steps, allowed: NDArray[np.bool_], wished: int) -> int:
        """The wished value where the rules allow it, else an allowed one near it."""
        after = int(np.searchsorted(candidates, wished))
        between = bool(allowed[after]) and (candidates[after] == wished or bool(allowed[after - 1]))
        if between and (candidates[after] == wished or self._allowed(table, np.array([wished]))[0]):
            return wished
        good = candidates[allowed]
        return int(good[np.argmin(np.abs(good - wished))])

    def _allowed(self, table: EncodedTable, candidates: Steps) -> NDArray[np.bool_]:
        """Which values of the cell satisfy every rule, the other cells being as they are."""
        tiled = table.take(np.zeros(len(candidates), np.int64))
        tiled.values[self._position] = candidates
        for i in self._derived:
            write_definition(self._normal, tiled, i)
        within: NDArray[np.bool_] = inside(self._box, candidates)
        return within & ~broken(self._judge, tiled, tiled, lean_evaluator(tiled))

    def _put(self, table: EncodedTable, value: int) -> None:
        table.values[self._position, 0] = value
        for i in self._derived:
            write_definition(self._normal, table, i)


def dependent(normal: NormalProgram, position: int) -> list[int]:
    """The derived columns that change with a column, each after those that it needs."""
    found, order = {position}, derived_order(normal)
    for i in order:
        if _reads(normal, i) & found:
            found.add(i)
    return [i for i in order if i in found and i != position]


def _reads(normal: NormalProgram, derived: int) -> frozenset[int]:
    definition = normal.columns[derived].definition
    return frozenset() if definition is None else variables(definition)


def _candidates(box: Sequence[tuple[int, int]]) -> tuple[Steps, Steps]:
    """Values that stand evenly over a box, its ends among them; and distances that grow geometrically."""
    even = [np.linspace(0, high - low, _EVEN).astype(np.int64) + low for low, high in box]
    ends = [np.array([high], np.int64) for _, high in box]
    width = box[-1][1] - box[0][0]
    powers = np.arange(0, max(width, 1).bit_length() * _PER_DOUBLING) / _PER_DOUBLING
    growing = np.unique((2.0**powers).astype(np.int64))
    return np.concatenate([*even, *ends]), np.concatenate([-growing[::-1], [0], growing])
