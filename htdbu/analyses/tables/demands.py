"""What targets and the shares of factors demand of a table, as inequalities that every row adds to.

With x rows of each kind, a constraint is `sum of x * form >= bound`. Shares and means are homogeneous, so a table that
meets them in fractions meets them in whole numbers once it is long enough. A quantile only demands that there be values
on both sides of its bounds, and `~ real` nothing, since they say more only of given numbers of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from htdbu.analyses.block import Block
from htdbu.analyses.goals import Goal
from htdbu.analyses.subject import Subject
from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import steps
from htdbu.compiler.normal import Bool, Truth, Var, Within
from htdbu.compiler.program import Column, Factor, Share, Target
from htdbu.compiler.shares import share_box
from htdbu.grammar.source import Span
from htdbu.solver.cpsat.model import TRUE, Form, Literal

Terms = Sequence[tuple[Fraction | int, Form]]


@dataclass(frozen=True)
class Constraint:
    """What a row adds, in whole numbers, the least total, and what unknowns of the demand's own add."""

    form: Form
    bound: int
    own: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Demand:
    """What a target or factor demands, by its name."""

    name: str
    span: Span | None
    constraints: tuple[Constraint, ...]


class Demands:
    """Makes the demands of a program on the rows of a block that holds all their columns."""

    def __init__(self, subject: Subject, block: Block) -> None:
        self._subject, self._block, self._model = subject, block, block.model

    def all(self) -> list[Demand]:
        """The demands in the order of the file: factors, then targets."""
        factors = [self._factor(factor) for factor in self._subject.program.factors]
        found = [demand for demand in factors if demand.constraints]
        pairs = zip(self._subject.program.targets, self._subject.normal.targets, strict=True)
        return found + [
            Demand(target.name, target.span, tuple(self._target(target, normal.condition, normal.given)))
            for target, normal in pairs
            if not target.real
        ]

    # Targets -------------------------------------------------------------------------------------------------------

    def _target(self, target: Target, condition: Bool | None, given: Bool | None) -> Iterator[Constraint]:
        counted = TRUE if given is None else self._block.true(given)
        match target.measure:
            case "share":
                assert condition is not None
                yield from self._share(target, self._block.true(condition), self._block.false(condition), counted)
            case "dist":
                yield from self._dist(target, counted)
            case _:
                yield from self._value(target, counted)

    def _share(self, target: Target, true: Literal, false: Literal, counted: Literal) -> Iterator[Constraint]:
        met = self._one((counted, true))
        size = self._model.combine([(1, met), (1, self._one((counted, false)))])
        yield self._least([(1, size)], 1)
        yield from self._between(target, [(1, met)], size)

    def _between(self, target: Target, value: Terms, size: Form) -> Iterator[Constraint]:
        low, high = self._ends(target)
        if low is not None:
            yield self._least([*value, (-low, size)])
        if high is not None:
            yield self._least([*((-factor, form) for factor, form in value), (high, size)])

    def _ends(self, target: Target) -> tuple[Fraction | None, Fraction | None]:
        low, high = (None if end is None else self._end(target, end) for end in (target.low, target.high))
        return low, high

    def _end(self, target: Target, end: Constant) -> Fraction:
        """A bound in the steps of what it bounds."""
        if target.measure in ("share", "dist"):
            return Fraction(str(end.value))
        return steps(str(end.value), self._subject.program.column(target.columns[0]).type)

    def _value(self, target: Target, counted: Literal) -> Iterator[Constraint]:
        position = self._subject.program.column_index[target.columns[0]]
        number = self._block.number(position)
        counts = self._model.all_of((counted, number.known))
        size = self._model.indicator(counts)
        yield self._least([(1, size)], 1)
        low, high = self._ends(target)
        if target.measure == "mean":
            yield from self._between(target, [(1, self._where(counts, number.form))], size)
        elif target.measure == "sum":
            total = self._where(counts, number.form)
            if low is not None:
                yield self._least([(1, total)], low)
            if high is not None:
                yield self._least([(-1, total)], -high)
        else:
            yield from self._order(target.measure, counts, position, low, high)

    def _order(
        self, measure: str, counts: Literal, position: int, low: Fraction | None, high: Fraction | None
    ) -> Iterator[Constraint]:
        """What a least, a greatest or a quantile demands."""
        below = None if high is None else self._some(counts, position, (None, high.__floor__()))
        above = None if low is None else self._some(counts, position, (low.__ceil__(), None))
        if below is not None:
            yield self._least([(1, below)], 1)
        if above is not None:
            yield self._least([(1, above)], 1)
        every = self._model.indicator(counts)
        bound = {"min": above, "max": below}.get(measure)
        if bound is not None:
            yield self._least([(1, bound), (-1, every)])

    def _some(self, counts: Literal, position: int, part: tuple[int | None, int | None]) -> Form:
        return self._one((counts, self._block.goal(Goal(Within(Var(position), (part,))))))

    def _dist(self, target: Target, counted: Literal) -> Iterator[Constraint]:
        columns = [self._subject.program.column(name) for name in target.columns]
        places = [self._subject.program.column_index[name] for name in target.columns]
        counts = self._model.all_of([counted, *(self._block.number(i).known for i in places)])
        size = self._model.indicator(counts)
        yield self._least([(1, size)], 1)
        within = Fraction(str(target.high.value)) if target.high is not None else Fraction(0)
        keys = [self._key(share, columns, places, counts) for share in target.shares or ()]
        shares = [Fraction(share.share) for share in target.shares or ()]
        rest = self._model.combine([(1, size), *((-1, key) for key in keys)])
        names = [f"{target.name}.{i}" for i in range(len(keys))]
        for key, share, name in zip(keys, shares, names, strict=True):
            yield self._least([(1, key), (-share, size)], 0, {name: 1})
            yield self._least([(-1, key), (share, size)], 0, {name: 1})
        yield self._least([(2 * within, size), (-1, rest)], 0, dict.fromkeys(names, -1))

    def _key(self, share: Share, columns: Sequence[Column], places: Sequence[int], counts: Literal) -> Form:
        box = zip(places, share_box(share, columns), strict=True)
        return self._one([counts, *(self._block.goal(Goal(Within(Var(i), (ends,)))) for i, ends in box)])

    # Factors -------------------------------------------------------------------------------------------------------

    def _factor(self, factor: Factor) -> Demand:
        program = self._subject.program
        constraints = list(self._fixed(factor.shares, factor.column, Truth(True)))
        if factor.shares:  # of no row at all a share is null and not met
            known = self._model.indicator(self._block.number(program.column_index[factor.column]).known)
            constraints.append(self._least([(1, known)], 1))
        for branch in factor.branches:
            ends = (branch.values.low, branch.values.high)
            kind = program.column(factor.column).type
            low, high = (None if end is None else steps(end, kind) for end in ends)
            part = (None if low is None else low.__ceil__(), None if high is None else high.__floor__())
            given = Within(Var(program.column_index[factor.column]), (part,))
            for attribute in branch.attributes:
                constraints += self._fixed(attribute.shares, attribute.column, given)
        return Demand(f"factor {factor.column}", factor.span, tuple(constraints))

    def _fixed(self, shares: Sequence[Share] | None, column: str, given: Bool) -> Iterator[Constraint]:
        """Shares that hold to the row."""
        position = self._subject.program.column_index[column]
        counts = self._model.all_of((self._block.true(given), self._block.number(position).known))
        size = self._model.indicator(counts)
        for share in shares or ():
            key = self._key(share, [self._subject.program.column(column)], [position], counts)
            yield self._least([(1, key), (-Fraction(share.share), size)])
            yield self._least([(-1, key), (Fraction(share.share), size)])

    # Forms ---------------------------------------------------------------------------------------------------------

    def _one(self, literals: Sequence[Literal]) -> Form:
        """1 in the rows in which all literals hold, else 0."""
        return self._model.indicator(self._model.all_of(literals))

    def _where(self, literal: Literal, form: Form) -> Form:
        """A value where a literal holds, else 0."""
        if literal == TRUE or (form.fixed and form.low == 0):
            return form
        value = self._model.form(((self._model.integer(min(form.low, 0), max(form.high, 0)), 1),))
        self._model.equal(value, form, (literal,))
        self._model.linear(value, ((0, 0),), (~literal,))
        return value

    def _least(self, terms: Terms, bound: Fraction | int = 0, own: dict[str, int] | None = None) -> Constraint:
        """`sum of terms + own >= bound`, in whole numbers."""
        scale = lcm(Fraction(bound).denominator, *(Fraction(factor).denominator for factor, _ in terms))
        parts = [(int(factor * scale), form) for factor, form in terms]
        whole = self._model.combine(parts)
        return Constraint(whole, int(bound * scale), {name: part * scale for name, part in (own or {}).items()})
