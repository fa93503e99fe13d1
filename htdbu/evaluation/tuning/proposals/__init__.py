"""What could be said in the place of a wrong rule: each kind of change is one file here, and one line in the list.

Among the changes that the real rows support the one is chosen that still says most: the share of rows, their columns
shuffled apart, that break it. Where several say equally much, as every bound of a single column does, the first in the
list is the smallest change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.proposals import bound, column, narrow, reverse, soften, support, weaken
from htdbu.evaluation.tuning.proposals.trial import Trial
from htdbu.evaluation.tuning.setup import Change, Edit, Setup
from htdbu.solver.outcomes import Outcome

Proposal = Callable[[Trial], Iterator[Edit]]
"""Changes of a rule that may be supported by the data; `Trial` tells which are."""

PROPOSALS: tuple[Proposal, ...] = (
    column.edits,
    support.edits,
    bound.edits,
    reverse.edits,
    weaken.edits,
    narrow.edits,
)
LAST: Proposal = soften.edits
"""What is proposed where the data support nothing else."""


def propose(setup: Setup, evidence: Evidence, suspect: Outcome, why: str) -> Change | None:
    """The smallest change of a rule that the real rows support; None where its kind cannot be changed."""
    trial = Trial.of(setup, evidence, suspect, why)
    if trial is None:
        return None
    best: tuple[float, Edit] | None = None
    for edits in PROPOSALS:
        for edit in edits(trial):
            worth = trial.worth(edit)
            if worth is not None and (best is None or trial.surely_more(worth, best[0])):
                best = worth, edit
    if best is not None:
        return best[1]
    return next((edit for edit in LAST(trial) if edit.apply(setup) is not None), None)


__all__ = ["LAST", "PROPOSALS", "Proposal", "propose"]
