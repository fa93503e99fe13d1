"""HTR505, HTR506, HTR507: what the hard rules leave of the columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal, differs, inside
from htdbu.analyses.proof import BUDGET, Proof, prove
from htdbu.analyses.reach import Answers, reach
from htdbu.analyses.subject import Subject
from htdbu.compiler.diagnostics.kinds import (
    htr390_undecided,
    htr505_fixed_column,
    htr506_unreachable_level,
    htr507_unreachable_bound,
)
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.lowering.domains import declared
from htdbu.solver.solutions import Status

_ENDED = ("int", "decimal", "date", "datetime")


@dataclass(frozen=True)
class Space:
    """What may be asked of one column.

    Attributes:
        first: its value in some valid row.
        other: that it has any other value.
        levels: that it has each of its levels, by step.
        ends: that it has the least and the greatest value of its declared range, by that value; of an end that is not
            declared nothing is asked.
    """

    position: int
    first: int | None
    other: Goal
    levels: dict[int, Goal]
    ends: dict[int, Goal]

    @property
    def goals(self) -> list[Goal]:
        """All that is asked."""
        return [self.other, *self.levels.values(), *self.ends.values()]


def spaces(subject: Subject, block: Block) -> list[Space]:
    """What may be asked of the columns of a block that has a valid row."""
    row = next(row for row in block.rows if all(block.holds(row, literal) for literal in block.valid))
    return [_space(subject, block, i, value) for i, value in block.cells(row).items()]


def _space(subject: Subject, block: Block, position: int, first: int | None) -> Space:
    column = subject.column(position)
    domain = declared(column)
    levels, ends = [], []
    if column.type.kind == "category":
        levels = [v for a, b in domain for v in range(int(a or 0), int(b or 0) + 1)]
    elif column.type.kind in _ENDED and column.domain is not None and domain:
        ends = [end for end in dict.fromkeys((domain[0][0], domain[-1][1])) if end is not None]
    return Space(
        position,
        first,
        differs(position, first),
        {level: inside(position, ((level, level),)) for level in levels},
        {end: inside(position, ((end, end),)) for end in ends},
    )


def findings(subject: Subject, block: Block, asked: list[Space], valid: Answers) -> Iterator[Diagnostic]:
    """The columns of a block that cannot be used as they are declared."""
    for space in asked:
        if space.other in valid.never:
            is_declared_so = space.other in reach(block, [space.other], block.domains).never
            yield from _ends(subject, block, space, valid) if is_declared_so else _fixed(subject, block, space)
        else:
            yield from _levels(subject, block, space, valid)
            yield from _ends(subject, block, space, valid)
        if valid.undecided.intersection(space.goals):
            yield _open(subject, space, BUDGET)


def _fixed(subject: Subject, block: Block, space: Space) -> Iterator[Diagnostic]:
    column = subject.column(space.position)
    proof = prove(subject, block, subject.hard(block), space.other)
    if proof.reason:
        yield _open(subject, space, proof.reason)
    else:
        value = subject.spelt_value(space.position, space.first)
        yield htr505_fixed_column.fixed(column.name, column.span, value, subject.places(proof.rules))


def _levels(subject: Subject, block: Block, space: Space, valid: Answers) -> Iterator[Diagnostic]:
    column = subject.column(space.position)
    for level, goal in space.levels.items():
        if goal not in valid.never:
            continue
        proof = prove(subject, block, subject.hard(block), goal)
        if proof.reason:
            yield _open(subject, space, proof.reason)
        else:
            name = column.type.levels[level]
            yield htr506_unreachable_level.unreachable(column.name, column.span, name, subject.places(proof.rules))


def _ends(subject: Subject, block: Block, space: Space, valid: Answers) -> Iterator[Diagnostic]:
    lost = [end for end, goal in space.ends.items() if goal in valid.never]
    if not lost:
        return
    column, domain = subject.column(space.position), declared(subject.column(space.position))
    low, high = domain[0][0], domain[-1][1]
    if space.first is None and space.other in valid.never:
        return  # it is null in every row, whatever its range
    tight = [_extreme(block, space.position, sign) for sign in (1, -1)]
    if tight[0] is None or tight[1] is None:
        yield _open(subject, space, BUDGET)
        return
    beyond = [((low, tight[0] - 1),)] * (low in lost) + [((tight[1] + 1, high),)] * (high in lost)
    proofs = [prove(subject, block, subject.hard(block), inside(space.position, part)) for part in beyond]
    reason = next((proof.reason for proof in proofs if proof.reason), "")
    if reason:
        yield _open(subject, space, reason)
        return
    spelt = {end: subject.spelt_value(space.position, end) for end in (*tight, *lost) if end is not None}
    yield htr507_unreachable_bound.unreachable_bound(
        column.name,
        column.span,
        spelt[low] if low is not None and low in lost else None,
        spelt[high] if high is not None and high in lost else None,
        (spelt[tight[0]], spelt[tight[1]]),
        subject.places(_together(subject, block, proofs)),
    )


def _together(subject: Subject, block: Block, proofs: list[Proof]) -> list[str]:
    names = {name for proof in proofs for name in proof.rules}
    return [name for name in subject.hard(block) if name in names]


def _extreme(block: Block, position: int, sign: int) -> int | None:
    """The least (or, with -1, the greatest) value of a column in the valid rows; None where that stays open."""
    number = block.number(position)
    answer = block.least([*block.valid, number.known], block.model.combine([(sign, number.form)]))
    return block.cells(answer.values)[position] if answer.status is Status.OPTIMAL else None


def _open(subject: Subject, space: Space, reason: str) -> Diagnostic:
    column = subject.column(space.position)
    return htr390_undecided.undecided(f"what the rules leave of `{column.name}`", column.span, reason)
