"""The texts of a cluster of rows, as codes that its rows share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.groups.apart import Barrier
from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.scene import Scene
from htdbu.solver.texts import TextCodes

MOST_FRESH = 4096
"""More texts than a cluster can make up."""


def texts_of(scene: Scene, rows: Sequence[Row], facts: Iterable[Fact]) -> list[int]:
    """The codes of the texts that rows and facts hold, in the order in which they are met."""
    pairs = [pair for row in rows for pair in zip(scene.block.cells, row, strict=True)]
    held = [cell.value for i, cell in pairs if i in scene.texts and cell.mode == Mode.VALUE]
    return held + [code for fact in facts for code in fact.texts(scene.rules[fact.rule], scene.texts)]


class Words:
    """Codes of the table, as codes of a model and back.

    A text that is made up gets a negative code, which no other cluster uses.

    Args:
        codes: those of the model.
        texts: the codes of the texts that the rows of a cluster and its facts hold, see `texts_of`.
        number: tells the cluster from all others.
    """

    def __init__(self, scene: Scene, codes: TextCodes, texts: Iterable[int], number: int = 0) -> None:
        self._scene, self._codes, self._number = scene, codes, number
        self._words = [code for code in dict.fromkeys(texts) if code >= codes.literals]
        self._places = {code: codes.literals + k for k, code in enumerate(self._words)}

    @property
    def present(self) -> list[int]:
        """The codes of the model that are in use."""
        return list(self._places.values())

    def row(self, row: Row) -> dict[int, Cell]:
        """The cells of a row by column, texts by the codes of the model."""
        return {
            i: replace(cell, value=self._local(i, cell.value)) if cell.mode == Mode.VALUE else cell
            for i, cell in zip(self._scene.block.cells, row, strict=True)
        }

    def watch(self, barrier: Barrier, fact: Fact, hard: bool) -> None:
        """Have a barrier watch over a fact."""
        rule = self._scene.rules[fact.rule]
        ends = zip(rule.left, fact.left, strict=True)
        left = {i: (self._local(i, a), self._local(i, b)) for i, (a, b) in ends}
        right = {i: self._local(i, value) for i, value in zip(rule.right, fact.right, strict=True)}
        barrier.set(left, right, fact.apart, hard)

    def outer(self, local: int) -> int:
        """The code of the table for a text of the model."""
        if local >= self._codes.fresh:
            return -(1 + local - self._codes.fresh + MOST_FRESH * self._number)
        return local if local < self._codes.literals else self._words[local - self._codes.literals]

    def _local(self, position: int, value: int) -> int:
        """A value of the table as the model has it."""
        return self._places.get(value, value) if position in self._scene.texts else value
