"""The loop: measure, diagnose, act on every cause that something can be done about, and measure again."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.diagnoses import DIAGNOSES
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.likeness import STATISTICS
from htdbu.evaluation.tuning.result import Ending, Round, Tuning, diff
from htdbu.evaluation.tuning.scores import take_scores
from htdbu.evaluation.tuning.setup import Edit, Setup, edited, overlaps

MOST_ROUNDS = 5


def settle(setup: Setup, evidence: Evidence, target: str | None, max_rounds: int = MOST_ROUNDS) -> Tuning:
    """Tune a set-up until nothing is at fault, nothing improves, or so many rounds were taken.

    Each channel has its own counterfactual, so all causes of a round are acted on at once. A change is kept where the
    causes that it was meant for are gone, and no statistic of the final rows is worse by more than chance.
    """
    state = setup
    rounds = [_measured(1, "measured as given", state, state, evidence, target)]
    while True:
        causes = rounds[-1].causes
        if not causes:
            return Tuning(tuple(rounds), setup, state, _sound(rounds[-1]))
        after, done = _act(state, causes)
        if not done:
            return Tuning(tuple(rounds), setup, state, "nothing to do")
        if len(rounds) >= max_rounds:
            return Tuning(tuple(rounds), setup, state, "max rounds")
        action = "; ".join(cause.change.said for cause in done if cause.change is not None)
        new = _measured(len(rounds) + 1, action, after, state, evidence, target)
        kept = _better(state, after, done, new.causes, evidence)
        rounds.append(Round(new.number, new.action, new.scores, new.causes, new.patch, kept))
        if not kept:
            return Tuning(tuple(rounds), setup, state, "nothing improves")
        state = after


def diagnose(setup: Setup, evidence: Evidence) -> tuple[Cause, ...]:
    """Everything that is at fault, channel by channel."""
    found: list[Cause] = []
    for channel in DIAGNOSES:
        found += channel(setup, evidence, found)
    return tuple(found)


def _measured(number: int, action: str, setup: Setup, before: Setup, evidence: Evidence, target: str | None) -> Round:
    causes = diagnose(setup, evidence)
    return Round(number, action, take_scores(setup, evidence, target), causes, diff(before, setup), True)


def _sound(last: Round) -> Ending:
    """Whether all metrics are within their floors, or what lies beyond them is nobody's fault that is known."""
    within = all(score["within"] is not False for score in last.scores.values())
    return "within floors" if within else "nothing to blame"


def _act(setup: Setup, causes: Sequence[Cause]) -> tuple[Setup, list[Cause]]:
    """The set-up after every change that can be made, and the causes that were acted on.

    Edits of the same place wait for the next round.
    """
    edits: list[Edit] = []
    done: list[Cause] = []
    state = setup
    for cause in causes:
        change = cause.change
        if isinstance(change, Edit):
            if overlaps(change, edits):
                continue
            after = state.with_text(edited(setup.source.text, [*edits, change]))
            if after is None:
                continue
            edits.append(change)
        elif change is not None:
            after = change.apply(state)
            if after is None:
                continue
        else:
            continue
        state = after
        done.append(cause)
    return state, done


def _better(before: Setup, after: Setup, done: Sequence[Cause], left: Sequence[Cause], evidence: Evidence) -> bool:
    """Whether the causes are gone, and no statistic of the final rows is worse by more than chance."""
    there = {cause.key for cause in left}
    if any(cause.key in there and cause.kind != "model" for cause in done):
        return False
    old, new = evidence.final(before).likeness, evidence.final(after).likeness
    if old is None or new is None:
        return new is not None
    return all(
        new.values[name] - old.values[name] <= evidence.noise(name).gap(1, len(STATISTICS)) for name in STATISTICS
    )
