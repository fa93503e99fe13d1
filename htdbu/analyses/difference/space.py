"""The rows of two files together, block by block: what is asked of them, and how an answer becomes a whole row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from htdbu.analyses.block import Block
from htdbu.analyses.difference.merge import LINK, Merged, Which
from htdbu.analyses.difference.rows import UnionRow
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.witness.nearest import nearest_row
from htdbu.analyses.witness.typical import typical_row
from htdbu.compiler.program import Program
from htdbu.solver.components import components
from htdbu.solver.cpsat.model import Literal, ModelOverflowError
from htdbu.solver.cpsat.search import Answer
from htdbu.solver.examples.witness import fresh_text
from htdbu.solver.ranges import bounded, nearest
from htdbu.solver.solutions import Status
from htdbu.solver.table import Texts

TOO_LARGE = "the numbers are too large for the search"


@dataclass(frozen=True)
class Found:
    """A row; or the proof that there is none; or, where there is a reason, neither."""

    row: UnionRow | None = None
    reason: str = ""

    @property
    def exists(self) -> bool | None:
        """Whether there is such a row; None where that stays open."""
        return True if self.row is not None else None if self.reason else False


class Space:
    """Answers questions about rows of the union.

    Args:
        files: the two programs.
        effort: deterministic time for one question.
    """

    def __init__(self, merged: Merged, files: Mapping[Which, Program], effort: float) -> None:
        self.merged = merged
        self.files = files
        self.reason = ""
        self.blocks: list[Block] = []
        self._plain: list[int] = []
        self._met: dict[tuple[Block, frozenset[Literal]], Answer] = {}
        self._typical = self._typical_cells()
        for part in components(merged.normal, frozenset()):
            if not (part.hard or part.derived):
                self._plain += part.columns
                continue
            own = replace(part, mutable=tuple(i for i in part.mutable if i < len(merged.union)))
            try:
                self.blocks.append(Block(own, effort))
            except ModelOverflowError:
                self.reason = TOO_LARGE

    def _typical_cells(self) -> dict[int, int | None]:
        """The middle of the domains, those of the old file first."""
        rows = {which: typical_row(program) for which, program in self.files.items()}
        found: dict[int, int | None] = {}
        for place, column in enumerate(self.merged.union):
            side, which = (column.old, "old") if column.old is not None else (column.new, "new")
            assert side is not None
            value = rows["old" if which == "old" else "new"].get(side.position)
            if value is not None and column.type.kind == "category":
                value = next(u for u, own in column.levels(side).items() if own == value)
            elif value is not None and column.type.kind != "text":
                value *= column.factor(side)
            found[place] = value
        return found

    # Literals ------------------------------------------------------------------------------------------------------

    def block_of(self, name: str) -> Block | None:
        """The block of a rule of the merged program."""
        return next((block for block in self.blocks if name in block.rules), None)

    def held(self, block: Block) -> list[Literal]:
        """What holds in every row."""
        links = [literal for name, literal in block.rules.items() if name.startswith(LINK)]
        return [*links, *block.domains]

    def declared(self, block: Block) -> list[Literal]:
        """What holds in every row of both files' declarations."""
        return [*self.held(block), *(block.rules[name] for name in block.rules if name in self.merged.declared)]

    def demands(self, block: Block, which: Which) -> list[Literal]:
        """What a file demands of a row that it accepts."""
        names = (name for name in block.rules if name.startswith(f"{which} ") and name not in self.merged.soft)
        return [block.rules[name] for name in names]

    def accepted(self, block: Block, which: Which) -> list[Literal]:
        """What holds in every row that a file accepts."""
        return [*self.held(block), *self.demands(block, which)]

    # Questions -----------------------------------------------------------------------------------------------------

    def only(self, which: Which, other: Which) -> Found:
        """A row that one file accepts and the other does not."""
        if self.reason:
            return Found(reason=self.reason)
        rest = {block: self.accepted(block, which) for block in self.blocks}
        reason = ""
        for block in self.blocks:
            broken = [~literal for literal in self.demands(block, other)]
            status = block.ask(rest[block], broken).status if broken else Status.INFEASIBLE
            if status.solved:
                return self._whole(rest | {block: [*rest[block], block.model.any_of(broken)]})
            reason = BUDGET if status is Status.UNKNOWN else reason
        return Found(reason=reason)

    def row(self, block: Block, wanted: Sequence[Literal], fill: Which | None) -> Found:
        """A row in a block of which some literals hold.

        Args:
            fill: the file that accepts the rest of the row; None asks for rows of both files' declarations.
        """
        rest = {b: self.declared(b) if fill is None else self.accepted(b, fill) for b in self.blocks}
        return self._whole(rest | {block: list(wanted)})

    def _whole(self, wanted: Mapping[Block, Sequence[Literal]]) -> Found:
        """The most typical row in which some literals of every block hold."""
        if self.reason:
            return Found(reason=self.reason)
        texts = Texts(self.merged.normal.texts)
        cells = self._plain_cells(texts)
        reason = ""
        for block, held in wanted.items():
            answer = self._nearest(block, held)
            if answer.status is Status.INFEASIBLE:
                return Found()
            if not answer.status.solved:
                reason = BUDGET
                continue
            cells |= self._cells(block, answer.values, texts)
        return Found(reason=reason) if reason else Found(UnionRow(self.merged, self.files, cells, texts))

    def _nearest(self, block: Block, held: Sequence[Literal]) -> Answer:
        """The most typical row of a block, remembered: most questions are about one block only."""
        key = (block, frozenset(held))
        if key not in self._met:
            self._met[key] = nearest_row(block, held, self._typical)
        return self._met[key]

    def _plain_cells(self, texts: Texts) -> dict[int, int | None]:
        """The cells of the columns that nothing is said of."""
        found: dict[int, int | None] = {}
        for i in self._plain:
            column, value = self.merged.normal.columns[i], self._typical.get(i)
            if column.kind == "text":
                found[i] = fresh_text(texts, 1)
            else:
                found[i] = None if value is None else nearest(bounded(column.box), value)
        return found

    def _cells(self, block: Block, values: tuple[int, ...], texts: Texts) -> dict[int, int | None]:
        """The cells of the union in a block's row; texts that are no literals are made up."""
        made: dict[int, int] = {}
        found: dict[int, int | None] = {}
        for i, value in self._of_union(block.cells(values).items()):
            if value is not None and i in block.codes.position and value >= block.codes.literals:
                if value not in made:
                    made[value] = fresh_text(texts, 1)
                value = made[value]
            found[i] = value
        return found

    def _of_union(self, cells: Iterable[tuple[int, int | None]]) -> Iterable[tuple[int, int | None]]:
        return ((i, value) for i, value in cells if i < len(self.merged.union))
