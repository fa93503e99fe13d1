"""Why rows cannot agree on rules over several rows: a smallest set of rules, domains and fixed cells in conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.conflict import ConflictModel, Shared, shrunk
from htdbu.solver.cpsat.lowering import Lowering
from htdbu.solver.cpsat.model import ModelOverflowError
from htdbu.solver.cpsat.model import replace as refill
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.groups.apart import Barrier, keep_apart
from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.scene import Scene
from htdbu.solver.groups.words import Words
from htdbu.solver.smallest import smallest
from htdbu.solver.texts import TextCodes


def group_conflict(scene: Scene, rows: Sequence[Row], facts: Sequence[Fact], effort: float) -> tuple[str, ...]:
    """Names of the fewest members that cannot agree, as `conflict` gives them for one row.

    Args:
        rows: the cells of the rows, texts by the codes of the table.
        facts: what rows hold that cannot move.
    """
    evident = _equal_keys(scene, rows)
    if evident is not None:
        return evident
    try:
        model = GroupConflict(scene, rows, facts, wide=True)
    except ModelOverflowError:
        model = GroupConflict(scene, rows, facts, wide=False)
    return smallest(model, Search(), Budget(effort / 2)) or shrunk(model, Budget(effort / 2))


def _equal_keys(scene: Scene, rows: Sequence[Row]) -> tuple[str, ...] | None:
    """The conflict of two rows whose fixed keys are equal: no other one has fewer members."""
    for rule in scene.rules:
        (i, *others) = rule.left
        if i in scene.block.fixed and not others and not rule.right:
            place = scene.block.cells.index(i)
            held = [row[place].value for row in rows if row[place].mode == Mode.VALUE]
            if len(set(held)) < len(held):
                return rule.name, f"{scene.block.column(i).name} fixed"
    return None


class GroupConflict:
    """The rules of several rows, their fixed cells, domains and nulls, each under an assumption of its own.

    Args:
        wide: whether domains can be left out too; without it they always hold.
    """

    def __init__(self, scene: Scene, rows: Sequence[Row], facts: Sequence[Fact], wide: bool) -> None:
        texts = _texts(scene, rows, facts)
        codes = TextCodes(scene.block, len(rows), len(texts))
        self._scene, self._words = scene, Words(codes, texts, 0)
        shared = Shared(codes, self._words.present)
        self.model, self.members = shared.model, shared.members
        rules = [(rule, self.members.setdefault(rule.name, self.model.literal())) for rule in scene.rules]
        lowerings = [ConflictModel(scene.block, self._cells(row), wide, shared).lowering for row in rows]
        for rule, member in rules:
            for one, other in combinations(lowerings, 2):
                keep_apart(self.model, rule, one, other, (member,))
        for fact in facts:
            self._stand_by(fact, lowerings)

    def _cells(self, row: Row) -> dict[int, Cell]:
        pairs = zip(self._scene.block.cells, row, strict=True)
        return {i: replace(cell, value=self._local(i, cell.value)) for i, cell in pairs}

    def _stand_by(self, fact: Fact, rows: Iterable[Lowering]) -> None:
        """No row may contradict a fact while its rule holds."""
        rule = self._scene.rules[fact.rule]
        barrier = Barrier(self.model, rule, rows)
        ends = zip(rule.left, fact.left, strict=True)
        left = {i: (self._local(i, a), self._local(i, b)) for i, (a, b) in ends}
        sides = zip(rule.right, fact.right, strict=True) if fact.right else ()
        barrier.set(left, {i: self._local(i, value) for i, value in sides}, fact.apart, hard=False)
        self.model.clause((~barrier.broken,), (self.members[rule.name],))

    def _local(self, position: int, value: int) -> int:
        return self._words.local(value) if position in self._scene.texts else value

    def assume(self, names: Iterable[str]) -> None:
        """Let the named members hold, and leave the others open."""
        refill(self.model.proto.assumptions, [self.members[name] for name in names])


def _texts(scene: Scene, rows: Sequence[Row], facts: Sequence[Fact]) -> list[int]:
    """The texts that rows and facts hold."""
    pairs = [pair for row in rows for pair in zip(scene.block.cells, row, strict=True)]
    held = [cell.value for i, cell in pairs if i in scene.texts and cell.mode == Mode.VALUE]
    return held + [code for fact in facts for code in fact.texts(scene.rules[fact.rule], scene.texts)]
