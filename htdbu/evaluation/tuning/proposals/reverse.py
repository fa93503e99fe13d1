"""An implication the other way round, for one that was written the wrong way."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.evaluation.tuning.proposals.trial import Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar import syntax


def edits(trial: Trial) -> Iterator[Edit]:
    """The two sides of `=>` exchanged."""
    body = None if trial.rule is None or trial.rule.kind == "forbid" else trial.rule.body
    if isinstance(body, syntax.Binary) and body.operator == "=>":
        sides = body.left.span, body.right.span
        yield trial.edit("the other way round", (sides[0], trial.text(sides[1])), (sides[1], trial.text(sides[0])))
