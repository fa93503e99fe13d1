"""The clusters that a repair of rules over several rows begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from htdbu.solver.groups.crowd import Cluster, Crowd
from htdbu.solver.outcomes import SeveralRows, dependent, group_numbers, repeated
from htdbu.solver.table import EncodedTable, Indices

MOST_ROWS = 6
"""The most rows that a cluster may have."""


class Ties:
    """Rows joined into clusters, none of which grows too large."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._size: dict[int, int] = {}

    def add(self, rows: Sequence[int]) -> None:
        """Rows that are to be in clusters."""
        for row in rows:
            self._parent.setdefault(row, row)
            self._size.setdefault(row, 1)

    def join(self, rows: Sequence[int]) -> None:
        """Put rows into one cluster, where there is room for all of them."""
        self.add(rows)
        roots = sorted({self._root(row) for row in rows})
        total = sum(self._size[root] for root in roots)
        if roots and total <= MOST_ROWS:
            self._parent.update((root, roots[0]) for root in roots)
            self._size[roots[0]] = total

    def clusters(self) -> list[tuple[int, ...]]:
        """The rows of each cluster, ascending."""
        found: dict[int, list[int]] = {}
        for row in sorted(self._parent):
            found.setdefault(self._root(row), []).append(row)
        return [tuple(rows) for rows in found.values()]

    def _root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row


def first_clusters(crowd: Crowd) -> list[Cluster]:
    """Clusters of all rows that have to move, or whose moving could spare others a move."""
    ties = Ties()
    for rule in crowd.scene.rules:
        for rows, fails in violated_groups(crowd.base, rule):
            crowd.failing.update(fails.tolist())
            free = rows[crowd.movable[rows]].tolist()
            if rule.right and rows.size > 2 * fails.size:  # most agree: moving these can hardly pay
                ties.add(fails[crowd.movable[fails]].tolist())
            elif len(free) <= MOST_ROWS:
                ties.join(free)
            else:
                ties.add(fails[crowd.movable[fails]].tolist())
    clusters = [Cluster(rows) for rows in ties.clusters()]
    for cluster in clusters:
        crowd.member[list(cluster.rows)] = cluster.number
    return clusters


def violated_groups(table: EncodedTable, rule: SeveralRows) -> Iterator[tuple[Indices, Indices]]:
    """For each left side that breaks a rule its rows, and those of them that fail."""
    fail, unknown = dependent(table, rule.left, rule.right) if rule.right else repeated(table, rule.left)
    rows = np.flatnonzero(~unknown)
    numbers, _ = group_numbers(table, rule.left, rows)
    wanted = np.isin(numbers, np.unique(numbers[fail[rows]]))
    rows, numbers = rows[wanted], numbers[wanted]
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    for group in np.split(rows[order], starts[1:]) if rows.size else ():
        yield group, group[fail[group]]
