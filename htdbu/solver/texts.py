"""The codes of text cells within one block: rows that differ in irrelevant texts are one and the same problem."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.solver.components import Component
from htdbu.solver.ranges import Ranges, joined


class TextCodes:
    """Local codes of a block.

    The literals of the program come first (where a rule of the block can read a text at all), then one code for every
    text cell (equal texts share the code of the first), then one for every cell that is to hold a text no data hold.

    Args:
        rows: how many rows share the codes.
        words: how many texts of the data have a code; as many as the rows have text cells by default.

    Attributes:
        position: the number of every text column of the block among the text columns, by its position in the program.
        literals: how many literals there are.
        fresh: the first code of a text that is nowhere in the data.
        count: how many codes there are.
    """

    def __init__(self, component: Component, rows: int = 1, words: int | None = None) -> None:
        texts = (i for i in component.columns if component.column(i).kind == "text")
        self.position = {i: number for number, i in enumerate(texts)}
        ruled = component.hard or component.soft or component.derived
        self.literals = len(component.program.texts) if ruled else 0
        cells = len(self.position) * rows
        self.fresh = self.literals + (cells if words is None else words)
        self.count = self.fresh + cells

    def allowed(self, present: Iterable[int]) -> Ranges:
        """The codes that a cell may take where the text cells of all rows hold the given codes."""
        own = sorted({code for code in present if code >= self.literals})
        points = [*range(self.literals), *own, *range(self.fresh, self.count)]
        return joined((point, point) for point in points)
