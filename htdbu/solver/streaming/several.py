"""Rules over several rows judged piece by piece: keys and unique at once, fd as soon as all pieces are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.outcomes import Mask, SeveralRows, most_frequent, rules_over_rows
from htdbu.solver.streaming.keys import Keys, tuple_keys
from htdbu.solver.streaming.numbering import Numbering
from htdbu.solver.table import EncodedTable, Indices


@dataclass(frozen=True)
class RuleKeys:
    """The keys of a piece's rows for one rule: of the left side, and for an fd of both sides together."""

    left: Keys
    both: Keys | None


def rule_keys(program: Program, table: EncodedTable, rule: SeveralRows) -> RuleKeys:
    """The keys of a piece for one rule; of an fd only rows count that hold all its cells."""
    if not rule.right:
        return RuleKeys(tuple_keys(program, table, rule.left), None)
    both = tuple_keys(program, table, rule.columns)
    left = tuple_keys(program, table, rule.left)
    inside = np.isin(left.rows, both.rows, assume_unique=True)
    return RuleKeys(Keys(both.rows, left.high[inside], left.low[inside]), both)


@dataclass(frozen=True)
class Verdict:
    """What is known of a piece's rows: the failing ones, or for an fd the number of each row's pair (-1: left out)."""

    fail: Indices | None = None
    pairs: NDArray[np.int64] | None = None
    known: int = 0


@dataclass(frozen=True)
class Crowd:
    """Rows beside all others of the table, under one rule.

    Attributes:
        known: the rows that hold a value in every column of the rule.
        keys: for each row the halves of its keys: of the left side and, for an fd, of both sides.
        near: how many rows of the table share the left side, and `same` how many share the right one too.
    """

    known: Mask
    keys: tuple[NDArray[np.uint64], ...]
    near: NDArray[np.int64]
    same: NDArray[np.int64]

    def clashes(self, own: Crowd) -> Mask:
        """Rows that agree with another one on the left and not on the right; `own` are they as the table has them."""
        high, low, *both = (a == b for a, b in zip(self.keys, own.keys, strict=True))
        near = np.where(own.known & high & low, own.near - 1, self.near)
        same = np.where(own.known & both[0] & both[1], own.same - 1, self.same) if both else 0
        clashes: Mask = self.known & (near > same)
        return clashes


class Ledger:
    """One rule over all pieces so far."""

    def __init__(self, rule: SeveralRows) -> None:
        self.rule = rule
        self._left, self._both = Numbering(numbered=bool(rule.right)), Numbering()
        self._again = Numbering(numbered=False)
        self._owner = np.zeros(0, np.int64)
        self._size = np.zeros(0, np.int64)

    def copy(self) -> Ledger:
        """One that goes its own way from here."""
        twin = Ledger(self.rule)
        twin._left, twin._both, twin._again = self._left.copy(), self._both.copy(), self._again.copy()
        twin._owner, twin._size = self._owner.copy(), self._size.copy()
        return twin

    def add(self, keys: RuleKeys, n_rows: int) -> Verdict:
        """Judge the next piece."""
        left, first = self._left.add(keys.left)
        if keys.both is None:
            self._again.add(keys.left.take(np.flatnonzero(~first)))
            return Verdict(fail=keys.left.rows[~first], known=keys.left.rows.size)
        pairs, new = self._both.add(keys.both)
        # New pairs have the highest numbers, in the order of the rows that they are first met in.
        self._owner = np.concatenate([self._owner, left[new]])
        counts = np.bincount(pairs, minlength=self._both.count)
        counts[: self._size.size] += self._size
        self._size = counts.astype(np.int64)
        every = np.full(n_rows, -1, np.int64)
        every[keys.both.rows] = pairs
        return Verdict(pairs=every, known=pairs.size)

    def crowd(self, keys: RuleKeys, n_rows: int, least: int = 0) -> Crowd:
        """How many rows of the table share the cells of some rows; of more than two that share a tuple two are told.

        Args:
            least: no number is below it: 1 for rows of the table, since texts that a repair made up are not known here.
        """
        known = np.zeros(n_rows, bool)
        known[keys.left.rows] = True
        near, same = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.int64)
        left = self._left.find(keys.left)
        if keys.both is None:
            near[known] = (left >= 0).astype(np.int64) + (self._again.find(keys.left) >= 0)
            return Crowd(known, _spread(known, keys.left), np.maximum(near, least), same)
        totals = np.bincount(self._owner, self._size, self._left.count).astype(np.int64)
        near[known] = np.append(totals, 0)[left]
        same[known] = np.append(self._size, 0)[self._both.find(keys.both)]
        halves = (*_spread(known, keys.left), *_spread(known, keys.both))
        return Crowd(known, halves, np.maximum(near, least), np.maximum(same, least))

    @property
    def holds(self) -> bool:
        """Whether every left side of an fd has only one right side."""
        return self._left.count == self._both.count

    def kept(self) -> Mask:
        """For every pair of an fd whether it is the most frequent one of its left side."""
        return most_frequent(self._owner, self._size)


def failing_rows(verdict: Verdict, kept: Mask | None) -> Indices:
    """The rows of a piece that fail a rule; `kept` are the pairs that stay, where an fd is broken at all."""
    if verdict.fail is not None:
        return verdict.fail
    if verdict.pairs is None or kept is None:
        return np.zeros(0, np.int64)
    return np.flatnonzero((verdict.pairs >= 0) & ~kept[verdict.pairs])


def _spread(known: Mask, keys: Keys) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The halves of keys at the places of their rows."""
    high, low = np.zeros((2, known.size), np.uint64)
    high[known], low[known] = keys.high, keys.low
    return high, low


class Ledgers:
    """All rules over several rows, for one state of the table."""

    def __init__(self, program: Program) -> None:
        self.all = [Ledger(rule) for rule in rules_over_rows(program)]

    def copy(self) -> Ledgers:
        """The same for another state that has been the same so far."""
        twin = object.__new__(Ledgers)
        twin.all = [ledger.copy() for ledger in self.all]
        return twin

    def kept(self) -> list[Mask | None]:
        """For every rule which pairs of cells may stay; None where all may, or where it is no fd."""
        return [None if ledger.holds or not ledger.rule.right else ledger.kept() for ledger in self.all]

    def add(self, keys: Sequence[RuleKeys], n_rows: int) -> list[Verdict]:
        """Judge the next piece by every rule."""
        return [ledger.add(each, n_rows) for ledger, each in zip(self.all, keys, strict=True)]


class TwoStates:
    """The table before and after its repair; as long as they agree in what a rule reads, they are one."""

    def __init__(self, program: Program) -> None:
        self.before = Ledgers(program)
        self.after = self.before

    def add(
        self, before: Sequence[RuleKeys], after: Sequence[RuleKeys] | None, n_rows: int
    ) -> tuple[list[Verdict], list[Verdict]]:
        """Judge the next piece in both states; `after` is None where it has the same keys."""
        if after is not None and self.after is self.before:
            self.after = self.before.copy()
        first = self.before.add(before, n_rows)
        if self.after is self.before:
            return first, first
        return first, self.after.add(before if after is None else after, n_rows)
