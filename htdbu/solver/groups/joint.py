"""The repair of a cluster of rows: one CP-SAT model for all of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from htdbu.compiler.normal import Var
from htdbu.solver.cells import Mode, Row
from htdbu.solver.cpsat.lexicographic import Criterion, Descent, Loaded, solution
from htdbu.solver.cpsat.lowering import Number
from htdbu.solver.cpsat.model import LIMIT, Literal, Model, flat, guard
from htdbu.solver.cpsat.model import replace as refill
from htdbu.solver.cpsat.search import Answer, Budget, Search
from htdbu.solver.cpsat.template import Template, Terms
from htdbu.solver.groups.apart import Barrier, keep_apart
from htdbu.solver.groups.facts import Fact, Wall
from htdbu.solver.groups.scene import Scene
from htdbu.solver.groups.words import Words, texts_of
from htdbu.solver.ranges import Ranges
from htdbu.solver.solutions import Status
from htdbu.solver.texts import TextCodes

Cells = dict[int, int | None]
"""The cells of a row, by column; None: null, texts by the codes of the table, made-up ones by negative ones."""

_MOST_KEPT = 24
"""How many models a thread keeps."""
_MOST_KNOWN = 50_000
"""How many answers are kept: many clusters are alike."""


@dataclass(frozen=True)
class Answered:
    """What a cluster becomes.

    Attributes:
        cells: the columns of the scene, row by row; empty where there is no solution.
        broken: the facts that the solution contradicts.
        price: in the units of the scene, with what contradicting facts costs at least.
    """

    status: Status
    cells: tuple[Cells, ...] = ()
    broken: tuple[Fact, ...] = ()
    price: int = 0


class Joint:
    """A model of several rows, built once for all clusters of a size.

    Args:
        n_words: how many texts the rows and facts may hold.
        n_barriers: for each rule, how many facts there may be.
    """

    def __init__(self, scene: Scene, n_rows: int, n_words: int, n_barriers: Sequence[int]) -> None:
        self.model = Model()
        self.codes = TextCodes(scene.block, n_rows, n_words)
        self.rows = [Template(scene.block, self.model, self.codes) for _ in range(n_rows)]
        self.price: Terms = []
        self._scene = scene
        self._paying = [self._pays(template) for template in self.rows]
        lowerings = [template.lowering for template in self.rows]
        for rule in scene.rules:
            for one, other in combinations(lowerings, 2):
                keep_apart(self.model, rule, one, other)
        pairs = zip(scene.rules, n_barriers, strict=True)
        self._barriers = [[Barrier(self.model, rule, lowerings) for _ in range(n)] for rule, n in pairs]
        self._derived = {i: [row.lowering.number(Var(i)) for row in self.rows] for i in scene.block.derived}
        self._ceiling = self.model.proto.constraints.add().linear

    def _pays(self, template: Template) -> Literal:
        """A literal that holds at least where a row changes or fails a soft rule."""
        pays = self.model.literal()
        for literal in (*(parts.changed for parts in template.mutable.values()), *template.softs):
            self.model.clause((pays,), (literal,))
        return pays

    def domain(self, variable: int, ranges: Ranges) -> None:
        """Give a variable another domain."""
        refill(self.model.proto.variables[variable].domain, flat(ranges))

    def limit(self, price: int) -> None:
        """The rows may cost no more than this."""
        refill(self._ceiling.domain, [-LIMIT, price])

    def solve(self, rows: Sequence[Row], walls: Sequence[Wall], number: int, search: Search, effort: float) -> Answered:
        """The cheapest solution.

        Of equally cheap ones the first is one that contradicts facts, then one in which earlier rows pay nothing, then
        the one that `lexicographic` prefers.

        Args:
            rows: the cells as the data have them, texts by the codes of the table.
            number: tells the cluster from all others.
        """
        texts = texts_of(self._scene, rows, [fact for fact, _ in walls])
        words = Words(self._scene, self.codes, texts, number)
        for literal in self._paying:  # the solve before may have held them
            self.domain(literal, ((0, 1),))
        loaded = [self._load(template, row, words) for template, row in zip(self.rows, rows, strict=True)]
        soft = self._raise(walls, words)
        self._sum_up([(literal, price) for _, literal, price in soft if price])
        descent = Descent(self, search, Budget(effort))
        price = Criterion(self.price, 0, self._bound + 1)
        broken = [Criterion(((literal, -1),), -1, 2, literal) for _, literal, _ in soft]
        paying = [Criterion(((literal, 1),), 0, 2, literal) for literal in self._paying]
        descent.through([price, *broken, *paying], loaded)
        assert descent.answer is not None
        return self._answered(descent.answer, loaded, soft, words)

    def _load(self, template: Template, row: Row, words: Words) -> Loaded:
        cells = words.row(row)
        template.load(tuple(cells.values()), words.present)
        return template, cells

    def _raise(self, walls: Sequence[Wall], words: Words) -> list[tuple[Fact, Literal, int]]:
        """Set a barrier for each fact; returns those that may be contradicted, each with its price."""
        left, soft = [list(barriers) for barriers in self._barriers], []
        for fact, price in walls:
            barrier = left[fact.rule].pop()
            words.watch(barrier, fact, hard=price is None)
            if price is not None:
                soft.append((fact, barrier.broken, price))
        for barrier in (barrier for barriers in left for barrier in barriers):
            barrier.clear()
        return soft

    def _sum_up(self, extra: Terms) -> None:
        """One price for all rows and facts."""
        self.price = [*(term for template in self.rows for term in template.price), *extra]
        self._bound = sum(template.price_bound for template in self.rows) + sum(price for _, price in extra)
        guard(self._bound, "the price")
        refill(self._ceiling.vars, [v for v, _ in self.price])
        refill(self._ceiling.coeffs, [c for _, c in self.price])
        self.limit(self._bound)

    def _answered(
        self, answer: Answer, loaded: Sequence[Loaded], soft: Sequence[tuple[Fact, Literal, int]], words: Words
    ) -> Answered:
        if not answer.status.solved:
            return Answered(answer.status)
        cells = tuple(self._cells(k, answer, row, words) for k, row in enumerate(loaded))
        broken = tuple(fact for fact, literal, _ in soft if answer.values[literal])
        return Answered(answer.status, cells, broken, answer.total(self.price))

    def _cells(self, k: int, answer: Answer, loaded: Loaded, words: Words) -> Cells:
        """All columns of a row, those that stay and those that follow among them."""
        block, (_, before) = self._scene.block, loaded
        found: Cells = {i: cell.value if cell.mode == Mode.VALUE else None for i, cell in before.items()}
        found |= zip(block.mutable, solution(answer, loaded).values, strict=True)
        found |= {i: _value(numbers[k], answer) for i, numbers in self._derived.items()}
        texts = ((i, value) for i, value in found.items() if i in self._scene.texts and value is not None)
        return found | {i: words.outer(value) for i, value in texts}


def _value(number: Number, answer: Answer) -> int | None:
    """The value of a number in a solution; None where it is unknown."""
    literal = number.known
    known = answer.values[literal] if literal >= 0 else not answer.values[~literal]
    return answer.total(number.form.terms) + number.form.constant if known else None


class Joints:
    """The models of a scene, by their size; each thread has its own."""

    def __init__(self, scene: Scene, effort: float) -> None:
        self._scene, self._effort = scene, effort
        self._local = threading.local()
        self._known: dict[tuple[object, ...], Answered] = {}

    def solve(self, rows: Sequence[Row], walls: Sequence[Wall], number: int, share: float = 1.0) -> Answered:
        """See `Joint.solve`.

        Args:
            share: the part of the effort that may be spent.
        """
        question = (tuple(rows), tuple(walls), share)
        known = self._known.get(question)
        if known is None:
            known = self._solved(rows, walls, number, share)
            if len(self._known) < _MOST_KNOWN and not _makes_up(known):
                self._known[question] = known
        return known

    def _solved(self, rows: Sequence[Row], walls: Sequence[Wall], number: int, share: float) -> Answered:
        local = self._local
        if not hasattr(local, "kept"):
            local.kept, local.search = {}, Search()
        size = self._size(rows, walls)
        joint = local.kept.pop(size, None) or Joint(self._scene, *size)
        local.kept[size] = joint  # the last one used is the last one to go
        if len(local.kept) > _MOST_KEPT:
            local.kept.pop(next(iter(local.kept)))
        answered: Answered = joint.solve(rows, walls, number, local.search, self._effort * share)
        return answered

    def _size(self, rows: Sequence[Row], walls: Sequence[Wall]) -> tuple[int, int, tuple[int, ...]]:
        """Rows, texts and facts; the last two rounded up, so that one model serves many clusters."""
        rules, texts = self._scene.rules, len(self._scene.texts)
        counts = [sum(fact.rule == k for fact, _ in walls) for k in range(len(rules))]
        held = sum(len(fact.texts(rules[fact.rule], self._scene.texts)) for fact, _ in walls)
        return len(rows), _rounded(len(rows) * texts + held), tuple(map(_rounded, counts))


def _makes_up(answered: Answered) -> bool:
    """Whether an answer may hold a text that is made up, which is the cluster's own."""
    return any(value is not None and value < 0 for cells in answered.cells for value in cells.values())


def _rounded(count: int) -> int:
    """The next power of two, or 0."""
    return 1 << (count - 1).bit_length() if count else 0
