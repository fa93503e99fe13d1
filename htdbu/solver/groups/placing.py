"""Clusters placed one after another among all that stands already: valid, but not proved to be the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from htdbu.solver.groups.crowd import Cluster, Crowd
from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.joint import Joints

MOST_TRIES = 60
"""How often a place is looked for."""

Progress = Callable[[int, int], None]


def place(
    crowd: Crowd, joints: Joints, settled: Iterable[Cluster], rest: Iterable[Cluster], progress: Progress | None
) -> list[Cluster]:
    """Find a place for each of the clusters in `rest`, in the order of their rows.

    Returns:
        Those that have one.
    """
    for cluster in settled:
        crowd.put(cluster)
    waiting = sorted(rest, key=lambda cluster: cluster.number)
    placed = []
    for done, cluster in enumerate(waiting):
        if progress is not None:
            progress(done, len(waiting))
        if _find_place(crowd, joints, cluster):
            crowd.put(cluster)
            placed.append(cluster)
    return placed


def _find_place(crowd: Crowd, joints: Joints, cluster: Cluster) -> bool:
    rows = crowd.cells(cluster.rows)
    facts: dict[Fact, None] = {}
    for _ in range(MOST_TRIES):
        cluster.answer = joints.solve(rows, [(fact, None) for fact in facts], cluster.number)
        if not cluster.answer.status.solved:
            return False
        clashes = crowd.clashes(crowd.held([cluster]))
        if not clashes:
            return True
        facts |= dict.fromkeys(fact for _, fact, _ in clashes)
    return False
