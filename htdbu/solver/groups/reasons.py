"""Why rows cannot agree on rules over several rows: a smallest set of rules, domains and fixed cells in conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from htdbu.solver.cells import Mode, Row
from htdbu.solver.conflict import ConflictModel, Shared, shrunk
from htdbu.solver.cpsat.model import ModelOverflowError
from htdbu.solver.cpsat.model import replace as refill
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.groups.apart import Barrier, keep_apart
from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.scene import Scene
from htdbu.solver.groups.words import Words, texts_of
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
        texts = texts_of(scene, rows, facts)
        codes = TextCodes(scene.block, len(rows), len(texts))
        words = Words(scene, codes, texts)
        shared = Shared(codes, words.present)
        self.model, self.members = shared.model, shared.members
        rules = [(rule, self.members.setdefault(rule.name, self.model.literal())) for rule in scene.rules]
        lowerings = [ConflictModel(scene.block, words.row(row), wide, shared).lowering for row in rows]
        for rule, member in rules:
            for one, other in combinations(lowerings, 2):
                keep_apart(self.model, rule, one, other, (member,))
        for fact in facts:
            rule = scene.rules[fact.rule]
            barrier = Barrier(self.model, rule, lowerings)
            words.watch(barrier, fact, hard=False)
            self.model.clause((~barrier.broken,), (self.members[rule.name],))

    def assume(self, names: Iterable[str]) -> None:
        """Let the named members hold, and leave the others open."""
        refill(self.model.proto.assumptions, [self.members[name] for name in names])
