"""Drawing whole rows: wishes for every cell, block by block made to satisfy the rules."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import reject
from hypothesis import strategies as st

from htdbu.compiler.normal import NormalProgram
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components
from htdbu.solver.ranges import bounded, nearest
from htdbu.solver.table import NULL, VALUE, EncodedTable, Texts
from htdbu.testing.projection import Projector, plain
from htdbu.testing.proper import proper
from htdbu.testing.values import draw_step_of, simplest, texts
from htdbu.testing.walk import Mover

_CHOICES = ("bool", "category")
_NULLS = st.integers(0, 2).map(lambda number: number == 2)
_PROJECTIONS = st.integers(0, 7).map(lambda number: number == 7)

_STAND_IN = "\0"
"""What stands in for texts that rules do not name while a sound row is sought."""

Wish = int | str | None
Key = tuple[Wish, ...]


class Sampler:
    """Draws rows that satisfy a normal form, which may differ from the program's own; the solver's models are kept.

    Raises:
        InfeasibleError: where no row does.
    """

    def __init__(self, program: Program, normal: NormalProgram) -> None:
        self.program, self.normal = program, proper(plain(normal))
        self._blocks = [_Block(program, block) for block in components(self.normal, frozenset())]

    def draw(self, draw: st.DrawFn) -> EncodedTable:
        """A table of one row."""
        table = EncodedTable.blank(self.normal, 1, Texts(self.normal.texts))
        for block in self._blocks:
            block.draw(draw, table)
        return table


class _Block:
    """Draws the cells of columns that rules connect.

    Choices and nulls are drawn first. For them the solver finds a sound row, which is kept for the next time, and in
    it the numbers are moved one by one. One row in eight is instead drawn at once and then projected: that also
    reaches rows in which several numbers can only move together.
    """

    def __init__(self, program: Program, component: Component) -> None:
        self._columns = program.columns
        self._component = component
        self._projector = Projector(component)
        self._literals = tuple(component.program.texts)
        self._cells = component.cells
        self._numbers = [i for i in self._cells if self._columns[i].type.kind not in (*_CHOICES, "text")]
        self._boxes = {i: bounded(component.column(i).box) for i in self._cells}
        self._texts = [i for i in self._cells if self._columns[i].type.kind == "text"]
        self._free = not component.hard and not component.derived
        self._movers = {} if self._free else {i: self._mover(i) for i in self._numbers}
        self._bases: dict[Key, EncodedTable | None] = {}
        self._words = texts(self._literals)
        self._check()

    def _mover(self, i: int) -> Mover:
        return Mover(self._component, self._columns[i], i)

    def _check(self) -> None:
        """Find the simplest row, so that rules without any row fail at once rather than in a user's test."""
        if not self._free:
            self._base(tuple(self._simplest(i) for i in self._cells))

    def _simplest(self, i: int) -> Wish:
        if i in self._texts:
            return _STAND_IN
        return nearest(self._boxes[i], simplest(self._columns[i])) if self._boxes[i] else 0

    def draw(self, draw: st.DrawFn, table: EncodedTable) -> None:
        """Draw the block's cells of a table of one row."""
        together = self._free or (bool(self._numbers) and draw(_PROJECTIONS))
        wishes = [self._drawn(draw, i, together) for i in self._cells]
        if together:
            self._put(table, wishes)
            if not self._free and not self._projector.settle(table):
                reject()
            return
        self._start(table, wishes)
        stuck = [i for i in self._numbers if table.states[i, 0] == VALUE and not self._movers[i].move(draw, table)]
        for i in reversed(stuck):
            self._movers[i].move(draw, table)

    def _drawn(self, draw: st.DrawFn, i: int, together: bool) -> Wish:
        """The wish for a cell, None for a null; numbers that are moved later start as simple as can be."""
        if self._component.column(i).nullable and draw(_NULLS):
            return None
        if i in self._numbers and not together:
            return self._simplest(i)
        if i in self._texts:
            return draw(self._words)
        return draw_step_of(draw, self._columns[i], self._boxes[i])

    def _put(self, table: EncodedTable, wishes: Sequence[Wish]) -> None:
        for i, wish in zip(self._cells, wishes, strict=True):
            table.states[i, 0] = NULL if wish is None else VALUE
            table.values[i, 0] = table.texts.code(wish) if isinstance(wish, str) else wish or 0

    def _start(self, table: EncodedTable, wishes: Sequence[Wish]) -> None:
        """Write the sound row next to some wishes; texts that no rule names are all one to it, but for equal ones."""
        free = {w: None for w in wishes if isinstance(w, str) and w not in self._literals}
        stand_ins = {word: f"{_STAND_IN}{k}" for k, word in enumerate(free)}
        base = self._base(tuple(stand_ins.get(w, w) if isinstance(w, str) else w for w in wishes))
        if base is None:
            reject()
        words = {stand_in: word for word, stand_in in stand_ins.items()}
        for i in self._component.columns:
            table.values[i], table.states[i] = base.values[i], base.states[i]
            if self._columns[i].type.kind == "text" and base.states[i, 0] == VALUE:
                word = base.texts.text(int(base.values[i, 0]))
                table.values[i, 0] = table.texts.code(words.get(word, word))

    def _base(self, wishes: Key) -> EncodedTable | None:
        """The sound row next to some wishes; None where none was found in time."""
        if wishes not in self._bases:
            table = EncodedTable.blank(self._component.program, 1)
            self._put(table, wishes)
            self._bases[wishes] = table if self._projector.settle(table) else None
        return self._bases[wishes]
