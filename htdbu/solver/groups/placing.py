"""Rows placed one after another among all that stands already: valid, but not proved to be the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from htdbu.solver.groups.crowd import Cluster, Crowd
from htdbu.solver.groups.facts import Fact
from htdbu.solver.groups.joint import Answered, Joints
from htdbu.solver.solutions import Status

MOST_TRIES = 60
"""How often a place is looked for."""

Progress = Callable[[int, int], None]


def place(
    crowd: Crowd, joints: Joints, settled: Iterable[Cluster], rest: Iterable[Cluster], progress: Progress | None
) -> list[Cluster]:
    """Find a place for each row of the clusters in `rest`: where it stands by itself, or else the nearest free one.

    Rows of a cluster for which that does not go are placed together.

    Returns:
        The rows that have a place.
    """
    for cluster in settled:
        crowd.put(cluster)
    waiting = sorted(rest, key=lambda cluster: cluster.number)
    placed: list[Cluster] = []
    for done, cluster in enumerate(waiting):
        if progress is not None:
            progress(done, len(waiting))
        alone = [_place_alone(crowd, joints, row) for row in cluster.rows]
        found = [one for one in alone if one is not None]
        if len(found) < len(cluster.rows):
            crowd.take_back(found)
            together = _find_place(crowd, joints, cluster.rows)
            found = [together] if together is not None else [one for one in found if _still_fits(crowd, one)]
            for one in found:
                crowd.put(one)
        placed.extend(found)
    return placed


def _place_alone(crowd: Crowd, joints: Joints, row: int) -> Cluster | None:
    stays = Cluster((row,), answer=Answered(Status.FEASIBLE, (crowd.base_cells(row),)))
    found = stays if _still_fits(crowd, stays) else _find_place(crowd, joints, (row,))
    if found is not None:
        crowd.put(found)
    return found


def _still_fits(crowd: Crowd, cluster: Cluster) -> bool:
    return not crowd.clashes(crowd.held([cluster]))


def _find_place(crowd: Crowd, joints: Joints, rows: Sequence[int]) -> Cluster | None:
    """The nearest place for some rows that is free; None where there is none, or none in time."""
    cells = crowd.cells(rows)
    cluster = Cluster(tuple(rows))
    facts: dict[Fact, None] = {}
    for _ in range(MOST_TRIES):
        cluster.answer = joints.solve(cells, [(fact, None) for fact in facts], cluster.number)
        if not cluster.answer.status.solved:
            return None
        clashes = crowd.clashes(crowd.held([cluster]))
        if not clashes:
            return cluster
        facts |= dict.fromkeys(fact for _, fact, _ in clashes)
    return None
