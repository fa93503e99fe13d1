"""Rules as clauses: what fails wherever the rule fails, and nowhere else.

Only failing matters to a repair, true and unknown being as good. A conjunction fails where one of its parts does, and a
disjunction where all of them do; with negations pushed down to the atoms, most rules are then a few clauses, that is
disjunctions of atoms, which are judged and imposed much faster than expressions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from htdbu.compiler.lowering.build import linear, within
from htdbu.compiler.normal import (
    And,
    Bool,
    Choose,
    Count,
    Iff,
    Indicator,
    Int,
    Intervals,
    IsNull,
    Linear,
    Not,
    Or,
    Truth,
    Var,
    Within,
)

MOST = 16
"""A rule that falls into more clauses than this is left as it is."""

_Clauses = list[tuple[Bool, ...]] | None


@dataclass(frozen=True)
class Part:
    """Atoms that must not all be false; where it has a price, they may be, for that price."""

    atoms: tuple[Bool, ...]
    price: int = 0


@dataclass(frozen=True)
class Splitter:
    """Makes clauses of rules.

    Args:
        flags: positions of the columns that are 0 or 1 where they are known.
        definitions: those of derived columns, which are put in.
    """

    flags: Collection[int]
    definitions: Mapping[int, Int]

    def clauses(self, rule: Part) -> list[Part]:
        """The clauses of a rule that is one condition. A soft rule stays whole, since it is paid for once."""
        (condition,) = rule.atoms
        found = self._failing(condition, True)
        if found is None or len(found) > MOST or (rule.price and len(found) != 1):
            return [rule]
        kept = (tuple(dict.fromkeys(atoms)) for atoms in found if Truth(True) not in atoms)
        return [Part(atoms, rule.price) for atoms in kept]

    def _failing(self, node: Bool, positive: bool) -> _Clauses:
        """Clauses of which one is false exactly where the node is false (true, where not `positive`).

        None where there would be too many.
        """
        match node:
            case Not(argument=argument):
                return self._failing(argument, not positive)
            case And(args=args) | Or(args=args):
                parts = [self._failing(arg, positive) for arg in args]
                return _together(parts) if isinstance(node, And) == positive else _either(parts)
            case Iff(left=left, right=right):
                first = _either([self._failing(left, False), self._failing(right, positive)])
                second = _either([self._failing(left, True), self._failing(right, not positive)])
                return _together([first, second])
            case Within(term=term, intervals=intervals):
                return self._atom(term, intervals if positive else outside(intervals))
            case Truth(value=value):
                return [(Truth(value if positive or value is None else not value),)]
            case IsNull():
                return [(node if positive else Not(node),)]

    def _atom(self, term: Int, intervals: Intervals) -> _Clauses:
        """An atom; a choice inside of its sum becomes two cases."""
        term = self._summed(term)
        terms = term.terms if isinstance(term, Linear) else ((1, term),)
        constant = term.constant if isinstance(term, Linear) else 0
        for k, (factor, inner) in enumerate(terms):
            if isinstance(inner, Choose):
                cases = []
                for taken, value in ((True, inner.then), (False, inner.otherwise)):
                    chosen = linear([*terms[:k], (factor, value), *terms[k + 1 :]], constant)
                    cases.append(_either([self._failing(inner.condition, not taken), self._atom(chosen, intervals)]))
                return _together(cases)
        return [(within(term, intervals),)]

    def _summed(self, term: Int) -> Int:
        """Counts of flags as sums of them: a flag counts 1 where it is set, and is unknown where the count is."""
        if isinstance(term, Var) and term.column in self.definitions:
            return self._summed(self.definitions[term.column])
        if isinstance(term, Count):
            flags = [self._flag(condition) for condition in term.conditions]
            known = [flag for flag in flags if flag is not None]
            return linear((1, flag) for flag in known) if len(known) == len(flags) else term
        if isinstance(term, Indicator):
            return self._flag(term.condition) or term
        if isinstance(term, Linear):
            return linear(((c, self._summed(t)) for c, t in term.terms), term.constant)
        return term

    def _flag(self, condition: Bool) -> Int | None:
        """The number that is 1 where a condition on a flag holds; None for other conditions."""
        if isinstance(condition, Not):
            inner = self._flag(condition.argument)
            return None if inner is None else linear(((-1, inner),), 1)
        if isinstance(condition, Within) and isinstance(condition.term, Var) and condition.term.column in self.flags:
            if condition.intervals == ((1, 1),):
                return condition.term
            if condition.intervals == ((0, 0),):
                return linear(((-1, condition.term),), 1)
        return None


def _together(parts: Sequence[_Clauses]) -> _Clauses:
    """What fails where one of several fails."""
    found: list[tuple[Bool, ...]] = []
    for part in parts:
        if part is None or len(found) + len(part) > MOST:
            return None
        found += part
    return found


def _either(parts: Sequence[_Clauses]) -> _Clauses:
    """What fails where all of several fail."""
    size = 1
    known = [part for part in parts if part is not None]
    for part in known:
        size *= len(part)
    if len(known) < len(parts) or size > MOST:
        return None
    return [tuple(atom for atoms in chosen for atom in atoms) for chosen in product(*known)]


def outside(intervals: Intervals) -> Intervals:
    """Everything that lies in none of some disjoint ascending ranges."""
    if not intervals:
        return ((None, None),)
    gaps: list[tuple[int | None, int | None]] = []
    first, last = intervals[0][0], intervals[-1][1]
    if first is not None:
        gaps.append((None, first - 1))
    for (_, end), (start, _) in pairwise(intervals):
        if end is not None and start is not None:
            gaps.append((end + 1, start - 1))
    if last is not None:
        gaps.append((last + 1, None))
    return tuple(gaps)
