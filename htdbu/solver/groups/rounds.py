"""Clusters solved again and again, until each stands as it would if it were alone in the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from htdbu.solver.chunks import in_order
from htdbu.solver.groups.clusters import MOST_ROWS
from htdbu.solver.groups.crowd import OUTSIDE, Cluster, Crowd, Held
from htdbu.solver.groups.facts import Fact, Wall
from htdbu.solver.groups.joint import Joints
from htdbu.solver.solutions import Status
from htdbu.solver.table import Indices

MOST_TRIES = 16
"""How often a cluster is solved before its rows are placed one after another."""
SHARE = 0.05
"""The part of the effort that one solution of a cluster may take."""
MOST_HOLDERS = 20_000
"""The most rows that the facts of one cluster may be held by, for its proof."""

Progress = Callable[[int, int], None]


class Rounds:
    """The clusters of a scene.

    Attributes:
        settled: clusters that are proved, or that have no solution.
        rest: clusters that are left to be placed.
        conflicts: rows that no change can mend, each with the rows and the facts that it cannot agree with.
    """

    def __init__(self, crowd: Crowd, joints: Joints, threads: int, progress: Progress | None = None) -> None:
        self._crowd, self._joints, self._threads, self._progress = crowd, joints, threads, progress
        self._clusters: dict[int, Cluster] = {}
        self.rest: list[Cluster] = []
        self.conflicts: dict[int, tuple[tuple[int, ...], tuple[Fact, ...]]] = {}

    @property
    def settled(self) -> list[Cluster]:
        """See above, in the order of their numbers."""
        return [self._clusters[number] for number in sorted(self._clusters)]

    def run(self, clusters: Iterable[Cluster]) -> None:
        """Solve clusters until none changes."""
        self._clusters = {cluster.number: cluster for cluster in clusters}
        open_ = set(self._clusters)
        while open_:
            self._solve([self._clusters[number] for number in sorted(open_)], len(open_))
            open_ = self._reviewed(open_)

    def _solve(self, clusters: Sequence[Cluster], left: int) -> None:
        crowd = self._crowd
        crowd.fetch(row for cluster in clusters for row in cluster.rows)
        total = len(self._clusters)

        def work(cluster: Cluster) -> None:
            cluster.walls = tuple(crowd.wall(fact, holders) for fact, holders in cluster.facts.items())
            cluster.answer = self._joints.solve(crowd.cells(cluster.rows), cluster.walls, cluster.number, SHARE)
            cluster.tries += 1

        def told(done: int) -> None:
            if self._progress is not None:
                self._progress(total - left + done, total)

        in_order(work, clusters, self._threads, told)

    # What follows from the answers ---------------------------------------------------------------------------------

    def _reviewed(self, solved: set[int]) -> set[int]:
        """The clusters that have to be solved once more."""
        again: set[int] = set()
        for number in sorted(solved):
            cluster = self._clusters.get(number)
            answer = cluster.answer if cluster is not None else None
            if cluster is None or answer is None:
                continue
            if answer.status is Status.INFEASIBLE:
                again |= self._leave_out(cluster)
            elif answer.status is not Status.OPTIMAL or cluster.tries > MOST_TRIES:
                self._give_up(cluster)
            elif answer.broken:
                again |= self._widen(cluster)
        again |= self._note_clashes([self._clusters[n] for n in sorted(solved - again) if n in self._clusters])
        again |= self._part_ways()
        again |= self._without_members()
        again |= self._cheaper_walls(again)
        return {number for number in again if number in self._clusters}

    def _give_up(self, cluster: Cluster) -> None:
        """Leave a cluster to be placed."""
        self._crowd.use(cluster.facts.values(), -1)
        self.rest.append(self._clusters.pop(cluster.number))

    def _leave_out(self, cluster: Cluster) -> set[int]:
        """Leave one row as it is, without which the others of its cluster can be mended if possible."""
        crowd = self._crowd
        walls = tuple(wall for wall in cluster.walls if wall[1] is None)
        rows = sorted(cluster.rows, key=crowd.claim)
        stuck = next((row for row in rows if self._agree(cluster, row, walls)), rows[0])
        self.conflicts[stuck] = (cluster.rows, tuple(fact for fact, _ in walls))
        crowd.leave(stuck)
        crowd.use(cluster.facts.values(), -1)
        del self._clusters[cluster.number]
        others = tuple(row for row in cluster.rows if row != stuck)
        if not others:
            return set()
        rest = self._clusters[others[0]] = Cluster(others, tries=cluster.tries)
        crowd.member[list(others)] = rest.number
        for fact, holders in cluster.facts.items():
            self._rely(rest, fact, holders)
        return {rest.number}

    def _agree(self, cluster: Cluster, stuck: int, walls: Sequence[Wall]) -> bool:
        """Whether there is a solution without a row."""
        rows = [row for row in cluster.rows if row != stuck]
        return not rows or self._joints.solve(self._crowd.cells(rows), walls, rows[0]).status.solved

    def _widen(self, cluster: Cluster) -> set[int]:
        """Take in the rows whose facts a cluster would rather contradict."""
        crowd, answer = self._crowd, cluster.answer
        assert answer is not None
        new: set[int] = set()
        for fact in answer.broken:
            new |= self._contradicted(cluster, fact)
        if not new or len(new) + len(cluster.rows) > MOST_ROWS or not crowd.movable[list(new)].all():
            self._give_up(cluster)
            return set()
        return self._replaced([cluster], new)

    def _contradicted(self, cluster: Cluster, fact: Fact) -> set[int]:
        """The rows outside that hold what rows of a cluster take from them."""
        crowd, rows = self._crowd, set[int]()
        for held in crowd.held([cluster]):
            if held.rule == fact.rule and not crowd.made_up(held) and fact.holds(held.left):
                rows |= set(crowd.outside(crowd.rows_of(held.rule, [held.left])[0])[: MOST_ROWS + 1].tolist())
        return rows

    def _replaced(self, clusters: Sequence[Cluster], new: Iterable[int] = ()) -> set[int]:
        """One cluster in the place of others."""
        rows = tuple(sorted({*new, *(row for cluster in clusters for row in cluster.rows)}))
        for cluster in clusters:
            self._crowd.use(cluster.facts.values(), -1)
            del self._clusters[cluster.number]
        merged = Cluster(rows, tries=max(cluster.tries for cluster in clusters))
        self._crowd.member[list(rows)] = merged.number
        self._clusters[merged.number] = merged
        for cluster in clusters:
            for fact, holders in cluster.facts.items():
                self._rely(merged, fact, holders)
        return {merged.number}

    def _rely(self, cluster: Cluster, fact: Fact, holders: Indices) -> None:
        """Let a cluster take a fact into account."""
        if fact not in cluster.facts:
            cluster.facts[fact] = holders
            self._crowd.use([holders])

    def _note_clashes(self, clusters: Sequence[Cluster]) -> set[int]:
        """Facts that solutions ran into."""
        crowd, again, heavy = self._crowd, set[int](), dict[int, Cluster]()
        for held, fact, holders in crowd.clashes(crowd.held(clusters)):
            cluster = held.cluster
            self._forget_within(cluster, fact)
            self._rely(cluster, fact, holders)
            again.add(cluster.number)
            if sum(map(len, cluster.facts.values())) > MOST_HOLDERS and (fact.apart or not fact.right):
                heavy[cluster.number] = cluster
        for cluster in heavy.values():
            self._give_up(cluster)
        return again - heavy.keys()

    def _forget_within(self, cluster: Cluster, fact: Fact) -> None:
        """Drop the facts that lie inside of a wider one."""
        inner = [f for f in cluster.facts if f != fact and _within(f, fact)]
        self._crowd.use((cluster.facts.pop(f) for f in inner), -1)

    def _part_ways(self) -> set[int]:
        """Clusters that get into each other's way become one; where that would be too large, the later one is left."""
        crowd, again = self._crowd, set[int]()
        sound = [c for c in self.settled if c.answer is not None and c.answer.status is Status.OPTIMAL]
        met: dict[tuple[int, tuple[int, ...]], Held] = {}
        for held in crowd.held(sound):
            if held.cluster.number not in self._clusters or self._clusters[held.cluster.number] is not held.cluster:
                continue
            other = met.setdefault((held.rule, held.left), held)
            if other.cluster is held.cluster or (held.right and other.right == held.right):
                continue
            if self._clusters.get(other.cluster.number) is not other.cluster:  # it is another one by now
                met[held.rule, held.left] = held
            elif len(other.cluster.rows) + len(held.cluster.rows) <= MOST_ROWS:
                again |= self._replaced([other.cluster, held.cluster])
            else:
                self._give_up(held.cluster)
        return again

    def _without_members(self) -> set[int]:
        """Drop facts that rows hold which are in a cluster by now."""
        again: set[int] = set()
        for cluster in self._clusters.values():
            gone = [f for f, holders in cluster.facts.items() if (self._crowd.member[holders] != OUTSIDE).any()]
            if gone:
                self._crowd.use((cluster.facts.pop(fact) for fact in gone), -1)
                again.add(cluster.number)
        return again

    def _cheaper_walls(self, again: set[int]) -> set[int]:
        """Clusters whose answers rest on facts that more clusters rely on now, so that each may ask less for them."""
        found: set[int] = set()
        for cluster in self._clusters.values():
            if cluster.number in again or cluster.answer is None or not cluster.walls:
                continue
            for fact, price in cluster.walls:
                now = self._crowd.wall(fact, cluster.facts[fact])[1] if fact in cluster.facts else price
                if price is not None and now is not None and now < price:
                    found.add(cluster.number)
                    break
        return found


def _within(inner: Fact, outer: Fact) -> bool:
    """Whether all that a fact takes is taken by another one."""
    if inner.rule != outer.rule or inner.right != outer.right or inner.apart != outer.apart:
        return False
    return all(c <= a and b <= d for (a, b), (c, d) in zip(inner.left, outer.left, strict=True))
