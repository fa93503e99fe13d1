"""The rows of a table around the clusters: what they hold, and what it costs at least to move them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.groups.facts import Fact, Wall
from htdbu.solver.groups.index import Index, Tuple
from htdbu.solver.groups.joint import Answered, Cells
from htdbu.solver.groups.runs import Runs
from htdbu.solver.groups.scene import Scene
from htdbu.solver.problems import gather
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair

OUTSIDE, LEFT = -1, -2
"""Mark a row that is in no cluster, and one that is left as the data have it."""
_MOST_TOGETHER = 2048
"""So many of the rows that agree on a right side are looked at: that these would have to move is enough."""


@dataclass
class Cluster:
    """Rows that are repaired together.

    Attributes:
        rows: ascending; the first one is the number of the cluster.
        facts: what it has to take into account, with the rows outside that hold it.
        walls: the facts as the answer was found under them.
        tries: how often it was solved.
    """

    rows: tuple[int, ...]
    facts: dict[Fact, Indices] = field(default_factory=dict)
    walls: tuple[Wall, ...] = ()
    answer: Answered | None = None
    tries: int = 0

    @property
    def number(self) -> int:
        """What tells it from all others."""
        return self.rows[0]


@dataclass(frozen=True)
class Held:
    """What one row of a cluster holds for one rule, where it has a value in all of its columns.

    Attributes:
        place: the place of the row in its cluster.
    """

    cluster: Cluster
    place: int
    rule: int
    left: Tuple
    right: Tuple


class Crowd:
    """The rows of a scene.

    Attributes:
        member: for each row whether it is in a cluster: its number, or OUTSIDE.
        movable: which rows may change; rows that the repair row by row gave up may not.
        is_plain: whether all rows outside that agree on the left side of an fd agree on its right side.
        failing: rows that fail a rule over several rows when each is repaired by itself.
        stuck: rows that no change can mend.
        placed: what clusters hold that are done with, by rule and left side: their numbers and the right side.
    """

    def __init__(self, program: Program, scene: Scene, before: EncodedTable, repair: TableRepair) -> None:
        self.scene, self.before, self.base = scene, before, repair.table
        self.member = np.full(before.n_rows, OUTSIDE, np.int64)
        self.movable = np.ones(before.n_rows, bool)
        self.movable[[failure.row for failure in repair.failures]] = False
        self.is_plain = not repair.failures
        self.failing: set[int] = set()
        self.stuck: set[int] = set()
        self.placed: dict[tuple[int, Tuple], tuple[int, Tuple]] = {}
        self._indices = [Index(self.base, rule) for rule in scene.rules]
        self._users = np.zeros(before.n_rows, np.int32)
        self._least = self._least_prices(program, repair.changed)
        self._rows: dict[int, Row] = {}

    def _least_prices(self, program: Program, changed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each row what it costs at least to move it on from where it is."""
        block, prices = self.scene.block, self.scene.prices
        least = np.full(self.before.n_rows, self.scene.least, np.int64)
        evaluator = Evaluator(normalise(program), self.base) if block.soft else None
        for rule, price in zip(block.soft, prices.soft, strict=True):
            assert evaluator is not None
            least -= price * evaluator.truth(rule.outcome)[1]
        least[changed[list(block.columns)].any(axis=0)] = 0
        return np.maximum(least, 0)

    def leave(self, row: int) -> None:
        """Leave a row as the data have it, outside of all clusters; others must keep clear of what it holds."""
        self.stuck.add(row)
        self.movable[row], self.member[row] = False, LEFT
        self.is_plain = False
        cells = {i: self.before.value(i, row) for i in self.scene.block.columns}
        for k, rule in enumerate(self.scene.rules):
            left, right = _tuple(cells, rule.left), _tuple(cells, rule.right)
            if left is not None and right is not None:
                self.placed.setdefault((k, left), (LEFT, right))

    # Cells ---------------------------------------------------------------------------------------------------------

    def cells(self, rows: Sequence[int]) -> list[Row]:
        """The cells of rows as the data have them, texts by the codes of the table."""
        self.fetch(rows)
        return [self._rows[row] for row in rows]

    def fetch(self, rows: Iterable[int]) -> None:
        """Look at rows that were not looked at before."""
        new = np.array([row for row in rows if row not in self._rows], dtype=np.int64)
        if not new.size:
            return
        block, problems = self.scene.block, gather(self.scene.block, self.before, new)
        for k, i in enumerate(block.cells):
            if i in self.scene.texts:
                problems.values[k] = self.before.values[i, new]
        lines = zip(problems.modes.T.tolist(), problems.values.T.tolist(), strict=True)
        for row, (modes, values) in zip(new.tolist(), lines, strict=True):
            self._rows[row] = tuple(Cell(Mode(m), v) for m, v in zip(modes, values, strict=True))

    def base_cells(self, row: int) -> Cells:
        """The cells of a row as they are when it is repaired by itself."""
        return {i: self.base.value(i, row) for i in self.scene.block.columns}

    def untouched(self, rows: Indices) -> NDArray[np.bool_]:
        """Which rows are as the data have them, and cost nothing so."""
        same: NDArray[np.bool_] = self._least[rows] == self.scene.least
        return same

    def claim(self, row: int) -> tuple[bool, bool, int]:
        """How good a claim a row has to what it holds; those that had to change anyway have the least."""
        return bool(self.untouched(np.array([row]))[0]), row not in self.failing, -row

    # What others hold ----------------------------------------------------------------------------------------------

    def held(self, clusters: Iterable[Cluster]) -> list[Held]:
        """What the rows of clusters hold that are solved."""
        found = []
        for cluster in clusters:
            for place, cells in enumerate(cluster.answer.cells if cluster.answer else ()):
                for k, rule in enumerate(self.scene.rules):
                    left, right = _tuple(cells, rule.left), _tuple(cells, rule.right)
                    if left is not None and right is not None:
                        found.append(Held(cluster, place, k, left, right))
        return found

    def made_up(self, held: Held) -> bool:
        """Whether a left side holds a text that nobody else holds."""
        columns = self.scene.rules[held.rule].left
        return any(i in self.scene.texts and value < 0 for i, value in zip(columns, held.left, strict=True))

    def clashes(self, held: Sequence[Held]) -> list[tuple[Held, Fact, Indices]]:
        """What rows hold against facts of rows outside: the fact, and who holds it."""
        found = []
        for k, index in enumerate(self._indices):
            own = [one for one in held if one.rule == k and not self.made_up(one)]
            for one, rows in zip(own, index.find([each.left for each in own]), strict=True):
                clash = self._clash(one, self.outside(rows)) or self._clash_with_placed(one)
                if clash is not None:
                    found.append((one, *clash))
        return found

    def _clash(self, held: Held, rows: Indices) -> tuple[Fact, Indices] | None:
        rule = self.scene.rules[held.rule]
        if rule.right:
            found = self.dependent_fact(held.rule, held.left, rows)
            if found is None or found[0].right == held.right:
                return None
            return Runs(self, held).apart(found[1]) or found
        return Runs(self, held).taken(rows) if rows.size else None

    def _clash_with_placed(self, held: Held) -> tuple[Fact, Indices] | None:
        number, right = self.placed.get((held.rule, held.left), (held.cluster.number, held.right))
        if number == held.cluster.number or (right and right == held.right):
            return None
        if number == LEFT and self._stays(held):
            return None
        none = np.zeros(0, np.int64)
        if right:
            return Fact(held.rule, tuple((v, v) for v in held.left), right), none
        return Runs(self, held).taken(none)

    def put(self, cluster: Cluster) -> None:
        """Note what a cluster holds, for those that come after it."""
        for held in self.held([cluster]):
            self.placed.setdefault((held.rule, held.left), (cluster.number, held.right))

    def take_back(self, clusters: Iterable[Cluster]) -> None:
        """Forget what clusters hold."""
        gone = {cluster.number for cluster in clusters}
        self.placed = {place: held for place, held in self.placed.items() if held[0] not in gone}

    def _stays(self, held: Held) -> bool:
        """Whether a row that fails nothing holds what it held anyway."""
        row, rule = held.cluster.rows[held.place], self.scene.rules[held.rule]
        cells = self.base_cells(row)
        same = (held.left, held.right) == (_tuple(cells, rule.left), _tuple(cells, rule.right))
        return same and row not in self.failing

    def dependent_fact(self, k: int, left: Tuple, rows: Indices) -> tuple[Fact, Indices] | None:
        """What rows outside say of a left side of an fd."""
        rule = self.scene.rules[k]
        if not rows.size:
            return None
        free = rows[self.movable[rows]]
        first = int((free if free.size else rows)[0])
        right = tuple(int(self.base.values[i, first]) for i in rule.right)
        same = np.all([self.base.values[i, rows] == v for i, v in zip(rule.right, right, strict=True)], axis=0)
        return Fact(k, tuple((v, v) for v in left), right), rows[same][:_MOST_TOGETHER]

    def rows_of(self, k: int, lefts: Sequence[Tuple]) -> list[Indices]:
        """For each left side the rows, clusters included, that hold it when they are repaired by themselves."""
        return self._indices[k].find(lefts)

    def outside(self, rows: Indices) -> Indices:
        """Those of some rows that are in no cluster."""
        others: Indices = rows[self.member[rows] == OUTSIDE]
        return others

    # What it costs to move others ----------------------------------------------------------------------------------

    def use(self, holders: Iterable[Indices], sign: int = 1) -> None:
        """Count clusters that rely on rows, which share what moving these costs."""
        for rows in holders:
            self._users[rows] += sign  # no row holds a fact twice

    def wall(self, fact: Fact, holders: Indices) -> Wall:
        """A fact with what contradicting it costs a cluster at least; all clusters that rely on it share that."""
        if not holders.size:  # rows that are left as they are hold it
            return fact, None
        least, users = self._least[holders], np.maximum(self._users[holders], 1)
        free = self.movable[holders]
        if fact.right and not fact.apart:  # all of them would have to move
            return fact, int(least.sum()) // int(users.max()) if free.all() else None
        return fact, int((least // users)[free].min()) if free.any() else None


def _tuple(cells: Cells, columns: Sequence[int]) -> Tuple | None:
    """The values of some columns; None where one of them has none."""
    values = [cells[i] for i in columns]
    return None if None in values else tuple(v for v in values if v is not None)
